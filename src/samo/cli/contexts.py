"""The contexts that a run is granted: a TOML file with one table of variables each."""

from collections.abc import Mapping
from pathlib import Path

from samo.cli.toml_tree import located, read_toml
from samo.config.decode import Fields
from samo.config.document import MapNode
from samo.config.problems import Problems
from samo.pipeline.problem import Problem, ProblemKind, UsageError


def read_contexts(path: Path | None) -> Mapping[str, Mapping[str, str]]:
    """Return the variables of each context in the file; none without a file.

    Raises UsageError where it cannot be read, ConfigError where it holds anything else.
    """
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        message = f"the contexts in {path} cannot be read: {reason}"
        raise UsageError(
            Problem(
                kind=ProblemKind.USAGE,
                message=message,
                hint='a TOML file: [my-context] and below it MY_KEY = "value"',
            )
        ) from error
    tree = located(read_toml(path, text), path, text)
    assert isinstance(tree, MapNode)
    problems = Problems()
    top = Fields(tree, "the contexts", tree.place, problems)
    contexts = {entry.key: _variables(entry.key, top, problems) for entry in tree}
    problems.raise_errors()
    return contexts


def _variables(name: str, top: Fields, problems: Problems) -> Mapping[str, str]:
    table = top.mapping(name)
    if table is None:
        return {}
    fields = Fields(table, f"context '{name}'", table.place, problems)
    return {entry.key: fields.text(entry.key) for entry in table}
