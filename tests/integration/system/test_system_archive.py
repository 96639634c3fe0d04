import os
import resource
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from system_trees import mode, read_tree, write_tree

from samo.pipeline.problem import SamoError
from samo.system.archive import members, pack, unpack

pytestmark = pytest.mark.integration

_WAYS = ("tar and zstd", "tarfile")
_names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12)
_trees = st.recursive(
    st.binary(max_size=2000) | st.tuples(_names),
    lambda inner: st.dictionaries(_names.filter(lambda name: name not in (".", "..")), inner),
    max_leaves=12,
).filter(lambda tree: isinstance(tree, dict))


@pytest.fixture(params=_WAYS)
def way(request, monkeypatch, tmp_path):
    """Packing by the system's tools, or without any on the PATH."""
    if request.param == "tarfile":
        monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "archive"


@settings(max_examples=60, deadline=None)
@given(tree=_trees)
def test_what_is_packed_is_unpacked(tree):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        write_tree(source, tree)
        pack(Path(folder, "archive"), source, ["."])
        unpack(Path(folder, "archive"), target)
        assert read_tree(target) == read_tree(source)


@pytest.mark.usefixtures("way")
def test_packing_returns_the_size_of_the_archive(archive, tmp_path):
    write_tree(tmp_path / "source", {"a": "x" * 1000})

    assert pack(archive, tmp_path / "source", ["a"]).size_bytes == archive.stat().st_size


@pytest.mark.usefixtures("way")
def test_only_the_named_paths_are_packed_with_the_content_of_folders(archive, tmp_path):
    source = write_tree(
        tmp_path / "source", {"a": {"b": {"c": "1"}, "d": "2"}, "e": "3", "f": {"g": "4", "h": "5"}}
    )

    pack(archive, source, ["a", "f/g"])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {"a": {"b": {"c": b"1"}, "d": b"2"}, "f": {"g": b"4"}}


@pytest.mark.usefixtures("way")
def test_names_may_look_like_options_and_have_line_breaks(archive, tmp_path):
    tree = {"-C": "1", "--help": "2", "a\nb": "3", "*": "4", "-T": {"x": "5"}, " ": "6"}
    source = write_tree(tmp_path / "source", tree)

    pack(archive, source, list(tree))
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == read_tree(source)


@pytest.mark.usefixtures("way")
def test_names_need_not_be_text(archive, tmp_path):
    source = write_tree(tmp_path / "source", {os.fsdecode(b"caf\xe9"): "1"})

    pack(archive, source, [os.fsdecode(b"caf\xe9")])
    unpack(archive, tmp_path / "target")

    assert list(read_tree(tmp_path / "target")) == [os.fsdecode(b"caf\xe9")]


@pytest.mark.usefixtures("way")
def test_a_name_of_200_letters_in_a_deep_folder_is_kept(archive, tmp_path):
    tree = {"x" * 200: {"y" * 200: {"z" * 200: "1"}}}
    source = write_tree(tmp_path / "source", tree)

    pack(archive, source, ["."])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == read_tree(source)


@pytest.mark.usefixtures("way")
def test_modes_are_kept(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"run": "1", "secret": "2", "open": {"shared": "3"}})
    modes = {"run": 0o755, "secret": 0o600, "open": 0o777, "open/shared": 0o666}
    for name, bits in modes.items():
        (source / name).chmod(bits)

    pack(archive, source, ["."])
    unpack(archive, tmp_path / "target")

    assert {name: mode(tmp_path / "target" / name) for name in modes} == modes


@pytest.mark.usefixtures("way")
def test_the_time_of_a_file_is_kept_to_the_second(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"a": "1"})
    os.utime(source / "a", (1_000_000_000, 1_000_000_000))

    pack(archive, source, ["a"])
    unpack(archive, tmp_path / "target")

    assert (tmp_path / "target" / "a").stat().st_mtime == 1_000_000_000


def test_a_folder_nobody_may_write_to_is_filled_and_filled_again(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"mod": {"go.mod": "1"}})
    (source / "mod").chmod(0o555)

    pack(archive, source, ["mod"])
    unpack(archive, tmp_path / "target")
    unpack(archive, tmp_path / "target")

    assert mode(tmp_path / "target" / "mod") == 0o555
    (source / "mod").chmod(0o755)
    (tmp_path / "target" / "mod").chmod(0o755)


@pytest.mark.usefixtures("way")
def test_links_are_kept_as_they_are_also_those_that_lead_out(archive, tmp_path):
    tree = {"bin": {"python": ("/usr/bin/python3",)}, "up": ("../../x",), "lib64": ("bin",)}
    source = write_tree(tmp_path / "source", tree)

    pack(archive, source, ["."])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == tree


@pytest.mark.usefixtures("way")
def test_a_link_that_is_named_is_packed_as_a_link(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"a": {"b": "1"}, "l": ("a",)})

    pack(archive, source, ["l"])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {"l": ("a",)}


@pytest.mark.usefixtures("way")
def test_two_names_of_one_file_are_one_file_afterwards(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"a": "1", "b": {}})
    (source / "b" / "c").hardlink_to(source / "a")

    pack(archive, source, ["."])
    unpack(archive, tmp_path / "target")

    assert (tmp_path / "target" / "b" / "c").samefile(tmp_path / "target" / "a")


@pytest.mark.usefixtures("way")
def test_pipes_and_sockets_are_left_out(archive, tmp_path, monkeypatch):
    source = write_tree(tmp_path / "source", {"a": "1"})
    os.mkfifo(source / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(source)  # a socket's path has few bytes
        listener.bind("socket")
        pack(archive, source, [".", "pipe"])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {"a": b"1"}


@pytest.mark.usefixtures("way")
def test_nothing_is_packed_and_unpacked(archive, tmp_path):
    pack(archive, tmp_path, [])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {}


@pytest.mark.usefixtures("way")
def test_unpacking_replaces_files_and_keeps_others(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"a": {"b": "new"}})
    target = write_tree(tmp_path / "target", {"a": {"b": "old", "c": "kept"}, "d": "kept"})

    pack(archive, source, ["."])
    unpack(archive, target)

    assert read_tree(target) == {"a": {"b": b"new", "c": b"kept"}, "d": b"kept"}


def test_another_name_of_a_replaced_file_keeps_its_content(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"a": "new"})
    target = write_tree(tmp_path / "target", {"a": "old"})
    (tmp_path / "other").hardlink_to(target / "a")

    pack(archive, source, ["a"])
    unpack(archive, target)

    assert (tmp_path / "other").read_text() == "old"


def test_a_folder_is_not_replaced_by_a_file(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"a": "file"})
    target = write_tree(tmp_path / "target", {"a": {"b": "kept"}})
    pack(archive, source, ["a"])

    with pytest.raises(SamoError) as caught:
        unpack(archive, target)

    assert str(caught.value) == (
        f"error: the archive {archive} may not be unpacked: 'a' would replace a folder"
    )
    assert read_tree(target) == {"a": {"b": b"kept"}}


def test_members_lists_parents_first_and_nothing_twice(tmp_path):
    write_tree(tmp_path, {"a": {"b": {"c": "1"}}, "d": "2"})

    found = members(tmp_path, ["a/b/c", "a", "d", "a"])

    assert found.names == ("a/b/c", "a", "a/b", "d")
    assert found.files == ("a/b/c", "d")


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "out/x", ".."])
def test_what_leads_out_of_the_root_is_not_packed(name, tmp_path):
    source = write_tree(tmp_path / "root", {"a": {}, "out": ("..",)})
    write_tree(tmp_path, {"x": "1"})

    with pytest.raises(SamoError) as caught:
        members(source, [name])

    assert str(caught.value) == f"error: '{name}' leads out of {source}"


def test_a_missing_name_is_a_problem(archive, tmp_path):
    with pytest.raises(SamoError) as caught:
        pack(archive, tmp_path, ["a"])

    assert str(caught.value) == f"error: cannot read {tmp_path / 'a'}: No such file or directory"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full to be a full disk")
@pytest.mark.usefixtures("way")
def test_a_full_disk_is_a_problem_with_a_remedy(tmp_path):
    (tmp_path / "a").write_bytes(os.urandom(1 << 20))

    with pytest.raises(SamoError) as caught:
        pack(Path("/dev/full"), tmp_path, ["a"])

    assert str(caught.value) == (
        "error: cannot write the archive /dev/full: No space left on device "
        "(free some space and run again)"
    )


def test_a_folder_that_cannot_be_made_is_a_problem(archive, tmp_path):
    pack(archive, tmp_path, [])
    (tmp_path / "file").write_text("")

    with pytest.raises(SamoError) as caught:
        unpack(archive, tmp_path / "file")

    assert str(caught.value) == (
        f"error: cannot unpack the archive {archive} into {tmp_path / 'file'}: File exists"
    )


def test_without_room_no_half_file_is_left(archive, tmp_path):
    source = write_tree(tmp_path / "source", {"a": "1", "b": "x" * 1_000_000})
    pack(archive, source, ["."])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        with pytest.raises(SamoError) as caught:
            unpack(archive, tmp_path / "target")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert str(caught.value) == (
        f"error: cannot unpack the archive {archive} into {tmp_path / 'target'}: File too large"
    )
    assert read_tree(tmp_path / "target") == {"a": b"1"}


def test_a_missing_archive_is_a_problem(archive, tmp_path):
    with pytest.raises(SamoError) as caught:
        unpack(archive, tmp_path)

    assert str(caught.value) == (
        f"error: cannot unpack the archive {archive} into {tmp_path}: No such file or directory"
    )


def test_a_file_of_another_kind_is_no_archive(archive, tmp_path):
    archive.write_bytes(b"PK\x03\x04 a zip")

    with pytest.raises(SamoError) as caught:
        unpack(archive, tmp_path)

    assert str(caught.value) == (
        f"error: {archive} is no archive of ours: neither zstd nor gzip wrote it"
    )


@pytest.mark.usefixtures("way")
def test_an_archive_that_ends_early_is_damaged(archive, tmp_path, monkeypatch):
    source = write_tree(tmp_path / "source", {"a": os.urandom(5000), "b": "2", "c": {"d": "3"}})
    pack(archive, source, ["."])
    monkeypatch.undo()
    whole = archive.read_bytes()
    for length in range(0, len(whole), 397):
        archive.write_bytes(whole[:length])
        with pytest.raises(SamoError) as caught:
            unpack(archive, tmp_path / "target")
        assert str(archive) in str(caught.value)


def test_without_zstd_its_archives_are_a_problem_with_a_remedy(archive, tmp_path, monkeypatch):
    pack(archive, tmp_path, [])
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SamoError) as caught:
        unpack(archive, tmp_path / "target")

    assert str(caught.value) == (
        "error: zstd is needed to unpack, and is not on the PATH "
        "(install zstd, or store again what is in it)"
    )
