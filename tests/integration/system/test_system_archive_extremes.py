import os
import shutil
import socket
import subprocess
import time

import pytest
from system_trees import mode, read_tree, write_tree

from samo.system.archive import digest, members, pack, unpack

pytestmark = pytest.mark.integration

_GIB = 1 << 30


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "archive"


def test_what_no_archive_can_hold_is_named(archive, tmp_path, monkeypatch):
    source = write_tree(tmp_path / "source", {"a": "1", "d": {}})
    os.mkfifo(source / "d" / "pipe")
    monkeypatch.chdir(source)  # a socket's path has few bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        packed = pack(archive, source, ["."])

    assert packed.left_out == ("d/pipe", "socket")
    assert packed.files == ("a",)


def test_the_digest_is_that_of_the_archive(archive, tmp_path):
    write_tree(tmp_path / "source", {"a": "1"})

    assert pack(archive, tmp_path / "source", ["a"]).sha256 == digest(archive)


def test_links_that_go_round_in_a_circle_are_links(archive, tmp_path):
    tree = {"a": ("b",), "b": ("a",), "c": {"self": (".",), "up": ("..",)}}
    source = write_tree(tmp_path / "source", tree)

    pack(archive, source, ["."])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == tree


@pytest.mark.skipif(not shutil.which("zstd"), reason="without tar and zstd holes are not kept")
def test_a_file_of_holes_takes_as_little_room_and_time_as_it_holds(archive, tmp_path):
    (tmp_path / "source").mkdir()
    with (tmp_path / "source" / "disk").open("wb") as file:
        file.write(b"begin")
        file.seek(200 * _GIB)
        file.write(b"middle")
        file.truncate(400 * _GIB)

    begun = time.monotonic()
    pack(archive, tmp_path / "source", ["disk"])
    unpack(archive, tmp_path / "target")
    took_s = time.monotonic() - begun

    with (tmp_path / "target" / "disk").open("rb") as file:
        assert file.read(6) == b"begin\0"
        file.seek(200 * _GIB)
        assert file.read(7) == b"middle\0"
    status = (tmp_path / "target" / "disk").stat()
    assert status.st_size == 400 * _GIB
    assert status.st_blocks * 512 < 1 << 20
    assert took_s < 30  # to read 400 GiB of nothing takes minutes


@pytest.fixture
def removed(tmp_path):
    """Remove what is deeper than pytest can remove."""
    yield
    subprocess.run(["rm", "-rf", tmp_path / "source", tmp_path / "target"], check=True)


@pytest.mark.usefixtures("removed")
def test_folders_may_be_deeper_than_calls_and_a_process_s_descriptors(archive, tmp_path):
    depth = 1500
    (tmp_path / "source").mkdir()
    here = os.open(tmp_path / "source", os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        here, last = os.open("d", os.O_RDONLY, dir_fd=here), here
        os.close(last)
    os.close(os.open("bottom", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)

    packed = pack(archive, tmp_path / "source", ["d"])
    unpack(archive, tmp_path / "target")

    assert packed.files == ("d/" * depth + "bottom",)
    assert members(tmp_path / "target", ["d"]).files == packed.files


def test_neighbours_of_folders_far_apart_all_arrive(archive, tmp_path):
    tree = {name: {"x": {"y" * 9: {"f": name}}, "z": name} for name in "abc"}
    source = write_tree(tmp_path / "source", tree)

    pack(archive, source, ["c/z", "a/x", "b", "a/z", "c/x"])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == read_tree(source)


@pytest.mark.slow
def test_a_hundred_thousand_files_come_back(archive, tmp_path):
    for folder in range(100):
        path = tmp_path / "source" / str(folder)
        path.mkdir(parents=True)
        for number in range(1000):
            os.close(os.open(f"{path}/{number}", os.O_CREAT | os.O_WRONLY))

    packed = pack(archive, tmp_path / "source", ["."])
    unpack(archive, tmp_path / "target")

    assert len(packed.files) == 100_000
    assert sum(1 for _ in (tmp_path / "target").glob("*/*")) == 100_000


def test_a_restored_folder_that_nobody_may_write_to_can_be_filled_from_another_archive(
    archive, tmp_path
):
    first = write_tree(tmp_path / "first", {"mod": {"a": "1"}})
    second = write_tree(tmp_path / "second", {"mod": {"b": "2"}})
    (first / "mod").chmod(0o555)
    (second / "mod").chmod(0o555)

    for source in (first, second):
        pack(archive, source, ["mod"])
        unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {"mod": {"a": b"1", "b": b"2"}}
    assert mode(tmp_path / "target" / "mod") == 0o555
    for folder in (first, second, tmp_path / "target"):
        (folder / "mod").chmod(0o755)


def test_a_tar_that_lacks_our_options_is_not_called(archive, tmp_path, monkeypatch):
    source = write_tree(tmp_path / "source", {"a": "1"})
    binaries = write_tree(tmp_path / "bin", {"tar": "#!/bin/sh\necho 'tar (busybox) 1.36.1'\n"})
    (binaries / "tar").chmod(0o755)
    (binaries / "zstd").symlink_to("/bin/false")
    monkeypatch.setenv("PATH", str(binaries))

    pack(archive, source, ["a"])
    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {"a": b"1"}
