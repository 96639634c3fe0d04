"""Writes docs/fidelity.md: for each rule of the language whether it holds here, and what proves it.

python scripts/fidelity.py
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/fidelity.md"
CASES = ROOT / "tests/conformance/cases"
VERDICTS = ROOT / "tests/conformance/verdicts.yml"

SECTIONS = {
    "CFG": "The file",
    "PAR": "Parameters and tags",
    "LOG": "Conditions",
    "EXE": "Executors",
    "JOB": "Jobs and commands",
    "ORB": "Orbs",
    "STEP": "Steps",
    "CACHE": "Caches",
    "WS": "Workspaces",
    "WF": "Workflows",
    "ENV": "Values and variables",
    "DYN": "Dynamic configuration",
    "CLI": "The command line in a job",
    "ERR": "What is wrong with a config",
    "LOC": "What cannot be the same here",
}
WORDS = {"supported": "yes", "partly": "partly", "not": "no"}
HEAD = """\
# Fidelity

What of CircleCI's behaviour holds here, rule by rule. The rules have the numbers that samo's
messages name. Each is proved by cases that the tests carry out, of which the first is named here.
What a run at hand does not share with the cloud, it says itself, before it starts and at its end,
and `samo why` says it without a run: this page is the whole of it.

`make fidelity` writes this page, from the cases in `tests/conformance/cases/` and from
`tests/conformance/verdicts.yml`.
"""


@dataclass(frozen=True)
class Case:
    """A case of a rule: what its title says, and the file in which it stands."""

    title: str
    file: str


@dataclass(frozen=True)
class Rule:
    """A rule, what becomes of it here, and why it does not hold where it does not."""

    name: str
    what: str = ""
    here: str = "supported"
    why: str = ""
    proof: str = ""
    cases: tuple[Case, ...] = ()

    @property
    def order(self) -> tuple[int, str]:
        """The place of the rule on the page: by section, then by number."""
        section, _, number = self.name.partition("-")
        return list(SECTIONS).index(section), number


def read_rules() -> list[Rule]:
    """Return all rules that have a case or a verdict, in the order of the page."""
    cases: dict[str, list[Case]] = {}
    for path in sorted(CASES.glob("*.yml")):
        for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            case = Case(title=document["title"], file=path.name)
            cases.setdefault(document["rule"], []).append(case)
    verdicts: Mapping[str, Mapping[str, Any]] = yaml.safe_load(VERDICTS.read_text(encoding="utf-8"))
    rules = [
        replace(Rule(name=name, **verdicts.get(name, {})), cases=tuple(cases.get(name, ())))
        for name in {**cases, **verdicts}
    ]
    return sorted(rules, key=lambda rule: rule.order)


def page_of(rules: Sequence[Rule]) -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *_counts(rules), *_sections(rules)])


def _counts(rules: Sequence[Rule]) -> Iterator[str]:
    counts = Counter(rule.here for rule in rules)
    holding = f"{counts['supported']} hold, {counts['partly']} hold in part"
    yield f"Of {len(rules)} rules {holding}, {counts['not']} do not.\n"


def _sections(rules: Sequence[Rule]) -> Iterator[str]:
    for section, group in groupby(rules, key=lambda rule: rule.name.partition("-")[0]):
        yield f"## {SECTIONS[section]}\n"
        yield "| rule | what | here | proof |"
        yield "| --- | --- | --- | --- |"
        yield from map(_row, group)
        yield ""


def _row(rule: Rule) -> str:
    what = rule.what or rule.cases[0].title
    here = WORDS[rule.here] + (f": {rule.why}" if rule.why else "")
    return f"| {rule.name} | {_cell(what)} | {_cell(here)} | {_proof(rule)} |"


def _proof(rule: Rule) -> str:
    if not rule.cases:
        name = Path(rule.proof).name
        return f"[{name}](../{rule.proof})" if rule.proof else ""
    first = rule.cases[0]
    link = f"[{first.file}](../tests/conformance/cases/{first.file})"
    title = f": {_cell(first.title)}" if rule.what else ""
    return f"{link}{title}"


def _cell(text: str) -> str:
    """Return a text that stays within its cell, and is no markup there."""
    for character in "\\`*_<>|[]":
        text = text.replace(character, f"\\{character}")
    return text


if __name__ == "__main__":
    PAGE.write_text(page_of(read_rules()), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is up to date\n")
