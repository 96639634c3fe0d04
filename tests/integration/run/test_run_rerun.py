"""`samo rerun`: the same pipeline once more, whole or from failed."""

import json

import pytest
from run_repository import BASE, git, jobs_config, make_repository

pytestmark = pytest.mark.integration

IDS = "echo $CIRCLE_PIPELINE_ID; echo $CIRCLE_WORKFLOW_ID; echo $CIRCLE_WORKFLOW_WORKSPACE_ID"
FLAKY = f"""\
version: 2.1
parameters: {{word: {{type: string, default: none}}}}
jobs:
  make:
    {BASE}
    steps:
      - run: echo << pipeline.number >> << pipeline.parameters.word >>; {IDS}
      - run: echo made > made
      - persist_to_workspace: {{root: ., paths: [made]}}
  use:
    {BASE}
    steps:
      - checkout
      - attach_workspace: {{at: .}}
      - run: cat made; {IDS}
      - run: test ! -e broken
workflows:
  all: {{jobs: [make, {{use: {{requires: [make]}}}}]}}
  fine: {{jobs: [make]}}
"""


def rerun(repository, *arguments):
    return repository.samo("rerun", "--events", "-", *arguments)


def commit(repository):
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-q", "-m", "Change")


@pytest.fixture
def failed(tmp_path):
    """A repository whose first run has failed, of a work tree with a change."""
    repository = make_repository(tmp_path / "r", FLAKY)
    (repository.root / "broken").touch()
    repository.first = repository.run("--param", "word=given")
    assert repository.first.status == 1
    return repository


def test_from_failed_keeps_what_succeeded_and_its_workspace(failed):
    (failed.root / "broken").unlink()

    again = rerun(failed, "1", "--from-failed")

    assert again.status == 0, again.err
    assert again.statuses() == {"make": "success", "use": "success"}
    assert [event["job"] for event in again.of("job.started")] == ["use"]
    assert {event["workflow"]: event["kept"] for event in again.of("workflow.started")} == {
        "all": ["make"],
        "fine": ["make"],
    }
    assert again.of("run.started")[0]["rerun_of"] == 1
    assert "made\n" in again.output("use")
    assert "uncommitted changes of run 1 were not kept" in again.err


def test_a_rerun_is_of_the_same_pipeline_and_goes_on_with_its_workspace(failed):
    pipeline, first_workflow, workspace = failed.first.output("use").split()[-3:]
    (failed.root / "broken").unlink()
    once = rerun(failed, "1")
    pipelines, workflows, workspaces = zip(
        *(done.output("use").split()[-3:] for done in (once, rerun(failed, "1", "--from-failed"))),
        strict=True,
    )

    assert set(pipelines) == {pipeline}
    assert len({first_workflow, *workflows}) == 3
    assert (workspaces[0] != workspace, workspaces[1] == workspace) == (True, True)


def test_a_rerun_has_the_values_parameters_and_config_of_then(failed):
    (failed.root / ".circleci/config.yml").write_text(jobs_config(other="true"))
    (failed.root / "broken").unlink()

    again = rerun(failed, "1")

    assert again.status == 0, again.err
    assert again.output("make").splitlines()[0] == "1 given"


def test_a_rerun_sees_the_commit_of_then(tmp_path):
    config = jobs_config(build="cat file").replace("steps:\n", "steps:\n      - checkout\n")
    repository = make_repository(tmp_path / "r", config)
    (repository.root / "file").write_text("then\n")
    commit(repository)
    assert "then\n" in repository.run().output("build")
    (repository.root / "file").write_text("now\n")
    commit(repository)
    (repository.root / "file").write_text("not committed\n")

    assert "\nthen\n" in rerun(repository, "1").output("build")


def test_a_rerun_can_be_rerun_and_is_a_run_of_its_own(failed):
    (failed.root / "broken").unlink()
    assert rerun(failed, "last", "--from-failed").status == 0
    assert rerun(failed, "2").status == 0

    shown = json.loads(failed.samo("show", "3", "--json").out)
    assert (shown["number"], shown["rerun_of"], shown["status"]) == (3, 2, "success")
    listed = json.loads(failed.samo("runs", "--json").out)["items"]
    assert [(each["number"], each["status"]) for each in listed] == [
        (3, "success"),
        (2, "success"),
        (1, "failed"),
    ]
    kept = [
        (job["name"], job["status"], job["reason"])
        for each in json.loads(failed.samo("show", "2", "--json").out)["workflows"]
        for job in each["jobs"]
    ]
    assert kept == [
        ("make", "success", "kept from run 1"),
        ("use", "success", ""),
        ("make", "success", "kept from run 1"),
    ]


def test_what_has_not_failed_is_not_rerun_from_failed(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="true"))
    repository.run()

    done = rerun(repository, "last", "--from-failed")

    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "error: no workflow of run 1 has failed (samo rerun 1 runs all of it again)\n"
    )
    assert [each["number"] for each in json.loads(repository.samo("runs", "--json").out)["items"]]


def test_each_attempt_of_a_run_is_shown_with_its_logs_and_artifacts(tmp_path):
    config = jobs_config(build=["echo $CIRCLE_WORKFLOW_ID; echo one > one", "false"])
    config = config.replace("all:\n", "all:\n    max_auto_reruns: 1\n")
    config = config.replace("workflows:", "      - store_artifacts: {path: one}\nworkflows:")
    repository = make_repository(tmp_path / "r", config)
    done = repository.run()

    ids = [event["text"].strip() for event in done.of("step.output") if "-" in event["text"]]
    assert len(set(ids)) == 2
    logs = json.loads(repository.samo("logs", "last", "build", "0", "--json").out)["items"]
    assert [(each["attempt"], each["output"].strip()) for each in logs] == [*enumerate(ids, 1)]
    shown = json.loads(repository.samo("show", "last", "--json").out)["workflows"]
    assert [(each["attempt"], each["status"]) for each in shown] == [(1, "failed"), (2, "failed")]
    kept = json.loads(repository.samo("artifacts", "last", "--json").out)["items"]
    assert [(each["attempt"], each["path"]) for each in kept] == [(1, "one"), (2, "one")]
    assert len({each["url"] for each in kept}) == 2
    assert "[build (attempt 2)] 1 false" in repository.samo("logs", "last").out
