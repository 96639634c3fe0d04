"""Mutations of a config: of its bytes, of its lines, and of the tree that they spell.

Each is a pure function of a random number generator, so that a seed tells all there is to know.
"""

import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import islice
from typing import Any

import yaml

Tree = Any

FRAGMENTS = (
    "<< parameters.x >>", "<< pipeline.git.branch >>", "<< pipeline.parameters.p >>",
    "<< matrix.v >>", "<<", ">>", "\\<<", "<<# parameters.x >>", "<</ parameters.x >>",
    "<< pipeline.number > 3 and not (true or null) >>", "<< pipeline.id matches /(a+)+$/ >>",
    "<<include(a.sh)>>", "*x", "&x ", "!!python/object:os.system ", "!!binary ", "---\n", "...\n",
    "|", ">-", "'", '"', "[", "]", "{", "}", ": ", "- ", "? ", "#", "\t", "\r", "\x00", "\x1b",
    "\ufeff", "\u2028", "\x85", "é", "\U0001f600", "%YAML 1.1\n", "<<: ", "<<: *x\n", "${X}", "$X",
)  # fmt: skip
VALUES: tuple[Tree, ...] = (
    None, True, False, 0, 1, -1, 10**30, 1.5, float("nan"), float("inf"), "", " ", "~", "yes", "3",
    "x/y", "x/y/z", "a@1.2.3", "/(/", "/.*/", "main", "*", "0 0 * * *", "10m", "${X}", "approval",
    "<< parameters.x >>", "<< pipeline.parameters.p >>", "<< pipeline.git.tag >>", "<< 1 == 1 >>",
    [], {}, [None], [[]], {"": None}, {"name": "x"}, {"type": "steps", "default": []}, ["checkout"],
    {"and": [True, {"not": "<< parameters.x >>"}]}, {"equal": [1, {"a": 1}]}, {"run": "x"},
    {"matches": {"pattern": "(a|a)*", "value": "a" * 40}}, {"condition": True, "steps": ["run"]},
    {"parameters": {"v": ["1", 2, None]}, "exclude": [{"v": "1"}]}, {"branches": {"only": "/x/"}},
)  # fmt: skip
KEYS = (
    "version", "setup", "orbs", "commands", "executors", "jobs", "job-groups", "parameters",
    "workflows", "steps", "docker", "machine", "macos", "executor", "image", "environment", "type",
    "default", "enum", "run", "command", "name", "when", "unless", "condition", "and", "or", "not",
    "equal", "matches", "pattern", "value", "requires", "filters", "branches", "tags", "only",
    "ignore", "matrix", "exclude", "alias", "context", "pre-steps", "post-steps", "triggers",
    "schedule", "cron", "override-with", "serial-group", "parallelism", "resource_class", "shell",
    "checkout", "save_cache", "restore_cache", "keys", "paths", "key", "root", "at", "background",
    "no_output_timeout", "max_auto_reruns", "auto_rerun_delay", "retention", "<<", "", "null", "1",
)  # fmt: skip


MAX_PLACES = 10_000
"""Aliases may have made the tree endless."""


def mutated(rng: random.Random, text: str, other: str) -> bytes:
    """Return a config that was one; `other` is one from which pieces may come."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        text = rng.choice(_MUTATIONS)(rng, text, other)
    if rng.random() < 0.9:
        return text.encode("utf-8", "surrogatepass")
    return _spliced_bytes(rng, text.encode("utf-8", "surrogatepass"))


def _spliced_bytes(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.randrange(4))
    return data[:start] + rng.randbytes(rng.randrange(4)) + data[end:]


def _insert_fragment(rng: random.Random, text: str, _other: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(FRAGMENTS) + text[at:]


def _cut_characters(rng: random.Random, text: str, _other: str) -> str:
    start = rng.randrange(len(text) + 1)
    return text[:start] + text[start + rng.randrange(1, 30) :]


def _truncate(rng: random.Random, text: str, _other: str) -> str:
    return text[: rng.randrange(len(text) + 1)]


def _splice_lines(rng: random.Random, text: str, other: str) -> str:
    lines, pieces = text.splitlines(keepends=True), other.splitlines(keepends=True)
    at, start = rng.randrange(len(lines) + 1), rng.randrange(len(pieces) + 1)
    return "".join([*lines[:at], *pieces[start : start + rng.randrange(1, 20)], *lines[at:]])


def _edit_line(rng: random.Random, text: str, _other: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = rng.randrange(len(lines))
    line, to = lines[at], rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            lines[at] = ""
        case 1:
            lines[at] = line * 2
        case 2:
            lines[at] = "  " + line
        case 3:
            lines[at] = line.removeprefix("  ")
        case 4:
            lines[at], lines[to] = lines[to], line
        case _:
            lines.insert(to, line)
    return "".join(lines)


def _rename_key(rng: random.Random, text: str, _other: str) -> str:
    keys = list(re.finditer(r"[\w./-]+(?=:)", text))
    if not keys:
        return text
    key = rng.choice(keys)
    return text[: key.start()] + rng.choice(KEYS) + text[key.end() :]


def _swap_words(rng: random.Random, text: str, _other: str) -> str:
    words = list(re.finditer(r"[\w.-]+", text))
    if len(words) < 2:
        return text
    one, two = sorted(rng.sample(words, 2), key=re.Match.start)
    between = text[one.end() : two.start()]
    return text[: one.start()] + two[0] + between + one[0] + text[two.end() :]


def _change_tree(rng: random.Random, text: str, other: str) -> str:
    tree, donor = _tree(text), _tree(other)
    if tree is None:
        return text
    for _ in range(rng.choice((1, 1, 2, 4))):
        places = list(islice(_places(tree), MAX_PLACES))
        if places:
            _change(rng, *rng.choice(places), donor)
    return yaml.dump(tree, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def _tree(text: str) -> Tree:
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _places(tree: Tree) -> Iterator[tuple[Tree, Any]]:
    """Yield each container with each of its keys."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            keys = list(node) if isinstance(node, dict) else range(len(node))
            yield from ((node, key) for key in keys)
            waiting += [node[key] for key in keys]


def _change(rng: random.Random, node: Tree, key: Any, donor: Tree) -> None:
    match rng.randrange(8):
        case 0:
            del node[key]
        case 1 | 2:
            node[key] = deepcopy(rng.choice(VALUES))
        case 3:
            node[key] = [node[key]]
        case 4:
            node[key] = {rng.choice(KEYS): node[key]}
        case 5:
            node[key] = f"{rng.choice(FRAGMENTS)}{node[key]}"
        case 6:
            others = list(islice(_places(donor), MAX_PLACES))
            container, name = rng.choice(others) if others else ([None], 0)
            node[key] = deepcopy(container[name])
        case _ if isinstance(node, dict):
            node[rng.choice(KEYS)] = node[key]
        case _:
            node.append(node[key])


_MUTATIONS: tuple[Callable[[random.Random, str, str], str], ...] = (
    _insert_fragment, _cut_characters, _truncate, _splice_lines, _edit_line, _edit_line,
    _rename_key, _rename_key, _swap_words, _change_tree, _change_tree, _change_tree,
)  # fmt: skip
