"""Contexts as TOML: a table of variables each, whose values stand there or elsewhere."""

import re
from collections.abc import Mapping
from pathlib import Path

from samo.cli.elsewhere import Elsewhere, InEnvironment, InKeyring
from samo.cli.toml_tree import located, read_toml
from samo.config.document import Entry, MapNode, ScalarNode
from samo.config.problems import Problems
from samo.pipeline.problem import Problem, ProblemKind, UsageError

Variables = Mapping[str, str | Elsewhere]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VALUES = 'a text, { env = "NAME" } or { keyring = "SERVICE", username = "NAME" }'


def read_contexts(path: Path) -> Mapping[str, Variables]:
    """Return the variables of each context in the file.

    Raises UsageError where it cannot be read, ConfigError where it holds anything else.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error.strerror) from error
    tree, problems = parsed(path, content), Problems()
    contexts = {each.key: context(each, problems) for each in tree}
    problems.raise_errors()
    return contexts


def parsed(path: Path, content: bytes) -> MapNode:
    """Return the file as a tree; raises UsageError or ConfigError where it is no TOML."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise unreadable(path, "it is not UTF-8") from error
    tree = located(read_toml(path, text), path, text)
    assert isinstance(tree, MapNode)
    return tree


def unreadable(path: Path, reason: str | None) -> UsageError:
    """Return the error for a file of contexts that cannot be read."""
    message = f"the contexts in {path} cannot be read: {reason}"
    hint = 'a TOML file: [my-context] and below it MY_KEY = "value"'
    return UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))


def context(entry: Entry, problems: Problems) -> Variables:
    """Return the variables of a context."""
    return variables(entry, f"context '{entry.key}'", problems)


def variables(entry: Entry, owner: str, problems: Problems) -> Variables:
    """Return the variables in a table. No message shows a value: it may be a secret."""
    return {each.key: _value(each, owner, problems) for each in table(entry, owner, problems)}


def table(entry: Entry, title: str, problems: Problems) -> MapNode:
    """Return the table under a key; what is none is noted, and empty."""
    if isinstance(entry.node, MapNode):
        return entry.node
    problems.add(ProblemKind.SCHEMA, f"{title} must be a table", entry.place, f"[{entry.key}]")
    return MapNode(entry.place, {})


def _value(entry: Entry, owner: str, problems: Problems) -> str | Elsewhere:
    title = f"'{entry.key}' of {owner}"
    if not _NAME.fullmatch(entry.key):
        message = f"{title} is no name of a variable"
        problems.add(ProblemKind.SCHEMA, message, entry.place, "letters, digits and _")
    match entry.node:
        case ScalarNode(value=str() | int() | float()) as node:
            return node.text
        case MapNode() as node:
            match {each.key: each.node.value for each in node if isinstance(each.node, ScalarNode)}:
                case {"env": str(name), **rest} if not rest:
                    return InEnvironment(title, entry.place, name)
                case {"keyring": str(service), "username": str(name), **rest} if not rest:
                    return InKeyring(title, entry.place, service, name)
    problems.add(ProblemKind.SCHEMA, f"{title} has no value that is known", entry.place, _VALUES)
    return ""
