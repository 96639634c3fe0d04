"""Read the cases: one rule of the language each, as a document of a YAML file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"
POINTER = "▸"
LINE_POINTER = "▹"
NOWHERE = "nowhere "

_KEYS = {
    "rule", "title", "note", "config", "params", "branch", "tag", "schedule", "files", "dirty",
    "environment", "contexts", "own_contexts", "grant", "pass_env", "approve", "interrupt",
    "setup", "parameters", "orbs", "values", "message", "before", "strict", "expect",
}  # fmt: skip
_EXPECTATIONS = {
    "compile": {"problems", "compiled", "processed", "conditions", "warnings"},
    "select": {"selected", "excluded"},
    "run": {
        "exit", "workflows", "jobs", "started", "output", "silent", "says", "errors", "artifacts",
        "tests", "saved", "restored", "repository", "gone", "differs",
    },
}  # fmt: skip
_RULE = re.compile(r"[A-Z]+-(\d{3}|ACCEPTED(-[A-Z]+)+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a pointer stood in the config, from 1; `column` is None where the line alone counts."""

    line: int
    column: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case, its pointers taken out of the config; `call` is what else the file says."""

    rule: str
    title: str
    config: str | None
    marks: tuple[Mark, ...]
    call: Mapping[str, Any]
    expect: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.rule} {self.title}"


def cases(kind: str) -> list[Case]:
    """Return the cases that expect what is compiled, selected or run, in the files' order."""
    return [case for case in _all() if set(case.expect) <= _EXPECTATIONS[kind]]


def _all() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.yml")):
        with path.open(encoding="utf-8") as file:
            for document in yaml.load_all(file, Loader=yaml.CSafeLoader):
                yield read_case(document, path.name)


def read_case(document: Any, source: str) -> Case:
    """Return the case that a document holds; raises ValueError where it is none."""
    where = f"{source}: {document.get('rule')}: {document.get('title')}"
    if unknown := set(document) - _KEYS:
        raise ValueError(f"{where}: unknown keys {unknown}")
    if missing := {"rule", "title", "config", "expect"} - set(document):
        raise ValueError(f"{where}: missing keys {missing}")
    if not _RULE.fullmatch(document["rule"]):
        raise ValueError(f"{where}: this is no rule's name")
    expect = document["expect"]
    if not expect or not any(set(expect) <= known for known in _EXPECTATIONS.values()):
        raise ValueError(f"{where}: {set(expect or ())} is nothing to expect together")
    config, marks = read_marks(document["config"])
    orbs, orb_marks = read_orbs(document.get("orbs", {}))
    marks += orb_marks
    if "exit" not in expect and len(marks) != len(_located(expect)):
        raise ValueError(
            f"{where}: {len(marks)} pointers, {len(_located(expect))} things to point at"
        )
    return Case(
        rule=document["rule"],
        title=document["title"],
        config=config,
        marks=marks,
        call={key: document[key] for key in document if key not in {"config", "expect"}}
        | {"orbs": orbs},
        expect=expect,
    )


def _located(expect: Mapping[str, Any]) -> list[str]:
    told = [item for key in ("problems", "warnings", "excluded") for item in expect.get(key, [])]
    return [item for item in told if not item.startswith(NOWHERE)]


def read_orbs(orbs: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Mark, ...]]:
    """Return orbs, texts or folders of them, without their pointers, and where these stood."""
    plain: dict[str, Any] = {}
    marks: tuple[Mark, ...] = ()
    for name, orb in orbs.items():
        plain[name], found = read_orbs(orb) if isinstance(orb, Mapping) else read_marks(orb)
        marks += found
    return plain, marks


def read_marks(config: str | None) -> tuple[str | None, tuple[Mark, ...]]:
    """Return a config without its pointers, and where they stood."""
    if config is None:
        return None, ()
    text, marks = "", []
    for piece in re.split(f"([{POINTER}{LINE_POINTER}])", config):
        if piece in (POINTER, LINE_POINTER):
            column = len(text) - text.rfind("\n")
            marks.append(Mark(text.count("\n") + 1, column if piece == POINTER else None))
        else:
            text += piece
    return text, tuple(marks)
