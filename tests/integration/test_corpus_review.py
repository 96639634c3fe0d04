"""Real configs looked at closely: the errors are those of compilation, the warnings few."""

from pathlib import Path

import pytest
from stub_orbs import stub_orbs

from samo.config import Source, compile_pipeline
from samo.config.review import review
from samo.pipeline.problem import ConfigError, ProblemKind
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values

pytestmark = pytest.mark.integration

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "configs"
FACTS = RepositoryFacts(branch="main", revision="a" * 40, default_branch="main")
VALUES = pipeline_values(Trigger(TriggerKind.API, "main"), FACTS, number=1, id="0")


def sources():
    if not CORPUS.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip("the corpus is not here"))]
    paths = sorted(CORPUS.iterdir())
    return [pytest.param(path, id=path.name) for path in paths]


def inputs(path):
    source = Source(path=path.name, text=path.read_bytes())
    try:
        orbs = stub_orbs(source, VALUES)
    except (ConfigError, AssertionError):  # no YAML, or no mapping
        orbs = {}
    return {"source": source, "values": VALUES, "orbs": orbs}


@pytest.mark.parametrize("path", sources())
def test_a_review_finds_the_errors_that_compilation_finds(path):
    try:
        compile_pipeline(**inputs(path))
        errors = ()
    except ConfigError as error:
        errors = error.problems

    assert review(**inputs(path)).errors == errors


def test_what_can_have_no_effect_is_rare_in_configs_that_work():
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    found = [review(**inputs(path)) for path in sorted(CORPUS.iterdir())]
    warned = [each for each in found if each.pipeline and _has_no_effect(each.warnings)]

    assert len(warned) <= len(found) / 20


def _has_no_effect(warnings):
    return any(each.kind is ProblemKind.NO_EFFECT for each in warnings)
