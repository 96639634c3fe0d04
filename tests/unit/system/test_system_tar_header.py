import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.system.tar_header import Header

_FIELDS = ("name", "mode", "size", "mtime", "type", "linkname")
_names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=120)
_kinds = st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE])


def made(*, name, kind, link, mode, size, mtime):
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.mode = kind, link, mode
    member.size, member.mtime = size, mtime
    return member


members = st.builds(
    made,
    name=_names,
    kind=_kinds,
    link=_names,
    mode=st.integers(0, 0o7777),
    size=st.integers(0, 2**40),
    mtime=st.integers(-(2**32), 2**34),
)


def read(cls, block):
    """Return what a header says, or the error that it is."""
    try:
        header = cls.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        return type(error)
    return {name: getattr(header, name) for name in _FIELDS}


@given(members, st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
def test_a_header_is_read_as_tarfile_reads_it(member, form):
    data = member.tobuf(form, "utf-8", "surrogateescape")
    for at in range(0, len(data), tarfile.BLOCKSIZE):
        block = data[at : at + tarfile.BLOCKSIZE]
        assert read(Header, block) == read(tarfile.TarInfo, block)


@given(members, st.integers(0, 511), st.integers(0, 255))
def test_so_is_a_damaged_one(member, at, value):
    data = bytearray(member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")[:512])
    data[at] = value
    assert read(Header, bytes(data)) == read(tarfile.TarInfo, bytes(data))


@pytest.mark.parametrize("length", [0, 100, 511])
def test_one_that_is_cut_off_is_an_error(length):
    block = tarfile.TarInfo("a").tobuf()[:length]

    assert read(Header, block) == read(tarfile.TarInfo, block)
