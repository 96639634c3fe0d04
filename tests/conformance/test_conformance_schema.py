"""The JSON schema accepts each case that compiles, and refuses the faults that a schema can see."""

import jsonschema
import pytest
from conformance_cases import Case, cases

from samo.config import Source
from samo.config.document import ListNode, MapNode, read_document
from samo.config.problems import Problems
from samo.config.schema import language_schema
from samo.pipeline.problem import ConfigError

STRUCTURAL = {
    "ERR-004", "ERR-005", "ERR-006", "ERR-008", "ERR-010", "ERR-011", "ERR-012", "ERR-013",
    "ERR-016", "ERR-017", "ERR-018", "ERR-019", "ERR-020", "ERR-021", "ERR-022", "ERR-023",
    "ERR-024", "ERR-025", "ERR-026", "ERR-027", "ERR-028", "ERR-029", "ERR-030", "ERR-037",
    "ERR-038", "ERR-039", "ERR-040", "ERR-041", "ERR-049", "ERR-052", "ERR-053", "ERR-054",
    "ERR-056", "ERR-057", "ERR-059", "ERR-062", "ERR-063", "ERR-064", "ERR-068",
}  # fmt: skip
"""The rows of the catalogue of which a schema sees each case."""
VALIDATOR = jsonschema.Draft7Validator(language_schema())


def plain(node):
    match node:
        case MapNode():
            return {entry.key: plain(entry.node) for entry in node}
        case ListNode():
            return [plain(item) for item in node.items]
    return node.value if node else None


def faults(case: Case) -> list[str]:
    try:
        document = read_document(Source(path="config.yml", text=case.config), Problems())
    except ConfigError:
        pytest.skip("it is no YAML")
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in VALIDATOR.iter_errors(plain(document.root))
    ]


def is_refused(case: Case) -> bool:
    return bool(case.expect.get("problems"))


VALID = [case for kind in ("compile", "select") for case in cases(kind) if not is_refused(case)]
BROKEN = [case for case in cases("compile") if case.rule in STRUCTURAL and is_refused(case)]


@pytest.mark.parametrize("case", VALID, ids=str)
def test_what_compiles_is_valid(case):
    assert faults(case) == []


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_what_is_broken_in_its_structure_is_not(case):
    assert faults(case) != []


def test_all_structural_rules_have_cases():
    assert {case.rule for case in BROKEN} == STRUCTURAL
