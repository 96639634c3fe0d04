import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samo.pipeline.problem import SamoError
from samo.stores import CachePart, Caches
from samo.system.archive import unpack

pytestmark = pytest.mark.integration


@pytest.fixture
def root(tmp_path):
    return tmp_path / "caches"


@pytest.fixture
def caches(root):
    return Caches(root)


@pytest.fixture
def part(tmp_path):
    """Return what to save: one file with a text."""

    def make(text, at="~"):
        folder = tmp_path / "home"
        folder.mkdir(exist_ok=True)
        (folder / "file").write_text(text)
        return CachePart(at=at, root=folder, names=("file",))

    return make


def found(caches, keys):
    with caches.using(keys, pytest.fail) as cache:
        return cache


def content(cache):
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, archive) in enumerate(cache.parts):
            unpack(archive, Path(folder, str(number)))
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        return [path.read_text() for path in sorted(files)]


def test_a_cache_is_found_by_its_key(caches, part):
    saved = caches.save("deps-1", [part("a")])

    assert found(caches, ["deps-1"]) == saved
    assert content(saved) == ["a"]


def test_a_cache_says_where_its_parts_go_and_how_large_they_are(caches, part):
    saved = caches.save("k", [part("a"), part("b", at="/")])

    assert saved.key == "k"
    assert [at for at, _ in saved.parts] == ["~", "/"]
    assert saved.size_bytes == sum(archive.stat().st_size for _, archive in saved.parts)


def test_a_key_finds_what_it_begins(caches, part):
    saved = caches.save("deps-abc", [part("a")])

    assert found(caches, ["deps-"]) == saved


def test_a_key_does_not_find_what_begins_it(caches, part):
    caches.save("deps-", [part("a")])

    assert found(caches, ["deps-abc"]) is None


def test_what_was_saved_last_wins_even_over_the_key_itself(caches, part):
    caches.save("deps", [part("a")])
    last = caches.save("deps-abc", [part("b")])

    assert found(caches, ["deps"]) == last


def test_the_first_key_with_any_match_decides(caches, part):
    first = caches.save("a-1", [part("a")])
    caches.save("b-1", [part("b")])

    assert found(caches, ["x", "a", "b"]) == first


def test_there_may_be_no_cache(caches):
    assert found(caches, ["deps"]) is None


def test_a_key_is_saved_once(caches, part):
    first = caches.save("k", [part("first")])

    assert caches.save("k", [part("second")]) is None
    assert found(caches, ["k"]) == first
    assert content(first) == ["first"]


def test_nothing_at_all_occupies_the_key(caches, part):
    saved = caches.save("k", [])

    assert (saved.size_bytes, saved.parts) == (0, ())
    assert caches.save("k", [part("a")]) is None


def test_of_many_that_save_one_key_at_once_one_is_whole(root, tmp_path):
    def save(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in "abc":
            (folder / name).write_text(str(number))
        part = CachePart(at="~", root=folder, names=("a", "b", "c"))
        return Caches(root).save("k", [part])

    with ThreadPoolExecutor(8) as pool:
        saved = [cache for cache in pool.map(save, range(16)) if cache]

    assert saved == [found(Caches(root), ["k"])]
    [text, *others] = content(saved[0])
    assert others == [text, text]


def test_keys_may_be_of_any_characters(caches, part):
    keys = ["a/b", "../x", "{}=+é\n", "A", "a", "%2F", ".", "-k", "x" * 900]
    saved = [caches.save(key, [part(key)]) for key in keys]

    assert [cache.key for cache in saved] == keys
    assert [content(cache) for cache in saved] == [[key] for key in keys]


def test_a_part_that_is_missing_leaves_no_cache(caches, tmp_path, root):
    with pytest.raises(SamoError):
        caches.save("k", [CachePart(at="~", root=tmp_path, names=("missing",))])

    assert found(caches, ["k"]) is None
    assert list((root / "partial").iterdir()) == []


def test_a_store_that_cannot_be_made_is_a_problem(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(SamoError) as caught:
        Caches(tmp_path / "file").save("k", [])

    assert str(caught.value) == (
        f"error: cannot read the caches in {tmp_path / 'file'}: Not a directory"
    )


def _lose_archive(entry):
    (entry / "0.tar").unlink()


def _cut_archive(entry):
    (entry / "0.tar").write_bytes((entry / "0.tar").read_bytes()[:-1])


def _lose_description(entry):
    (entry / "entry.json").unlink()


def _spoil_description(entry):
    (entry / "entry.json").write_text('{"key": "k"}')


@pytest.mark.parametrize(
    "damage", [_lose_archive, _cut_archive, _lose_description, _spoil_description]
)
def test_a_damaged_cache_is_not_offered_and_may_be_saved_anew(damage, caches, part):
    older = caches.save("k-older", [part("older")])
    damaged = caches.save("k-newer", [part("newer")])
    damage(damaged.parts[0][1].parent)

    assert found(caches, ["k"]) == older
    again = caches.save("k-newer", [part("again")])
    assert found(caches, ["k"]) == again
    assert content(again) == ["again"]


def test_what_a_dead_writer_left_is_swept_by_the_next(caches, part, root):
    (root / "partial" / "dead" / "entry").mkdir(parents=True)
    (root / "partial" / "dead" / "lock").touch()

    caches.save("k", [part("a")])

    assert list((root / "partial").iterdir()) == []


_keys = st.text("ab", min_size=1, max_size=3)
_saves = st.tuples(st.just("save"), _keys)
_finds = st.tuples(st.just("find"), st.lists(_keys | st.just(""), max_size=3))


@settings(deadline=None, max_examples=60)
@given(st.lists(_saves | _finds, max_size=25))
def test_saves_and_finds_agree_with_a_list(actions):
    model = []
    with tempfile.TemporaryDirectory() as folder:
        for action, value in actions:
            if action == "save":
                saved = Caches(Path(folder)).save(value, [])
                assert (saved is None) == (value in model)
                model += [value] if saved else []
            else:
                cache = found(Caches(Path(folder)), value)
                assert (cache.key if cache else None) == _expected(model, value)


def _expected(model, keys):
    matches = ([stored for stored in model if stored.startswith(key)] for key in keys)
    return next((match[-1] for match in matches if match), None)


def test_a_store_that_is_moved_keeps_its_caches(caches, part, root, tmp_path):
    caches.save("k", [part("a")])
    shutil.move(root, tmp_path / "moved")

    assert content(found(Caches(tmp_path / "moved"), ["k"])) == ["a"]
