"""Real configs, processed, compile to the same workflows again, and are processed no further."""

from dataclasses import replace
from pathlib import Path

import pytest
from stub_orbs import stub_orbs

from samo.config import Source, compile_pipeline
from samo.config.render import render_pipeline, yaml_text
from samo.pipeline.job import Filters
from samo.pipeline.problem import ConfigError
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values

pytestmark = pytest.mark.integration

CONFIGS = Path(__file__).parents[3] / "shared" / "corpus" / "configs"
FACTS = RepositoryFacts(
    branch="main",
    revision="a" * 40,
    origin_url="https://github.com/owner/name.git",
    default_branch="main",
)
VALUES = pipeline_values(Trigger(TriggerKind.API, "main"), FACTS, number=1, id="0")
LEAST = 60
"""So many of the files compile, with stubs for their orbs."""


def compiled(name):
    source = Source(path=name, text=(CONFIGS / name).read_bytes())
    try:
        return compile_pipeline(source, values=VALUES, orbs=stub_orbs(source, VALUES))
    except ConfigError:
        return None


def files():
    if not CONFIGS.is_dir():
        return [pytest.param("", marks=pytest.mark.skip("the corpus of real configs is not here"))]
    return sorted(path.name for path in CONFIGS.iterdir())


@pytest.mark.parametrize("name", files())
def test_a_real_config_is_processed_to_one_that_does_the_same(name):
    pipeline = compiled(name)
    if pipeline is None:
        pytest.skip("it does not compile, or its orbs do more than a stub can")

    text = yaml_text(render_pipeline(pipeline))
    again = compile_pipeline(Source(path="processed.yml", text=text), values=VALUES)

    assert decided(again) == decided(pipeline)
    assert yaml_text(render_pipeline(again)) == text


def test_most_of_the_real_configs_are_processed():
    if not CONFIGS.is_dir():
        pytest.skip("the corpus of real configs is not here")

    assert sum(compiled(name) is not None for name in files()) >= LEAST


def decided(pipeline):
    """Return what is left of the workflows once a trigger has decided all conditions."""
    held = [each for each in pipeline.workflows if not each.condition or each.condition.holds]
    return [
        replace(workflow, condition=None, jobs=tuple(decided_job(job) for job in workflow.jobs))
        for workflow in held
    ]


def decided_job(job):
    job = replace(job, declared_name="", job_group="")
    if job.filters.expression is None:
        return job
    return replace(job, filters=Filters(expression=replace(job.filters.expression, text="")))
