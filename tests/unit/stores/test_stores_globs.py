import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samo.pipeline.problem import SamoError
from samo.stores.globs import match_names

FILES = ("a.txt", "b.txt", "c.log", ".env", "dist/x.whl", "dist/sub/y.whl", "docs/x.md", "w[1].x")


@pytest.fixture
def root(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a.txt", ("a.txt",)),
        ("dist", ("dist",)),
        ("dist/", ("dist",)),
        ("./dist/sub", ("dist/sub",)),
        ("dist/../docs", ("docs",)),
        ("/dist", ("dist",)),
        (".", (".",)),
        ("./", (".",)),
        ("*.txt", ("a.txt", "b.txt")),
        ("?.txt", ("a.txt", "b.txt")),
        ("*", (".env", "a.txt", "b.txt", "c.log", "dist", "docs", "w[1].x")),
        ("d*", ("dist", "docs")),
        ("*/x.*", ("dist/x.whl", "docs/x.md")),
        ("dist/*", ("dist/sub", "dist/x.whl")),
        ("**/y.whl", ()),
        ("**", (".env", "a.txt", "b.txt", "c.log", "dist", "docs", "w[1].x")),
        ("[ab].txt", ("a.txt", "b.txt")),
        ("[^a].txt", ("b.txt",)),
        ("[!a].txt", ("a.txt",)),
        ("[a-c].*", ("a.txt", "b.txt", "c.log")),
        ("[^a-b].*", ("c.log",)),
        ("[c-a].*", ()),
        ("[^c-a].log", ("c.log",)),
        (r"w\[1\].x", ("w[1].x",)),
        (r"w[\[]1[\]].x", ("w[1].x",)),
        ("a.txt/*", ()),
        ("*/*/*", ("dist/sub/y.whl",)),
    ],
)
def test_patterns_match_as_go_does(pattern, expected, root):
    try:
        found = match_names(root, [pattern])
    except SamoError:
        found = ()
    assert found == expected


def test_each_name_comes_once_in_the_order_of_the_patterns(root):
    assert match_names(root, ["b.txt", "*.txt", "dist"]) == ("b.txt", "a.txt", "dist")


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("missing", "'missing' matches nothing in {root}"),
        ("*.zip", "'*.zip' matches nothing in {root}"),
        ("../x", "'../x' leads out of {root}"),
        ("dist/../../x", "'dist/../../x' leads out of {root}"),
    ],
)
def test_an_item_that_finds_nothing_below_the_root_is_named(pattern, problem, root):
    with pytest.raises(SamoError) as caught:
        match_names(root, ["a.txt", pattern])

    expected = problem.format(root=root)
    assert str(caught.value) == f"error: {expected} (paths are relative to the root)"


@pytest.mark.parametrize("pattern", ["[", "[]", "[]a]", "[a", "[^]", "[a-]", "[-a]", "a\\", "[\\"])
def test_a_malformed_pattern_is_named(pattern, root):
    with pytest.raises(SamoError) as caught:
        match_names(root, [pattern])

    assert str(caught.value).startswith(f"error: '{pattern}' is no pattern: it goes wrong at ")


def test_a_link_is_a_name_and_leads_on(root):
    (root / "l").symlink_to("dist")
    (root / "broken").symlink_to("nowhere")

    assert match_names(root, ["l", "l/*", "broken"]) == ("l", "l/sub", "l/x.whl", "broken")


_letters = st.text("ab.", min_size=1, max_size=4).filter(lambda name: name.strip("."))
_pieces = st.sampled_from(["a", "b", ".", "*", "?", "[a]", "[^a]", "[a-b]"])


@settings(deadline=None)
@given(st.sets(_letters), st.lists(_pieces, min_size=1, max_size=5))
def test_one_level_matches_what_a_small_matcher_matches(names, pieces):
    pattern = "".join(pieces)
    if not pattern.strip("."):
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            Path(folder, name).touch()
        try:
            found = match_names(Path(folder), [pattern])
        except SamoError:
            found = ()
    assert found == tuple(sorted(name for name in names if _matches(pieces, name)))


def _matches(pieces, name):
    if not pieces:
        return not name
    first, *rest = pieces
    if first == "*":
        return any(_matches(rest, name[at:]) for at in range(len(name) + 1))
    accepted = {"?": "ab.", "[a]": "a", "[^a]": "b.", "[a-b]": "ab"}.get(first, first)
    return bool(name) and name[0] in accepted and _matches(rest, name[1:])
