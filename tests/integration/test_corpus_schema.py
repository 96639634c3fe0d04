"""Real configs that compile are valid by the JSON schema."""

from pathlib import Path

import jsonschema
import pytest
from stub_orbs import stub_orbs

from samo.config import Source, compile_pipeline
from samo.config.document import ListNode, MapNode, read_document
from samo.config.problems import Problems
from samo.config.schema import language_schema
from samo.pipeline.problem import ConfigError
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values

pytestmark = pytest.mark.integration

CONFIGS = Path(__file__).parents[3] / "shared" / "corpus" / "configs"
FACTS = RepositoryFacts(branch="main", revision="a" * 40, default_branch="main")
VALUES = pipeline_values(Trigger(TriggerKind.API, "main"), FACTS, number=1, id="0")
VALIDATOR = jsonschema.Draft7Validator(language_schema())


def files():
    if not CONFIGS.is_dir():
        return [pytest.param("", marks=pytest.mark.skip("the corpus of real configs is not here"))]
    return sorted(path.name for path in CONFIGS.iterdir())


def plain(node):
    match node:
        case MapNode():
            return {entry.key: plain(entry.node) for entry in node}
        case ListNode():
            return [plain(item) for item in node.items]
    return node.value


@pytest.mark.parametrize("name", files())
def test_a_real_config_that_compiles_is_valid(name):
    source = Source(path=name, text=(CONFIGS / name).read_bytes())
    try:
        compile_pipeline(source, values=VALUES, orbs=stub_orbs(source, VALUES))
    except ConfigError:
        pytest.skip("it does not compile, or its orbs do more than a stub can")

    document = read_document(source, Problems())
    errors = VALIDATOR.iter_errors(plain(document.root))

    assert [f"{list(error.absolute_path)}: {error.message[:200]}" for error in errors] == []
