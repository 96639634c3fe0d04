"""`filters` of invocations and schedules: patterns for branches and tags (WF-022 to WF-027)."""

import re

from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.problems import Problems
from samo.config.scope import Scope, evaluate
from samo.pipeline.job import Filters, Patterns
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.pipeline.regex import compile_java

FILTER_KEYS = ("branches", "tags")
PATTERN_KEYS = ("only", "ignore")

_NO_NAME = re.compile(r"[*?\[\\^~: ]|\.\.|^/|/$")


def read_filters(node: Node | None, scope: Scope) -> Filters:
    """Return the filters of an invocation; what is wrong with them is noted."""
    if node is None or is_absent(node):
        return Filters()
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        from samo.config.conditions import filter_expression  # noqa: PLC0415 - most are no expression

        return Filters(expression=filter_expression(node, scope))
    node = evaluate(node, scope)
    if not isinstance(node, MapNode):
        message = f"'filters' must be a mapping or an expression, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place)
        return Filters()
    Fields(node, "'filters'", node.place, scope.problems).allow(FILTER_KEYS)
    return Filters(
        branches=read_patterns(node.entries.get("branches"), scope.problems),
        tags=read_patterns(node.entries.get("tags"), scope.problems),
    )


def read_patterns(entry: Entry | None, problems: Problems) -> Patterns | None:
    """Return `only` and `ignore` of an evaluated `branches` or `tags`; None where there is none."""
    if entry is None or is_absent(entry.node) or is_unbound(entry.node):
        return None
    if not isinstance(entry.node, MapNode):
        message = f"'{entry.key}' must have 'only' or 'ignore', found {shown(entry.node)}"
        problems.add(ProblemKind.SCHEMA, message, entry.node.place, "write 'only: NAME'")
        return None
    fields = Fields(entry.node, f"'{entry.key}'", entry.place, problems)
    fields.allow(PATTERN_KEYS)
    for key in PATTERN_KEYS:
        _check_regexes(fields.node.get(key), problems)
    return Patterns(only=_texts(fields, "only"), ignore=_texts(fields, "ignore"), place=entry.place)


def _texts(fields: Fields, key: str) -> tuple[str, ...] | None:
    return None if is_absent(fields.node.get(key)) else fields.text_or_texts(key)


def _warn_of_pattern(text: str, place: Place, problems: Problems) -> None:
    """WF-022: what stands between no slashes is a name, and git refuses these characters in one."""
    if _NO_NAME.search(text):
        message = f"no branch or tag can be called '{text}'"
        hint = "a regex stands between slashes: /release-.*/"
        problems.warn(ProblemKind.NO_EFFECT, message, place, hint)


def _check_regexes(node: Node | None, problems: Problems) -> None:
    if node is None:
        return
    for item in node.items if isinstance(node, ListNode) else (node,):
        text = item.text if isinstance(item, ScalarNode) else ""
        if not (len(text) > 1 and text.startswith("/") and text.endswith("/")):
            _warn_of_pattern(text, item.place, problems)
            continue
        try:
            compile_java(text[1:-1])
        except (re.error, OverflowError, RecursionError) as error:
            message = f"'{text}' is no regular expression: {error}"
            problems.add(ProblemKind.FILTER, message, item.place, "a Java regex between slashes")
