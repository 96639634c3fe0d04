"""Real configs compile, on whatever branch, or fail for a reason that is their own."""

import csv
from pathlib import Path

import pytest
from stub_orbs import stub_orbs

from samo.config import Source, compile_pipeline
from samo.pipeline.problem import ConfigError
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values, select
from samo.trigger.explain import explain

pytestmark = pytest.mark.integration

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
BRANCHES = ("main", "feature/x")
# The kinds of problems of the files that fail, all of them the file's own by the specification.
# The manifest diagnoses those with a `known_error`; the reasons of the others stand beside them.
OWN_FAULTS = {
    "CircleCI-Public__aws-cli-orb@err-52d7fdd.yml": {"yaml-syntax"},
    "CircleCI-Public__aws-cli-orb@err-8450765.yml": {"unknown-reference"},
    "CircleCI-Public__aws-cli-orb@err-c0e82e3.yml": {"unknown-reference"},
    "CircleCI-Public__browser-tools-orb@err-5b430cc.yml": {"param-type"},
    "CircleCI-Public__gcp-cli-orb@err-13c303d.yml": {"param-unexpected"},
    # docker beside executor
    "CircleCI-Public__go-orb--test-deploy.yml": {"schema"},
    "CircleCI-Public__mcp-server-circleci@err-fdc144c.yml": {"yaml-duplicate-key"},
    "CircleCI-Public__orb-tools-orb@err-382d199.yml": {"graph"},
    # a part of a larger file
    "circleci__circleci-docs@docs-job-group-serial.yml": {"unknown-reference", "version"},
    # a part of a larger file
    "circleci__circleci-docs@docs-override-with.yml": {"interpolation", "schema"},
    # a part of a larger file
    "circleci__circleci-docs@docs-requires-failed.yml": {"unknown-reference", "version"},
    # a part of a larger file
    "circleci__circleci-docs@docs-when-misindented.yml": {"schema", "version"},
    "circleci__circleci-docs@err-76f033f.yml": {"schema"},
    "circleci__circleci-docs@err-7988c2e.yml": {"schema"},
    "circleci__circleci-docs@err-8f9cb42.yml": {"yaml-duplicate-key"},
    "circleci__circleci-docs@err-9cfacce.yml": {"schema"},
    "circleci__circleci-docs@err-d205094.yml": {"schema"},
    "codecov__codecov-circleci-orb@err-057844e.yml": {
        "graph",
        "matrix",
        "param-missing",
        "param-unexpected",
    },
    "codecov__codecov-circleci-orb@err-40c84cb.yml": {"param-missing"},
    "codecov__codecov-circleci-orb@err-686dfc0.yml": {"schema"},
    "codecov__codecov-circleci-orb@err-a29e39e.yml": {"unknown-reference"},
    # 'env' in an image; an approval named like a job
    "DataDog__dd-trace-py@2017-11.yml": {"schema"},
    # items with two keys
    "facebookresearch__xformers@2022-04.yml": {"schema"},
    "huggingface__datasets.yml": {"unknown-reference"},
    "jkzilla__cci-demo101--compiled.yml": {"unknown-reference"},
    "jkzilla__cci-demo101.yml": {"schema"},
    "lmiller1990__cypress-basic-circle.yml": {"schema"},
    "lmwy-labs__ot-main-menu.yml": {"yaml-syntax"},
    "NCAR__nidas@err-415a7d3.yml": {"yaml-syntax"},
    "NCAR__nidas@err-570ed56.yml": {"schema"},
    "NCAR__nidas@err-dd55d35.yml": {"schema"},
    # 'timeout' in 'run'
    "pydicom__pydicom.yml": {"schema"},
}
# The orb under test, which a tool puts in here before CircleCI sees the file.
INJECTED = {
    "CircleCI-Public__aws-cli-orb--test-deploy.yml": "aws-cli",
    "CircleCI-Public__docker-orb--test-deploy.yml": "docker",
    "CircleCI-Public__go-orb--test-deploy.yml": "go",
    "CircleCI-Public__node-orb--test-deploy.yml": "node",
    "CircleCI-Public__ruby-orb--test-deploy.yml": "ruby",
    "cypress-io__circleci-orb--test-deploy.yml": "cypress",
}


def rows():
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        return list(csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE))


def files():
    if not rows():
        return [pytest.param("", marks=pytest.mark.skip("the corpus of real configs is not here"))]
    return [row["file"] for row in rows()]


def source_of(name):
    text = (CORPUS / "configs" / name).read_bytes()
    if alias := INJECTED.get(name):
        text = text.replace(f"\n  {alias}: {{}}".encode(), b"", 1)
        text = text.replace(b"\norbs:\n", f"\norbs:\n  {alias}: injected/{alias}@1.0.0\n".encode())
    return Source(path=name, text=text)


def faults(name, branch):
    """Return the kinds of what is wrong with a file, whose orbs are stubs."""
    source = source_of(name)
    facts = RepositoryFacts(
        branch=branch,
        revision="a" * 40,
        origin_url="https://github.com/owner/name.git",
        default_branch="main",
    )
    trigger = Trigger(TriggerKind.API, branch)
    values = pipeline_values(trigger, facts, number=1, id="0")
    try:
        orbs = stub_orbs(source, values)
        pipeline = compile_pipeline(source, values=values, orbs=orbs)
    except ConfigError as error:
        return {str(problem.kind) for problem in error.problems}
    assert explain(pipeline, trigger, select(pipeline, trigger))
    return set()


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("name", files())
def test_a_real_config_fails_for_its_own_reason_or_not_at_all(name, branch):
    assert faults(name, branch) == OWN_FAULTS.get(name, set())


def test_what_is_known_to_be_wrong_is_found_to_be_wrong():
    wrong = {row["file"] for row in rows() if row["known_error"]}

    assert wrong - set(OWN_FAULTS) == set()
