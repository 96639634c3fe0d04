"""Caches that are saved for nobody, and those that are looked for and never saved."""

from collections.abc import Iterable, Iterator, Set
from itertools import islice

from samo.config.compile import Compilation
from samo.config.document import ListNode, MapNode, Node, ScalarNode
from samo.config.review.walk import entries, steps
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind, nearest
from samo.pipeline.step import RestoreCache, SaveCache

MAX_PAIRS = 1_000_000
"""So many keys are compared: who has more has made them by a program."""
MAX_LISTED = 10

_OPENINGS = ("{{", "<<")


def warn_of_caches(compilation: Compilation) -> None:
    """Note steps whose key cannot fit any other's, whatever its templates come to (CACHE-010).

    A setup pipeline may share its caches with the config that it continues with.
    """
    if compilation.pipeline.is_setup:
        return
    compiled_steps = list(steps(compilation.pipeline))
    saved = [step for step in compiled_steps if isinstance(step, SaveCache)]
    restored = [step for step in compiled_steps if isinstance(step, RestoreCache) and step.keys]
    compiled = {step.place for step in saved} | {step.place for step in restored}
    # What a condition or an unused command holds back today may run tomorrow.
    all_saved = {step.key: None for step in saved}
    all_saved |= dict.fromkeys(_held_back("save_cache", compilation, compiled))
    all_restored = {key: None for step in restored for key in step.keys}
    all_restored |= dict.fromkeys(_held_back("restore_cache", compilation, compiled))
    if len(all_saved) * len(all_restored) > MAX_PAIRS:
        return
    problems = compilation.scope.problems
    for step in saved:
        if not any(_may_find(key, step.key) for key in all_restored):
            message = f"no step restores the cache '{step.key}'"
            hint = _hint("restored", step.key, all_restored)
            problems.warn(ProblemKind.UNUSED, message, step.place, hint)
    for wanted in restored:
        if not any(_may_find(key, each) for key in wanted.keys for each in all_saved):
            message = f"no step saves a cache that is found by '{wanted.keys[0]}'"
            hint = _hint("saved", wanted.keys[0], all_saved)
            problems.warn(ProblemKind.NO_EFFECT, message, wanted.place, hint)


def _held_back(step: str, compilation: Compilation, compiled: Set[Place]) -> Iterator[str]:
    """Return the keys, as written, of the file's steps that were not compiled."""
    for entry in entries(compilation.root):
        if entry.key.replace("-", "_") == step and entry.place not in compiled:
            yield from _key_texts(entry.node)


def _key_texts(body: Node) -> Iterator[str]:
    if not isinstance(body, MapNode):
        return
    for name in ("key", "keys"):
        node = body.get(name)
        for item in node.items if isinstance(node, ListNode) else (node,):
            if isinstance(item, ScalarNode):
                yield item.text


def _may_find(key: str, saved: str) -> bool:
    """Whether a saved key might begin with `key`: only what stands before templates can tell."""
    wanted, found = _head(key), _head(saved)
    if wanted == key:
        return found.startswith(key) or (found != saved and key.startswith(found))
    if found == saved:
        return found.startswith(wanted)
    return found.startswith(wanted) or wanted.startswith(found)


def _head(key: str) -> str:
    return key[: min(at if at >= 0 else len(key) for at in map(key.find, _OPENINGS))]


def _hint(verb: str, key: str, others: Iterable[str]) -> str:
    listed = list(islice(others, MAX_LISTED))
    if not listed:
        return f"no cache is {verb} at all"
    return nearest(key, listed) or f"{verb}: {', '.join(listed)}"
