"""Orbs as users meet them: the commands, the lock, the settings, with and without a network."""

import json
import os
import subprocess
import sys

import pytest
from orbs_registry import running_registry

pytestmark = pytest.mark.integration

GREET = """\
version: 2.1
orbs: {words: acme/words@1}
commands:
  hi: {parameters: {to: {type: string, default: you}}, steps: [{run: "echo hi << parameters.to >>"}, words/bye]}
"""  # noqa: E501
WORDS = "commands: {bye: {steps: [{run: echo bye}]}}\n"
ORBS = {"acme/greet@1.2.3": GREET, "acme/words@1.0.1": WORDS}
CONFIG = """\
version: 2.1
orbs:
  g: acme/greet@1.2
jobs:
  build:
    docker: [{image: cimg/base:stable}]
    steps: [g/hi: {to: me}]
"""
WITHOUT = (
    ".circleci/config.yml:3:6: error: the orb 'acme/greet@1.2' is not at hand: HOST cannot be"
    " reached: Connection refused (name a copy in [tool.samo.orbs]:"
    " '\"acme/greet@1.2\" = \"PATH\"', or run 'samo config vendor' with a network)\n"
)


class Place:
    """A repository with a config, a home of its own for samo, and the address of a registry."""

    def __init__(self, folder, host):
        self.root = folder / "repository"
        self.home = folder / "home"
        self.host = host
        (self.root / ".circleci").mkdir(parents=True)
        self.write(".circleci/config.yml", CONFIG)
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "Begin")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def git(self, *arguments):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True)

    def samo(self, *arguments):
        """Return the exit status, what was printed, and the errors."""
        done = subprocess.run(
            [sys.executable, "-m", "samo", *arguments],
            check=False,
            cwd=self.root,
            env={**os.environ, "SAMO_HOME": str(self.home), "CIRCLECI_CLI_HOST": self.host},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr.replace(self.host, "HOST")

    def lock(self):
        return json.loads((self.root / "samo-orbs.lock").read_text())["orbs"]


@pytest.fixture
def server():
    with running_registry(ORBS) as running:
        yield running


@pytest.fixture
def place(tmp_path, server):
    return Place(tmp_path, server.host)


@pytest.fixture
def offline(tmp_path):
    with running_registry({}) as gone:
        host = gone.host
    return Place(tmp_path, host)


def without_network(place):
    with running_registry({}) as gone:
        place.host = gone.host


def test_a_run_uses_the_orbs_of_the_registry_and_a_second_one_needs_no_network(place):
    assert place.samo("run")[0] == 0
    without_network(place)
    status, out, _ = place.samo("run", "--events", "-")
    events = [json.loads(line) for line in out.splitlines()]
    output = "".join(each["text"] for each in events if each["type"] == "step.output")

    assert (status, output) == (0, "hi me\nbye\n")


def test_only_vendor_writes_into_the_repository(place):
    place.samo("why")
    place.samo("config", "validate")
    status, _, _ = place.samo("run")

    assert status == 0
    assert not (place.root / "samo-orbs.lock").exists()


def test_vendor_pins_all_orbs_and_shows_what_will_run(place):
    status, out, err = place.samo("config", "vendor")
    lock = place.lock()
    rows = [line.split() for line in out.splitlines()]

    assert (status, err) == (0, "")
    assert {reference: pin["orb"] for reference, pin in lock.items()} == {
        "acme/greet@1.2": "acme/greet@1.2.3",
        "acme/words@1": "acme/words@1.0.1",
    }
    assert rows == [
        ["ORB", "VERSION", "SHA256", "FROM"],
        ["acme/greet@1.2", "1.2.3", lock["acme/greet@1.2"]["sha256"][:12], "registry"],
        ["acme/words@1", "1.0.1", lock["acme/words@1"]["sha256"][:12], "registry"],
        ["samo-orbs.lock", "pins", "them"],
    ]


def test_what_is_pinned_stays_until_an_update_is_asked_for(place, server):
    place.samo("config", "vendor")
    server.orbs["acme/words@1.1.0"] = WORDS.replace("bye", "ciao")
    again = place.samo("config", "vendor")[1].splitlines()
    kept = place.lock()["acme/words@1"]["orb"]
    place.samo("config", "vendor", "--update")

    assert (again[-1], kept) == ("samo-orbs.lock has not changed", "acme/words@1.0.1")
    assert place.lock()["acme/words@1"]["orb"] == "acme/words@1.1.0"


def test_with_lock_and_cache_nobody_is_asked(place, server):
    place.samo("config", "vendor")
    server.asked.clear()
    statuses = [place.samo(*call)[0] for call in (["why"], ["config", "validate"], ["run"])]

    assert (statuses, server.asked) == ([0, 0, 0], [])


def test_the_lock_alone_leads_another_machine_to_the_same_texts(place, server, tmp_path):
    place.samo("config", "vendor")
    server.orbs["acme/words@1.1.0"] = WORDS
    server.asked.clear()
    place.home = tmp_path / "another home"

    assert place.samo("why")[0] == 0
    assert sorted(server.asked) == ["acme/greet@1.2.3", "acme/words@1.0.1"]


def test_a_text_that_is_not_the_pinned_one_is_an_error_at_the_reference(place, server, tmp_path):
    place.samo("config", "vendor")
    server.orbs["acme/greet@1.2.3"] += "# changed\n"
    place.home = tmp_path / "another home"
    status, _, err = place.samo("run")

    assert status == 2
    assert err.startswith(
        ".circleci/config.yml:3:6: error: the orb 'acme/greet@1.2' is not at hand: the published"
        " text of 'acme/greet@1.2.3' has the sha256 "
    )


def test_a_cached_text_that_was_changed_is_an_error_at_the_reference(place):
    place.samo("config", "vendor")
    digest = place.lock()["acme/greet@1.2"]["sha256"]
    (place.home / "orbs" / "texts" / f"{digest}.yml").write_text(GREET + "# changed\n")
    status, _, err = place.samo("why")

    assert status == 2
    assert ".circleci/config.yml:3:6: error: " in err
    assert "the cached text of 'acme/greet@1.2.3' was changed" in err


def test_without_a_network_one_error_names_the_orb_and_both_ways_out(offline):
    assert offline.samo("run") == (2, "", WITHOUT)
    assert offline.samo("why") == (2, "", WITHOUT)
    assert offline.samo("config", "vendor") == (2, "", WITHOUT)
    assert not (offline.root / "samo-orbs.lock").exists()


def test_the_first_way_out_is_a_copy_in_the_repository(offline):
    offline.write(
        "samo.toml", '[orbs]\n"acme/greet@1.2" = "orbs/greet"\n"acme/words@1" = "w.yml"\n'
    )
    offline.write("orbs/greet/@orb.yml", "orbs: {words: acme/words@1}")
    offline.write(
        "orbs/greet/commands/hi.yml", "parameters: {to: {type: string}}\nsteps: [words/bye]"
    )
    offline.write("w.yml", WORDS)
    status, out, err = offline.samo("config", "vendor", "--json")

    assert offline.samo("why")[0] == 0
    assert (status, err) == (0, "")
    assert json.loads(out)["items"] == [
        {
            "reference": "acme/greet@1.2",
            "name": "acme/greet",
            "version": "1.2",
            "sha256": None,
            "source": "settings",
            "path": "orbs/greet",
        },
        {
            "reference": "acme/words@1",
            "name": "acme/words",
            "version": "1",
            "sha256": None,
            "source": "settings",
            "path": "w.yml",
        },
    ]


def test_what_is_wrong_in_a_copy_is_told_in_its_file(offline):
    offline.write("pyproject.toml", '[tool.samo.orbs]\n"acme/greet@1.2.0" = "orbs/greet"\n')
    offline.write(
        "orbs/greet/commands/hi.yml", "parameters: {to: {type: string}}\nsteps: [\n  nope]"
    )

    status, _, err = offline.samo("why")

    assert status == 2
    assert err.startswith("orbs/greet/commands/hi.yml:3:3: error: unknown step 'nope' (")
    assert err.endswith("used by the orb 'acme/greet@1.2' at .circleci/config.yml:3:6)\n")


def test_settings_that_name_no_orb_are_told_with_their_places(offline):
    offline.write("pyproject.toml", '[tool.samo.orbs]\nwords = "w.yml"\n"acme/words@1" = 1\n')

    status, _, err = offline.samo("why")

    assert status == 2
    assert err == (
        "pyproject.toml:2:1: error: 'words' in [tool.samo.orbs] is no reference to an orb"
        ' ("NAMESPACE/ORB@VERSION" = "PATH")\n'
        "pyproject.toml:3:1: error: 'acme/words@1' in [tool.samo.orbs] must be a path, found"
        " integer 1 (name a file or a folder)\n"
    )


def test_a_config_without_orbs_needs_none(offline):
    config = CONFIG.replace("orbs:\n  g: acme/greet@1.2\n", "").replace(
        "g/hi: {to: me}", "checkout"
    )
    offline.write(".circleci/config.yml", config)

    assert offline.samo("config", "vendor") == (0, "the config refers to no orbs\n", "")
    assert not (offline.root / "samo-orbs.lock").exists()


def test_what_is_no_config_is_told(offline):
    offline.write(".circleci/config.yml", "orbs: [")

    status, out, err = offline.samo("config", "vendor")

    assert (status, out) == (2, "")
    assert err.startswith(".circleci/config.yml:1:8: error: not valid YAML")


def test_a_second_config_keeps_the_pins_of_the_first(place, server):
    place.samo("config", "vendor")
    server.orbs["acme/more@1.0.0"] = WORDS
    place.write("other.yml", CONFIG.replace("acme/greet@1.2", "acme/more@1"))
    place.samo("config", "vendor", "other.yml")

    assert list(place.lock()) == ["acme/greet@1.2", "acme/more@1", "acme/words@1"]


def test_why_shows_the_very_versions_whose_code_would_run(place):
    assert place.samo("why")[1].endswith(
        "orbs whose code runs:\n  acme/greet@1.2.3 [build]\n  acme/words@1.0.1 [build]\n"
    )
    assert json.loads(place.samo("why", "--json")[1])["orbs"] == [
        {"name": "acme/greet@1.2.3", "jobs": ["build"]},
        {"name": "acme/words@1.0.1", "jobs": ["build"]},
    ]
