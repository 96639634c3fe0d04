import io
import tarfile

import pytest

from samo.system.forward import Forward


class Drops:
    """A source that gives a few bytes at a time, as a pipe does."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def read(self, size):
        return self._data.read(min(size, 3))


@pytest.fixture
def stream():
    return Forward(Drops(b"0123456789"))


def test_reading_gives_what_was_asked_for_or_what_is_left(stream):
    assert (stream.read(4), stream.tell()) == (b"0123", 4)
    assert (stream.read(20), stream.tell()) == (b"456789", 10)
    assert stream.read(1) == b""


def test_pieces_are_as_many_bytes_as_were_asked_for_and_no_more(stream):
    assert b"".join(stream.pieces(5)) == b"01234"
    assert stream.read(2) == b"56"


def test_pieces_that_end_early_are_an_error(stream):
    with pytest.raises(tarfile.ReadError):
        list(stream.pieces(11))


def test_seeking_skips_up_to_the_end(stream):
    assert (stream.seek(7), stream.read(1)) == (7, b"7")
    assert stream.seek(100) == 10


def test_there_is_no_way_back(stream):
    stream.read(4)

    with pytest.raises(tarfile.ReadError):
        stream.seek(3)


def test_a_header_of_gigabytes_is_refused(stream):
    with pytest.raises(tarfile.ReadError):
        stream.read(1 << 33)


def test_draining_reads_to_the_end(stream):
    stream.drain()

    assert stream.tell() == 10
