"""What `samo why` says of a run before there is one."""

import json

import pytest
from run_repository import make_repository

pytestmark = pytest.mark.integration

CONFIG = """\
version: 2.1
orbs:
  own: acme/own@1.0.0
jobs:
  build:
    docker: [{image: cimg/base:stable}]
    steps: [own/make]
  number:
    docker: [{image: cimg/base:stable}]
    steps: [run: echo << pipeline.name >>]
  mac: {macos: {xcode: "16.0"}, steps: [run: "true"]}
workflows:
  all: {jobs: [build, number]}
  other: {when: false, jobs: [mac]}
"""
ORB = "version: 2.1\ncommands: {make: {steps: [run: make]}}\n"


@pytest.fixture
def repo(tmp_path):
    made = make_repository(tmp_path / "repository", CONFIG)
    (made.root / "orb.yml").write_text(ORB)
    settings = '[orbs]\n"acme/own@1.0.0" = "orb.yml"\n[process]\nisolation = "off"\n'
    (made.root / "samo.toml").write_text(settings)
    return made


def test_what_would_differ_is_told_with_rule_place_and_jobs(repo):
    done = repo.samo("why")

    assert done.status == 0
    assert done.out.partition("differs from the cloud:\n")[2] == (
        "  .circleci/config.yml:10:26: pipeline.name is null here, unless --value gives it"
        " (ENV-001) [number]\n"
        "  .circleci/config.yml:6:14: image cimg/base:stable: this machine's own programs stand in"
        " for it (LOC-003) [build, number]\n"
        "  .circleci/config.yml:13:16: orb acme/own@1.0.0: orb.yml of this repository stands in for"
        " it (ORB-021) [build]\n"
    )


def test_only_what_is_asked_for_is_told(repo):
    told = json.loads(repo.samo("why", "number", "--json").out)

    assert [each["job"] for each in told["differences"]] == ["number", "number"]
    assert told["problems"] == []


def test_what_cannot_run_here_is_told(repo):
    config = repo.root / ".circleci/config.yml"
    config.write_text(config.read_text().replace("when: false", "when: true"))

    assert (
        "cannot run here:\n  .circleci/config.yml:11:9: job 'mac' needs macOS\n"
        in repo.samo("why").out
    )
    assert json.loads(repo.samo("why", "--json").out)["problems"] == [
        {"message": "job 'mac' needs macOS", "place": ".circleci/config.yml:11:9"}
    ]


def test_a_run_keeps_the_places_for_later(repo):
    config = repo.root / ".circleci/config.yml"
    config.write_text(config.read_text().replace("[own/make]", '[run: "true"]'))
    assert repo.run().status == 0

    told = json.loads(repo.samo("show", "last", "--json").out)["differences"]

    assert (".circleci/config.yml:10:26", "number") in [(d["place"], d["job"]) for d in told]
