import os
import tempfile
from pathlib import Path

import pytest
from small_disks import remounted_read_only, small_disk

from samo.pipeline.problem import SamoError
from samo.stores import CachePart, Caches
from samo.stores.caches import Cleared
from samo.system.archive import unpack

pytestmark = pytest.mark.integration


@pytest.fixture
def root(tmp_path):
    return tmp_path / "caches"


def part(text, size=0):
    folder = Path(tempfile.mkdtemp())
    (folder / "file").write_bytes(text.encode() + os.urandom(size))
    return CachePart(at="~", root=folder, names=("file",))


def found(caches, *keys):
    told = []
    with caches.using(keys, told.append) as cache:
        return (cache.key if cache else None), told


def keys(caches):
    return [cache.key for cache in caches.all()]


def spoil(cache):
    """Change a byte in the middle, as a disk or a program may; its size stays."""
    archive = cache.parts[0][1]
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    archive.write_bytes(data)


def test_a_cache_whose_bytes_have_changed_is_told_of_and_the_next_one_is_taken(root):
    caches = Caches(root)
    caches.save("k-1", [part("older")])
    spoil(caches.save("k-2", [part("newer")]))

    told = ["the cache k-2 is damaged: removed, as if it had not been saved"]
    assert found(caches, "k") == ("k-1", told)
    assert found(caches, "k") == ("k-1", [])
    assert keys(caches) == ["k-1"]


def test_where_the_only_match_is_damaged_the_next_key_is_tried(root):
    caches = Caches(root)
    caches.save("other", [part("other")])
    spoil(caches.save("mine", [part("mine")]))

    key, told = found(caches, "mine", "other")

    assert key == "other"
    assert len(told) == 1


def test_on_a_full_disk_nothing_is_stored_and_what_is_smaller_still_is(tmp_path):
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        caches = Caches(disk / "caches")
        caches.save("first", [part("first")])

        with pytest.raises(SamoError) as caught:
            caches.save("large", [part("large", 8_000_000)])

        assert "No space left on device (free some space and run again)" in str(caught.value)
        assert list((disk / "caches" / "partial").iterdir()) == []
        assert caches.save("small", [part("small")]) is not None
        assert keys(caches) == ["small", "first"]


def test_caches_on_a_disk_that_is_only_read_are_found_and_none_is_saved(tmp_path):
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        caches = Caches(disk / "caches")
        caches.save("k-1", [part("older")])
        spoil(caches.save("k-2", [part("newer")]))
        with remounted_read_only(disk):
            assert found(caches, "k")[0] == "k-1"
            with pytest.raises(SamoError) as caught:
                caches.save("k-3", [])
            assert str(caught.value) == (
                "error: cannot save the cache 'k-3': Read-only file system"
            )
            with pytest.raises(SamoError):
                caches.clear("")
            assert caches.trim() == ()


def test_a_clock_that_jumps_changes_neither_which_is_newest_nor_which_goes(root):
    caches = Caches(root, cap_bytes=1)
    for number, time in ((1, 4_000_000_000), (2, 1_000_000_000), (3, 0)):
        caches.save(f"k-{number}", [part(str(number))])
        for path in (root / "entries").glob(f"*.k-{number}/*"):
            os.utime(path, (time, time))

    assert found(caches, "k") == ("k-3", [])
    assert caches.trim() == ("k-1", "k-2")


def test_the_caches_unused_for_longest_go_until_the_others_fit(root):
    caches = Caches(root)
    sizes = [caches.save(f"k-{number}", [part("x", 5000)]).size_bytes for number in range(4)]
    found(caches, "k-0")

    fitting = Caches(root, cap_bytes=sum(sizes) - 1)
    assert fitting.trim() == ("k-1",)
    assert fitting.trim() == ()
    assert keys(caches) == ["k-3", "k-2", "k-0"]


def test_the_cache_saved_last_stays_however_large_it_is(root):
    caches = Caches(root, cap_bytes=1)
    caches.save("k-1", [part("x", 5000)])
    found(caches, "k-1")
    caches.save("k-2", [part("x", 5000)])

    assert caches.trim() == ("k-1",)
    assert keys(caches) == ["k-2"]


def test_a_cache_in_use_stays(root, tmp_path):
    caches = Caches(root, cap_bytes=1)
    caches.save("k-1", [part("used")])
    caches.save("k-2", [part("newest")])

    with caches.using(["k-1"], pytest.fail) as cache:
        assert Caches(root, cap_bytes=1).trim() == ()
        assert Caches(root).clear("k-1") == Cleared(removed=(), kept=("k-1",))
        unpack(cache.parts[0][1], tmp_path / "out")
    assert caches.trim() == ("k-1",)


def test_what_is_damaged_goes_with_what_is_too_much(root):
    caches = Caches(root)
    cache = caches.save("k-1", [part("x")])
    (cache.parts[0][1].parent / "entry.json").write_text("{")
    caches.save("k-2", [part("x")])

    assert caches.trim() == ()
    assert len(list((root / "entries").iterdir())) == 1


def test_clearing_takes_what_a_key_begins_or_all(root):
    caches = Caches(root)
    for key in ("a-1", "a-2", "b-1"):
        caches.save(key, [])

    assert caches.clear("a") == Cleared(removed=("a-2", "a-1"), kept=())
    assert caches.clear("x") == Cleared(removed=(), kept=())
    assert caches.clear("") == Cleared(removed=("b-1",), kept=())
    assert caches.all() == ()
    assert caches.clear("") == Cleared(removed=(), kept=())


def test_a_list_says_when_each_was_used(root):
    caches = Caches(root)
    caches.save("k", [part("x")])
    [mark] = (root / "entries").glob("*/used")
    os.utime(mark, (1_000_000_000, 1_000_000_000))
    before = caches.all()
    found(caches, "k")

    assert [each.used_at for each in before] == [1_000_000_000.0]
    assert [each.used_at > 1_000_000_000 for each in caches.all()] == [True]
