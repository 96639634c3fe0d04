import pytest

from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values
from samo.trigger.origin import Origin, parse_origin

GITHUB = Origin(kind="github", owner="acme", name="app", url="https://github.com/acme/app")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("git@github.com:acme/app.git", GITHUB),
        ("github.com:acme/app", GITHUB),
        ("ssh://git@github.com:22/acme/app.git", GITHUB),
        ("https://github.com/acme/app", GITHUB),
        ("https://user:token@github.com/acme/app.git/", GITHUB),
        ("git://github.com/acme/app.git", GITHUB),
        (
            "https://gitlab.com/group/sub/app.git",
            Origin(
                kind="gitlab",
                owner="group/sub",
                name="app",
                url="https://gitlab.com/group/sub/app",
            ),
        ),
        (
            "ssh://git@bitbucket.org/acme/app.git",
            Origin(
                kind="bitbucket", owner="acme", name="app", url="https://bitbucket.org/acme/app"
            ),
        ),
        (
            "https://git.acme.dev:8443/acme/app",
            Origin(kind="", owner="acme", name="app", url="https://git.acme.dev:8443/acme/app"),
        ),
        ("/srv/git/app.git", None),
        ("file:///srv/git/app.git", None),
        ("../app", None),
        ("https://github.com/app", None),
        ("", None),
    ],
)
def test_an_origin_is_read_in_all_its_forms(url, expected):
    assert parse_origin(url) == expected


def test_the_short_name_and_the_commit_are_written_as_the_host_does():
    gitlab = parse_origin("git@gitlab.com:acme/app.git")

    assert (GITHUB.slug, gitlab.slug) == ("gh/acme/app", "gl/acme/app")
    assert GITHUB.commit_url("abc") == "https://github.com/acme/app/commit/abc"
    assert gitlab.commit_url("abc") == "https://gitlab.com/acme/app/-/commit/abc"


FACTS = RepositoryFacts(
    received_at="2026-01-02T03:04:05+00:00",
    branch="main",
    revision="abc123",
    origin_url="https://secret@github.com/acme/app.git",
    default_branch="main",
    subject="Mend the gate",
    body="",
)


def test_a_branch_fills_the_values():
    values = pipeline_values(Trigger(TriggerKind.API, "main"), FACTS, number=7, id="an-id")

    assert {name: value for name, value in values.items() if value is not None} == {
        "pipeline.id": "an-id",
        "pipeline.number": 7,
        "pipeline.definition.id": "5a304000-0000-4000-8000-000000000000",
        "pipeline.project.git_url": "https://github.com/acme/app",
        "pipeline.project.type": "github",
        "pipeline.project.slug": "gh/acme/app",
        "pipeline.integration_source": "github",
        "pipeline.schedule.name": "",
        "pipeline.schedule.id": "",
        "pipeline.git.branch": "main",
        "pipeline.git.branch.is_default": True,
        "pipeline.git.revision": "abc123",
        "pipeline.git.repo_url": "https://github.com/acme/app",
        "pipeline.git.repo_owner": "acme",
        "pipeline.git.repo_name": "app",
        "pipeline.git.commit.url": "https://github.com/acme/app/commit/abc123",
        "pipeline.git.commit.subject": "Mend the gate",
        "pipeline.git.commit.body": "",
        "pipeline.config.repository.name": "acme/app",
        "pipeline.config.repository.url": "https://github.com/acme/app",
        "pipeline.config.file_path": ".circleci/config.yml",
        "pipeline.config.ref": "main",
        "pipeline.config.sha": "abc123",
        "pipeline.trigger.type": "api",
        "pipeline.trigger.received_at": "2026-01-02T03:04:05+00:00",
        "pipeline.trigger_source": "api",
        "pipeline.event.name": "api",
        "pipeline.event.action": "api",
    }


def test_a_tag_leaves_the_branch_null_and_a_schedule_names_itself():
    tag = pipeline_values(Trigger(TriggerKind.API, tag="v1"), FACTS, number=1, id="x")
    nightly = Trigger(TriggerKind.SCHEDULE, "dev", schedule="nightly")
    schedule = pipeline_values(nightly, FACTS, number=1, id="x")

    assert (tag["pipeline.git.tag"], tag["pipeline.git.branch"]) == ("v1", None)
    assert tag["pipeline.git.branch.is_default"] is None
    assert schedule["pipeline.git.branch.is_default"] is False
    assert schedule["pipeline.schedule.name"] == "nightly"
    assert schedule["pipeline.trigger_source"] == "scheduled_pipeline"


def test_outside_a_repository_the_values_are_there_and_null():
    values = pipeline_values(Trigger(TriggerKind.API), RepositoryFacts(), number=None, id=None)

    assert values["pipeline.git.revision"] is None
    assert values["pipeline.project.slug"] is None
    assert values["pipeline.git.branch"] is None
    assert values["pipeline.event.github.pull_request.number"] is None
