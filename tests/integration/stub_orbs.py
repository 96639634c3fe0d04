"""Orbs for configs whose own are not at hand: made of the names and arguments that they use."""

import re
from collections.abc import Iterator, Mapping

import yaml

from samo.config import Source, required_orbs
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode, read_document
from samo.config.parameters import RESERVED
from samo.config.problems import Problems

DOCKER = [{"image": "cimg/base:stable"}]
STEPS = ["checkout"]
EXECUTOR = "stub"
INTEGER_TAG = "<< pipeline.number >>"
HANDED_ON = re.compile(r"<<\s*(?:pipeline\.)?parameters\.([\w-]+)\s*>>")
DEFAULTS = {"boolean": False, "integer": 0, "steps": []}

Parameters = dict[str, dict[str, object]]


def stub_orbs(source: Source, values: Mapping[str, object]) -> dict[str, Source]:
    """Return an orb for each reference: whatever the config asks of it, it has and takes."""
    root = read_document(source, Problems()).root
    assert isinstance(root, MapNode)
    aliases = _aliases(root.get("orbs"))
    declared = dict(_declared(root))
    elements: dict[str, dict[str, Parameters]] = {}
    for use in _uses(root):
        alias, _, name = use.key.partition("/")
        if alias in aliases:
            found = elements.setdefault(aliases[alias], {}).setdefault(name, {})
            for entry in use.node if isinstance(use.node, MapNode) else ():
                found.setdefault(entry.key, _parameter(entry.node, declared))
    references = required_orbs(source, values=values)
    return {each: _orb(each, elements.get(each.partition("@")[0], {})) for each in references}


def _aliases(node: Node | None) -> dict[str, str]:
    """Return the name of each orb, without its version."""
    return {
        entry.key: entry.node.text.partition("@")[0]
        for entry in (node if isinstance(node, MapNode) else ())
        if isinstance(entry.node, ScalarNode)
    }


def _orb(reference: str, elements: dict[str, Parameters]) -> Source:
    of_jobs = {name: _without(found, *RESERVED) for name, found in elements.items()}
    of_executors = {
        name: {key: each for key, each in found.items() if each["type"] in ("string", "boolean")}
        for name, found in elements.items()
    }
    document = {
        "version": 2.1,
        "commands": _bodies(elements, {"steps": STEPS}),
        "executors": {**_bodies(of_executors, {"docker": DOCKER}), EXECUTOR: {"docker": DOCKER}},
        "jobs": _bodies(of_jobs, {"docker": DOCKER, "steps": STEPS}),
    }
    return Source(path=f"{reference}.yml", text=yaml.safe_dump(document))


def _without(found: Parameters, *names: str) -> Parameters:
    return {key: each for key, each in found.items() if key not in names}


def _bodies(elements: dict[str, Parameters], body: dict[str, object]) -> dict[str, object]:
    return {name: {"parameters": found, **body} for name, found in elements.items()}


def _declared(node: Node) -> Iterator[tuple[str, str]]:
    """Return the type of each parameter that the config declares, by its name."""
    match node:
        case ListNode():
            for item in node.items:
                yield from _declared(item)
        case MapNode():
            for entry in node:
                yield from _declared(entry.node)
                kind = entry.node.get("type") if isinstance(entry.node, MapNode) else None
                if isinstance(kind, ScalarNode):
                    yield entry.key, kind.text


def _parameter(node: Node, declared: Mapping[str, str]) -> dict[str, object]:
    handed_on = HANDED_ON.fullmatch(node.text) if isinstance(node, ScalarNode) else None
    if handed_on and declared.get(handed_on[1]) in DEFAULTS:
        kind = declared[handed_on[1]]
        return {"type": kind, "default": DEFAULTS[kind]}
    match node:
        case ListNode():
            return {"type": "steps", "default": []}
        case MapNode():
            return {"type": "executor", "default": EXECUTOR}
        case ScalarNode(value=bool()):
            return {"type": "boolean", "default": False}
        case ScalarNode(value=int()):
            return {"type": "integer", "default": 0}
    kind = "integer" if node.text.replace(" ", "") == INTEGER_TAG.replace(" ", "") else "string"
    return {"type": kind, "default": 0 if kind == "integer" else ""}


def _uses(node: Node) -> Iterator[Entry]:
    """Return all that has a name with a slash: bare, as a key, or as the name of an executor."""
    match node:
        case ScalarNode(value=str()) if "/" in node.text:
            yield Entry(node.text, node.place, node)
        case ListNode():
            for item in node.items:
                yield from _uses(item)
        case MapNode():
            name = node.get("name")
            if isinstance(name, ScalarNode) and "/" in name.text:
                entries = {entry.key: entry for entry in node if entry.key != "name"}
                yield Entry(name.text, node.place, MapNode(node.place, entries))
            for entry in node:
                if "/" in entry.key:
                    yield entry
                yield from _uses(entry.node)
