"""Real configs compile, or fail for a reason that is their own."""

import csv
from pathlib import Path

import pytest

from samo.config import Source, compile_pipeline
from samo.pipeline.problem import ConfigError
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values

pytestmark = pytest.mark.integration

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FACTS = RepositoryFacts(
    branch="main",
    revision="a" * 40,
    origin_url="https://github.com/owner/name.git",
    default_branch="main",
)
NOT_HERE = {"orb-resolve", "unsupported-locally"}
# What is the file's own: a key or a shape that the specification calls an error, a part of a
# larger file, or the elements of an orb that a tool puts in before CircleCI sees the file.
OWN_REASONS = {
    "DataDog__dd-trace-py@2017-11.yml": {"schema"},
    "circleci__circleci-docs@docs-job-group-serial.yml": {"version", "unknown-reference"},
    "circleci__circleci-docs@docs-override-with.yml": {"schema", "interpolation"},
    "circleci__circleci-docs@docs-requires-failed.yml": {"version", "unknown-reference"},
    "circleci__circleci-docs@docs-when-misindented.yml": {"version", "schema"},
    "facebookresearch__xformers@2022-04.yml": {"schema"},
    "pydicom__pydicom.yml": {"schema"},
}
INJECTED = {
    f"CircleCI-Public__{orb}-orb--test-deploy.yml"
    for orb in ("aws-cli", "docker", "go", "node", "ruby")
} | {"cypress-io__circleci-orb--test-deploy.yml"}


def files():
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=pytest.mark.skip("the corpus of real configs is not here"))]
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        return list(csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE))


def failures(name):
    text = (CORPUS / "configs" / name).read_bytes()
    trigger = Trigger(TriggerKind.API, "main")
    values = pipeline_values(trigger, FACTS, number=1, id="0")
    try:
        assert compile_pipeline(Source(path=name, text=text), values=values).workflows
    except ConfigError as error:
        return {str(problem.kind) for problem in error.problems}
    return set()


@pytest.mark.parametrize("row", files(), ids=lambda row: row.get("file", ""))
def test_a_real_config_fails_for_its_own_reason_or_not_at_all(row):
    name = row["file"]
    found = failures(name) - NOT_HERE

    if row["known_error"]:
        assert found
    elif name in INJECTED:
        assert found <= {"unknown-reference", "schema"}
    else:
        assert found == OWN_REASONS.get(name, set())
