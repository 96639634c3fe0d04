import os

import pytest

from samo.pipeline.problem import SamoError
from samo.stores.artifacts import Artifact, default_destination, store_artifacts


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    (folder / "html" / "css").mkdir(parents=True)
    (folder / "index.html").write_text("12345")
    (folder / "html" / "css" / "a.css").write_text("1")
    return folder


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/tmp/a", "tmp/a"),
        ("/tmp/a/", "tmp/a"),
        ("coverage/html", "coverage/html"),
        ("./dist", "dist"),
        ("../dist", "dist"),
        ("~/project/dist", "~/project/dist"),
        (".", ""),
    ],
)
def test_artifacts_go_by_default_where_their_path_says(path, expected):
    assert default_destination(path) == expected


def test_a_folder_is_stored_below_its_destination(source, kept):
    stored = store_artifacts(kept, source, "site")

    assert stored == (
        Artifact(path="site/index.html", size_bytes=5),
        Artifact(path="site/html/css/a.css", size_bytes=1),
    )
    assert (kept / "site" / "html" / "css" / "a.css").read_text() == "1"


@pytest.mark.parametrize("destination", ["", ".", "/", "./"])
def test_a_folder_may_be_stored_without_a_prefix(destination, source, kept):
    stored = store_artifacts(kept, source / "html", destination)

    assert stored == (Artifact(path="css/a.css", size_bytes=1),)


@pytest.mark.parametrize(
    ("destination", "path"),
    [
        ("x", "x"),
        ("a/x.html", "a/x.html"),
        ("/abs/x", "abs/x"),
        ("a/../b", "b"),
        ("", "index.html"),
    ],
)
def test_a_file_is_stored_as_its_destination(destination, path, source, kept):
    stored = store_artifacts(kept, source / "index.html", destination)

    assert stored == (Artifact(path=path, size_bytes=5),)
    assert (kept / path).read_text() == "12345"


@pytest.mark.parametrize("destination", ["..", "../x", "a/../../x", "/../x"])
def test_a_destination_that_leads_out_is_a_problem(destination, source, kept, tmp_path):
    with pytest.raises(SamoError) as caught:
        store_artifacts(kept, source, destination)

    assert str(caught.value) == (
        f"error: the destination '{destination}' leads out of the artifacts "
        "(give a path below them)"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_the_same_destination_is_overwritten(source, kept):
    store_artifacts(kept, source / "index.html", "x")
    store_artifacts(kept, source / "html" / "css" / "a.css", "x")

    assert [path.name for path in kept.iterdir()] == ["x"]
    assert (kept / "x").read_text() == "1"


def test_links_are_followed_to_files_inside_alone(source, kept, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (source / "inside").symlink_to("index.html")
    (source / "outside").symlink_to("../secret")
    (source / "absolute").symlink_to(tmp_path / "secret")
    (source / "folder").symlink_to("html")
    (source / "loop").symlink_to("loop")
    (source / "broken").symlink_to("nowhere")

    stored = store_artifacts(kept, source, "")

    assert [artifact.path for artifact in stored] == ["index.html", "inside", "html/css/a.css"]
    assert not (kept / "inside").is_symlink()


def test_pipes_and_links_that_lead_out_are_left_out_and_named(source, kept):
    os.mkfifo(source / "html" / "pipe")
    (source / "out").symlink_to(os.devnull)
    left_out = []

    stored = store_artifacts(kept, source, "a", skip=left_out.append)

    assert [artifact.path for artifact in stored] == ["a/index.html", "a/html/css/a.css"]
    assert left_out == ["out", "html/pipe"]


def test_files_that_get_one_name_are_kept_apart(source, kept):
    for name in ("b", "c"):
        (source / name).write_text(name)

    stored = store_artifacts(
        kept, source, ".", rename=lambda path: path if "/" in path or "." in path else "****"
    )

    assert [artifact.path for artifact in stored] == [
        "****",
        "****~2",
        "index.html",
        "html/css/a.css",
    ]
    assert [(kept / name).read_text() for name in ("****", "****~2")] == ["b", "c"]


def test_an_empty_folder_stores_nothing(tmp_path, kept):
    (tmp_path / "empty").mkdir()

    assert store_artifacts(kept, tmp_path / "empty", "x") == ()


def test_a_file_in_the_way_of_a_folder_is_a_problem(source, kept):
    store_artifacts(kept, source / "index.html", "x")

    with pytest.raises(SamoError) as caught:
        store_artifacts(kept, source / "index.html", "x/y")

    assert str(caught.value) == (
        f"error: cannot store {source / 'index.html'} as the artifact 'x/y': File exists"
    )


def test_a_missing_source_is_a_problem(kept, tmp_path):
    with pytest.raises(SamoError) as caught:
        store_artifacts(kept, tmp_path / "missing", "x")

    assert str(caught.value) == (
        f"error: cannot store {tmp_path / 'missing'} as the artifact 'x': No such file or directory"
    )


def test_a_pipe_as_the_source_is_a_problem(kept, tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(SamoError):
        store_artifacts(kept, tmp_path / "pipe", "x")
