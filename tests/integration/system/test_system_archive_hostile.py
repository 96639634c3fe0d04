import gzip
import io
import random
import tarfile
from contextlib import suppress

import pytest
from system_trees import mode, read_tree, write_tree

from samo.pipeline.problem import SamoError
from samo.system.archive import unpack

pytestmark = pytest.mark.integration


def member(name, kind=tarfile.REGTYPE, link="", content=b"hostile", bits=0o644):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, bits
    info.size = len(content) if kind == tarfile.REGTYPE else 0
    return info, content


def link(name, target):
    return member(name, tarfile.SYMTYPE, target)


@pytest.fixture
def made(tmp_path):
    def make(*entries):
        path = tmp_path / "archive"
        with tarfile.open(path, "w:gz") as tar:
            for info, content in entries:
                tar.addfile(info, io.BytesIO(content) if info.size else None)
        return path

    return make


OUT = "leads out of the folder"
HOSTILE = {
    "an absolute name": ([member("/tmp/x")], f"'/tmp/x' {OUT}"),
    "a name that climbs": ([member("../x")], f"'../x' {OUT}"),
    "a name that climbs later": ([member("a/../../x")], f"'a/../../x' {OUT}"),
    "a folder that climbs": ([member("..", tarfile.DIRTYPE)], f"'..' {OUT}"),
    "a file through a link": (
        [link("a", ".."), member("a/x")],
        "'a/x' would be written through 'a', which is no folder",
    ),
    "a file through an absolute link": (
        [link("a", "/tmp"), member("a/x")],
        "'a/x' would be written through 'a', which is no folder",
    ),
    "a file through a link to a link": (
        [link("a", ".."), link("b", "a"), member("b/x")],
        "'b/x' would be written through 'b', which is no folder",
    ),
    "a folder over a link": (
        [link("a", ".."), member("a", tarfile.DIRTYPE)],
        "'a' would be written through 'a', which is no folder",
    ),
    "a file through a file": (
        [member("a"), member("a/x")],
        "'a/x' would be written through 'a', which is no folder",
    ),
    "a hard link that climbs": ([member("a", tarfile.LNKTYPE, "../outside")], f"'a' {OUT}"),
    "an absolute hard link": ([member("a", tarfile.LNKTYPE, "/etc/passwd")], f"'a' {OUT}"),
    "a hard link through a link": (
        [link("l", ".."), member("a", tarfile.LNKTYPE, "l/outside")],
        "'a' would be written through 'l', which is no folder",
    ),
    "a hard link to a folder": (
        [member("d", tarfile.DIRTYPE, bits=0o755), member("a", tarfile.LNKTYPE, "d")],
        "'a' is a hard link to 'd', which is no file",
    ),
    "a hard link to the root": (
        [member("a", tarfile.LNKTYPE, ".")],
        "'a' is a hard link to a folder",
    ),
    "a hard link to nothing": (
        [member("a", tarfile.LNKTYPE, "b")],
        "'a' is a hard link to 'b', which is no file",
    ),
    "a device": ([member("a", tarfile.CHRTYPE)], "'a' is neither file, folder nor link"),
    "a pipe": ([member("a", tarfile.FIFOTYPE)], "'a' is neither file, folder nor link"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_leads_out_is_refused_by_name(case, made, tmp_path):
    entries, reason = HOSTILE[case]
    write_tree(tmp_path, {"outside": "untouched", "target": {}})
    archive = made(*entries)
    before = {name for name in read_tree(tmp_path) if name != "target"}

    with pytest.raises(SamoError) as caught:
        unpack(archive, tmp_path / "target")

    assert str(caught.value) == f"error: the archive {archive} may not be unpacked: {reason}"
    assert {name for name in read_tree(tmp_path) if name != "target"} == before
    assert (tmp_path / "outside").read_text() == "untouched"


def test_a_link_that_was_there_is_not_written_through(made, tmp_path):
    target = write_tree(tmp_path / "target", {"a": ("../outside",)})
    write_tree(tmp_path / "outside", {})

    with pytest.raises(SamoError):
        unpack(made(member("a/x")), target)

    assert read_tree(tmp_path / "outside") == {}


def test_a_link_in_the_place_of_a_file_is_replaced(made, tmp_path):
    target = write_tree(tmp_path / "target", {"a": ("../outside",)})
    write_tree(tmp_path, {"outside": "untouched"})

    unpack(made(member("a")), target)

    assert read_tree(target) == {"a": b"hostile"}
    assert (tmp_path / "outside").read_text() == "untouched"


def test_a_hard_link_to_a_link_that_leads_out_writes_nothing_there(made, tmp_path):
    write_tree(tmp_path, {"outside": "untouched"})
    archive = made(link("a", "../outside"), member("b", tarfile.LNKTYPE, "a"), member("b"))

    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {"a": ("../outside",), "b": b"hostile"}
    assert (tmp_path / "outside").read_text() == "untouched"


def test_bits_that_give_rights_away_are_dropped(made, tmp_path):
    unpack(made(member("a", bits=0o6755)), tmp_path / "target")

    assert mode(tmp_path / "target" / "a") == 0o755


def test_names_that_say_here_are_taken_as_such(made, tmp_path):
    archive = made(member("./a//b"), member(".", tarfile.DIRTYPE))

    unpack(archive, tmp_path / "target")

    assert read_tree(tmp_path / "target") == {"a": {"b": b"hostile"}}


def test_any_bytes_are_unpacked_or_refused_and_stay_inside(made, tmp_path):
    write_tree(tmp_path, {"outside": "untouched"})
    archive = made(
        member("a/b"), link("l", "a"), member("h", tarfile.LNKTYPE, "a/b"), member("x" * 150)
    )
    whole = gzip.decompress(archive.read_bytes())
    chance = random.Random(20)
    for number in range(400):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        archive.write_bytes(gzip.compress(_checked(damaged), 1))
        with suppress(SamoError):
            unpack(archive, tmp_path / f"target-{number % 7}")
    names = {path.name for path in tmp_path.iterdir() if not path.name.startswith("target-")}
    assert names == {"archive", "outside"}


def _checked(data):
    """Give each header a right checksum, so that the damage gets past it."""
    for at in range(0, len(data) - 512, 512):
        if data[at + 257 : at + 262] == b"ustar":
            data[at + 148 : at + 156] = b" " * 8
            data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])
    return bytes(data)
