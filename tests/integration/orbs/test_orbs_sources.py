"""Where an orb is taken from, and when somebody is asked (ORB-005, 010, 013, 021, LOC-015)."""

import pytest
from orbs_registry import running_registry

from samo.orbs import OrbCache, OrbSources, Pin, Registry, gather
from samo.orbs.cache import digest_of
from samo.orbs.sources import Origin
from samo.pipeline.problem import ConfigError

pytestmark = pytest.mark.integration

OLD, NEW = "commands: {c: {steps: [run: old]}}", "commands: {c: {steps: [run: new]}}"
GONE = Registry(host="http://127.0.0.1:9", timeout_s=1.0)


@pytest.fixture
def server():
    with running_registry({"ns/o@1.0.0": OLD}) as running:
        yield running


@pytest.fixture
def sources(server, tmp_path):
    return OrbSources(cache=OrbCache(tmp_path / "cache"), registry=Registry(host=server.host))


def with_changes(sources, **changes):
    return OrbSources(
        **{name: getattr(sources, name) for name in ("cache", "registry", "local", "pins")}
        | changes
    )


def facts(found):
    return found.exact, found.origin, found.pin and found.pin.sha256


def test_an_exact_version_is_asked_for_once(server, sources):
    first, second = sources.find("ns/o@1.0.0"), sources.find("ns/o@1.0.0")

    assert facts(first) == ("ns/o@1.0.0", Origin.REGISTRY, digest_of(OLD))
    assert facts(second) == ("ns/o@1.0.0", Origin.CACHE, digest_of(OLD))
    assert server.asked == ["ns/o@1.0.0"]


def test_what_a_part_of_a_version_answered_is_at_hand_by_its_exact_version(server, sources):
    sources.find("ns/o@1")

    assert facts(sources.find("ns/o@1.0.0"))[1] is Origin.CACHE
    assert server.asked == ["ns/o@1"]


def test_without_a_pin_a_part_of_a_version_is_asked_for_each_time(server, sources):
    sources.find("ns/o@1")
    server.orbs["ns/o@1.1.0"] = NEW

    assert facts(sources.find("ns/o@1")) == ("ns/o@1.1.0", Origin.REGISTRY, digest_of(NEW))


def test_a_pin_holds_and_nobody_is_asked(server, sources):
    pin = sources.find("ns/o@1").pin
    server.orbs["ns/o@1.1.0"] = NEW
    server.asked.clear()
    found = with_changes(sources, pins={"ns/o@1": pin}).find("ns/o@1")

    assert facts(found) == ("ns/o@1.0.0", Origin.CACHE, digest_of(OLD))
    assert server.asked == []


def test_a_pinned_text_that_is_not_cached_is_fetched_by_its_exact_version(server, sources):
    server.orbs["ns/o@1.1.0"] = NEW
    pin = Pin(orb="ns/o@1.0.0", sha256=digest_of(OLD))
    found = with_changes(sources, pins={"ns/o@1": pin}).find("ns/o@1")

    assert facts(found) == ("ns/o@1.0.0", Origin.REGISTRY, digest_of(OLD))
    assert server.asked == ["ns/o@1.0.0"]


@pytest.mark.parametrize("warm", [(), ("ns/o@1.0.0",)], ids=["published", "cached"])
def test_a_text_that_is_not_the_pinned_one_is_refused(sources, warm):
    for reference in warm:
        sources.find(reference)
    pin = Pin(orb="ns/o@1.0.0", sha256="0" * 64)
    with pytest.raises(ConfigError) as caught:
        with_changes(sources, pins={"ns/o@1": pin}).find("ns/o@1")
    text = "cached" if warm else "published"

    assert str(caught.value) == (
        f"error: the {text} text of 'ns/o@1.0.0' has the sha256 {digest_of(OLD)}, but"
        f" samo-orbs.lock pins {'0' * 64}"
        " ('samo config vendor --update' pins it anew, if that is meant)"
    )


def test_a_label_that_moved_is_fetched_for_whoever_pins_it_anew(server, sources):
    server.orbs["ns/o@dev:x"] = OLD
    sources.find("ns/o@dev:x")
    server.orbs["ns/o@dev:x"] = NEW
    pin = Pin(orb="ns/o@dev:x", sha256=digest_of(NEW))

    assert facts(with_changes(sources, pins={"ns/o@dev:x": pin}).find("ns/o@dev:x")) == (
        "ns/o@dev:x",
        Origin.REGISTRY,
        digest_of(NEW),
    )


def test_without_a_network_the_last_answer_holds(sources):
    sources.find("ns/o@volatile")
    offline = with_changes(sources, registry=GONE)

    assert facts(offline.find("ns/o@volatile"))[:2] == ("ns/o@1.0.0", Origin.CACHE)
    with pytest.raises(ConfigError, match="cannot be reached"):
        with_changes(offline, asks_anew=True).find("ns/o@volatile")
    with pytest.raises(ConfigError, match="cannot be reached"):
        offline.find("ns/o@1")


def test_an_orb_that_is_gone_is_not_taken_from_the_last_answer(server, sources):
    sources.find("ns/o@1")
    server.orbs.clear()
    with pytest.raises(ConfigError, match="knows no orb 'ns/o'"):
        sources.find("ns/o@1")


def test_a_copy_of_this_repository_comes_before_all_others(server, sources, tmp_path):
    (tmp_path / "o.yml").write_text(NEW)
    pin = sources.find("ns/o@1").pin
    server.asked.clear()
    local = with_changes(
        sources, local={"ns/o@1.4.0": tmp_path / "o.yml"}, pins={"ns/o@1": pin}
    ).find("ns/o@1")

    assert facts(local) == ("ns/o@1.4.0", Origin.SETTINGS, None)
    assert server.asked == []


def test_orbs_of_orbs_are_brought_each_once(server, sources):
    server.orbs.update(
        {
            "ns/a@1.0.0": "orbs: {o: ns/o@1, b: ns/b@1}",
            "ns/b@1.0.0": "orbs: {o: ns/o@1, inline: {orbs: {c: ns/c@1.0.0}}}",
            "ns/c@1.0.0": "orbs: {a: ns/a@1}",
        }
    )
    brought = gather(("ns/a@1", "ns/a@1.0.0"), sources, values={})

    assert {reference: each.exact for reference, each in brought.found.items()} == {
        "ns/a@1": "ns/a@1.0.0",
        "ns/a@1.0.0": "ns/a@1.0.0",
        "ns/o@1": "ns/o@1.0.0",
        "ns/b@1": "ns/b@1.0.0",
        "ns/c@1.0.0": "ns/c@1.0.0",
    }
    assert sorted(server.asked) == ["ns/a@1", "ns/a@1.0.0", "ns/b@1", "ns/c@1.0.0", "ns/o@1"]
    assert brought.faults == {}


def test_a_chain_of_orbs_without_end_ends(server, sources):
    server.orbs.update({f"ns/x@{n}.0.0": f"orbs: {{x: ns/x@{n + 1}.0.0}}" for n in range(50)})
    gather(("ns/x@0.0.0",), sources, values={})

    assert len(server.asked) == 20


def test_callers_that_cache_at_once_do_not_disturb_each_other(server, sources):
    server.orbs.update({f"ns/x@{n}.0.0": f"# {n}" for n in range(40)})
    references = [f"ns/x@{n % 40}" for n in range(400)]
    brought = gather(references, sources, values={})

    assert brought.faults == {}
    assert {found.exact for found in brought.found.values()} == {f"ns/x@{n}.0.0" for n in range(40)}
