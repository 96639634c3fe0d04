import pytest

from samo.orbs import OrbCache, Pin
from samo.orbs.cache import digest_of
from samo.pipeline.problem import ConfigError

TEXT = "commands: {}\n"
PIN = Pin(orb="ns/o@1.2.3", sha256=digest_of(TEXT))


def test_a_kept_text_is_found_by_its_digest(tmp_path):
    OrbCache(tmp_path).keep("ns/o@1", PIN, TEXT)

    assert OrbCache(tmp_path).text(PIN) == TEXT


def test_what_a_reference_stood_for_is_remembered_and_so_is_the_exact_version(tmp_path):
    cache = OrbCache(tmp_path)
    cache.keep("ns/o@1", PIN, TEXT)

    assert (cache.answer("ns/o@1"), cache.answer("ns/o@1.2.3")) == (PIN, PIN)
    assert cache.answer("ns/o@1.2") is None


def test_the_later_answer_counts_and_both_texts_stay(tmp_path):
    cache = OrbCache(tmp_path)
    later = Pin(orb="ns/o@1.3.0", sha256=digest_of("jobs: {}\n"))
    cache.keep("ns/o@1", PIN, TEXT)
    cache.keep("ns/o@1", later, "jobs: {}\n")

    assert cache.answer("ns/o@1") == later
    assert (cache.text(PIN), cache.text(later)) == (TEXT, "jobs: {}\n")


def test_an_empty_cache_has_nothing(tmp_path):
    cache = OrbCache(tmp_path / "none")

    assert (cache.answer("ns/o@1"), cache.text(PIN)) == (None, None)


def test_a_text_that_was_changed_is_refused_with_its_path(tmp_path):
    cache = OrbCache(tmp_path)
    cache.keep("ns/o@1", PIN, TEXT)
    [path] = tmp_path.glob("texts/*")
    path.write_text("commands: {evil: {}}\n")
    with pytest.raises(ConfigError) as caught:
        cache.text(PIN)

    assert str(caught.value) == (
        f"error: the cached text of 'ns/o@1.2.3' was changed: its sha256 is"
        f" {digest_of('commands: {evil: {}}' + chr(10))} (it should be {PIN.sha256}: remove {path})"
    )


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"orb": "evil/o@1.0.0", "sha256": "0"}'])
def test_an_answer_that_is_none_is_as_good_as_absent(tmp_path, content):
    cache = OrbCache(tmp_path)
    cache.keep("ns/o@1.2.3", PIN, TEXT)
    [path] = tmp_path.glob("answers/*")
    path.write_text(content)

    assert cache.answer("ns/o@1.2.3") is None
