"""docs/fidelity.md says what the cases say, and has a row for each rule."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPECIFICATION = ROOT.parent / "shared" / "spec" / "circleci-semantics.md"


def script():
    spec = importlib.util.spec_from_file_location("fidelity", ROOT / "scripts/fidelity.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FIDELITY = script()
RULES = FIDELITY.read_rules()
PAGE = FIDELITY.PAGE.read_text(encoding="utf-8")


def test_the_page_is_current():
    assert FIDELITY.page_of(RULES) == PAGE, "make fidelity writes it anew"


def test_each_row_of_the_specification_is_on_the_page():
    if not SPECIFICATION.is_file():
        pytest.skip("the specification is not here")
    text = SPECIFICATION.read_text(encoding="utf-8")
    rows = set(re.findall(r"^(?:- \*\*|\| )([A-Z]+-\d{3})", text, re.MULTILINE))

    assert rows - set(re.findall(r"^\| ([A-Z]+-\d{3}) \|", PAGE, re.MULTILINE)) == set()


def test_a_rule_without_a_case_says_what_it_is_and_names_its_proof_where_it_holds():
    bare = [rule for rule in RULES if not rule.cases]
    unproved = [rule for rule in bare if rule.here != "not" and not (ROOT / rule.proof).is_file()]

    assert [rule.name for rule in bare if not rule.what] == []
    assert [rule.name for rule in unproved] == []


def test_a_rule_that_does_not_hold_says_why():
    assert {rule.here for rule in RULES} <= set(FIDELITY.WORDS)
    assert [rule.name for rule in RULES if rule.here != "supported" and not rule.why] == []


def test_a_cell_holds_whatever_a_title_says():
    rule = FIDELITY.Rule(
        name="ENV-001",
        here="partly",
        why="not `x`",
        cases=(FIDELITY.Case("a | b of <<c>> and *d*", "ENV.yml"), FIDELITY.Case("e", "ENV.yml")),
    )

    assert FIDELITY.page_of([rule]).splitlines()[-1] == (
        r"| ENV-001 | a \| b of \<\<c\>\> and \*d\* | partly: not \`x\`"
        " | [ENV.yml](../tests/conformance/cases/ENV.yml) |"
    )
