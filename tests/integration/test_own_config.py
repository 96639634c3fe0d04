"""This repository's own pipeline: what it declares, and what runs of it for which trigger."""

import json
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
import yaml

from samo.config import Source, compile_pipeline
from samo.config.review import review
from samo.pipeline.job import JobType
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.step import RestoreCache, SaveCache
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values, select

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / ".circleci" / "config.yml"
SCHEMA = ROOT.parent / "shared" / "spec" / "schema.json"

STAGE_1 = ["lint-and-format", "unit-tests"]
STAGE_2 = ["security-scan", "integration-tests", "model-validation"]
TESTS = ["e2e-tests", "performance-benchmarks"]
DELIVERY = ["build-image", "deploy-staging", "approve-production", "deploy-production"]
KEY = 'deps-v1-{{ checksum "pyproject.toml" }}'


def compiled(trigger: Trigger) -> Pipeline:
    values = pipeline_values(trigger, RepositoryFacts(branch=trigger.branch), number=1, id="x")
    return compile_pipeline(Source(path=str(CONFIG), text=CONFIG.read_text()), values=values)


def chosen(trigger: Trigger) -> dict[str, list[str]]:
    selection = select(compiled(trigger), trigger)
    return {each.name: [job.name for job in each.jobs] for each in selection.workflows}


@pytest.fixture(scope="module")
def pipeline():
    return compiled(Trigger(TriggerKind.PUSH, "main"))


@pytest.fixture(scope="module")
def jobs(pipeline):
    return {job.name: job for workflow in pipeline.workflows[:1] for job in workflow.jobs}


def test_nothing_is_warned_of():
    values = pipeline_values(
        Trigger(TriggerKind.PUSH, "main"), RepositoryFacts(branch="main"), number=1, id="x"
    )
    source = Source(path=str(CONFIG), text=CONFIG.read_text())

    assert [str(each) for each in review(source, values=values).problems] == []


def test_the_editor_schema_accepts_it():
    if not SCHEMA.is_file():
        pytest.skip("the editor schema is not here")
    schema = json.loads(SCHEMA.read_text())

    jsonschema.validate(yaml.safe_load(CONFIG.read_text()), schema)


@dataclass(frozen=True)
class Push:
    branch: str
    jobs: list[str]


@pytest.mark.parametrize(
    "push",
    [
        Push("main", [*STAGE_1, *STAGE_2, *TESTS, "gpu-compatibility", *DELIVERY]),
        Push("feature/x", [*STAGE_1, *STAGE_2, *TESTS]),
        Push("feature/gpu-kernels", [*STAGE_1, *STAGE_2, *TESTS, "gpu-compatibility"]),
        Push("docs", [*STAGE_1, *STAGE_2]),
        Push("mainly", [*STAGE_1, *STAGE_2]),
    ],
    ids=lambda push: push.branch,
)
def test_what_a_push_of_a_branch_runs(push):
    assert chosen(Trigger(TriggerKind.PUSH, push.branch)) == {"delivery": push.jobs}


def test_a_tag_runs_nothing():
    assert chosen(Trigger(TriggerKind.TAG, tag="v1.0.0")) == {}


def test_the_nightly_schedule_runs_the_benchmarks(pipeline):
    night = Trigger(TriggerKind.SCHEDULE, "main", schedule="nightly-benchmarks")
    (nightly,) = pipeline.workflows[1].schedules

    assert chosen(night) == {"nightly-benchmarks": ["performance-benchmarks"]}
    assert nightly.cron == "0 2 * * *"


def test_a_stage_waits_for_the_one_before(jobs):
    requires = {name: [each.job for each in job.requires] for name, job in jobs.items()}

    assert requires == {
        "lint-and-format": [],
        "unit-tests": [],
        **dict.fromkeys(STAGE_2, STAGE_1),
        **dict.fromkeys([*TESTS, "gpu-compatibility", "build-image"], STAGE_2),
        "deploy-staging": ["build-image", *TESTS, "gpu-compatibility"],
        "approve-production": ["deploy-staging"],
        "deploy-production": ["approve-production"],
    }


def test_production_waits_for_a_person(jobs):
    approvals = [name for name, job in jobs.items() if job.type is JobType.APPROVAL]

    assert approvals == ["approve-production"]


def test_resource_classes(jobs):
    classes = {name: job.resource_class for name, job in jobs.items() if job.executor}

    assert classes == {
        **dict.fromkeys(classes, "large"),
        "performance-benchmarks": "xlarge",
        "gpu-compatibility": "gpu.nvidia.medium",
    }


def test_every_job_has_the_environment_that_the_guide_asks_for(jobs):
    environments = {name: dict(job.environment) for name, job in jobs.items() if job.executor}
    expected = {"PYTHONPATH": "src", "TOKENIZERS_PARALLELISM": "false", "TESTING": "1"}

    assert environments == dict.fromkeys(environments, expected)


def test_caches_are_keyed_by_the_project_file(jobs):
    steps = [step for job in jobs.values() for step in job.steps]

    assert {step.key for step in steps if isinstance(step, SaveCache)} == {KEY}
    assert {step.keys for step in steps if isinstance(step, RestoreCache)} == {(KEY, "deps-v1-")}
