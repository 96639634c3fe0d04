import os
import threading

import pytest

from samo.system import replacing, write_all, write_atomically


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_made_with_its_content(tmp_path):
    write_atomically(tmp_path / "a", b"new")

    assert (tmp_path / "a").read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


def test_a_file_is_replaced(tmp_path):
    (tmp_path / "a").write_bytes(b"old and longer")

    write_atomically(tmp_path / "a", b"new")

    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_new_file_has_the_rights_that_the_user_gives_new_files(tmp_path):
    (tmp_path / "usual").touch()

    write_atomically(tmp_path / "a", b"new")

    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    write_atomically(tmp_path / ("x" * 255), b"new")

    assert names(tmp_path) == ["x" * 255]


def test_a_write_that_cannot_be_finished_leaves_what_was_there(tmp_path):
    (tmp_path / "a").mkdir()

    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "a", b"new")

    assert names(tmp_path) == ["a"]


def test_a_replacement_takes_the_place_at_the_end(tmp_path):
    (tmp_path / "a").write_text("old")
    with replacing(tmp_path / "a") as beside:
        beside.write_text("new")
        assert (tmp_path / "a").read_text() == "old"

    assert (tmp_path / "a").read_text() == "new"
    assert names(tmp_path) == ["a"]


def test_a_replacement_that_fails_goes_away(tmp_path):
    (tmp_path / "a").write_text("old")

    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a") as beside:
        beside.write_bytes((tmp_path / "missing").read_bytes())

    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_all_is_written_also_where_the_system_takes_a_part_at_a_time():
    data = os.urandom(1 << 20)
    reader, writer = os.pipe()
    received = []

    def drain():
        while piece := os.read(reader, 1 << 16):
            received.append(piece)

    thread = threading.Thread(target=drain)
    thread.start()
    write_all(writer, data)
    os.close(writer)
    thread.join()
    os.close(reader)

    assert b"".join(received) == data
