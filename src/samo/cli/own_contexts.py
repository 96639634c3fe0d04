"""The user's own contexts, and what each project has of them: a file that nobody else may read."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from samo.cli.contexts import Variables, context, parsed, table, unreadable, variables
from samo.cli.paths import expanded
from samo.config.decode import Fields
from samo.config.document import Entry
from samo.config.problems import Problems
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest

_PROJECTS = "projects"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProject:
    """What the user grants a project, and its variables."""

    grant: tuple[str, ...] = ()
    variables: Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnContexts:
    """The contexts of the file, and the project that was asked for."""

    contexts: Mapping[str, Variables]
    project: OwnProject


NO_PROJECT = OwnProject(variables={})


def read_own_contexts(path: Path, root: Path) -> OwnContexts:
    """Return the contexts in the user's file, and what it says of the project at `root`.

    Without a file there is nothing. Raises UsageError where others may read it, ConfigError with
    all that is wrong in it.
    """
    content = _read(path)
    if content is None:
        return OwnContexts(contexts={}, project=NO_PROJECT)
    tree, problems = parsed(path, content), Problems()
    contexts = {each.key: context(each, problems) for each in tree if each.key != _PROJECTS}
    entry = tree.entries.get(_PROJECTS)
    projects = {
        _folder(each, problems): _project(each, contexts, problems)
        for each in (table(entry, "the projects", problems) if entry else ())
    }
    problems.raise_errors()
    return OwnContexts(contexts=contexts, project=projects.get(root.resolve(), NO_PROJECT))


def _folder(entry: Entry, problems: Problems) -> Path:
    folder = expanded(entry.key)
    if not folder.is_absolute() or "\0" in entry.key:
        # What is granted must not hang on where samo is called.
        message = f"project '{entry.key}' must be a whole path"
        problems.add(ProblemKind.SCHEMA, message, entry.place, "/home/me/project or ~/project")
        return folder
    return folder.resolve()


def _project(entry: Entry, contexts: Mapping[str, Variables], problems: Problems) -> OwnProject:
    title = f"project '{entry.key}'"
    node = table(entry, title, problems)
    fields = Fields(node, title, entry.place, problems)
    fields.allow(("grant", "variables"))
    grant = fields.texts("grant")
    for name in grant:
        if name not in contexts:
            message = f"{title} is granted '{name}', which is no context here"
            hint = nearest(name, contexts) or f"[{name}]"
            problems.add(ProblemKind.UNKNOWN_REFERENCE, message, entry.place, hint)
    own = node.entries.get("variables")
    return OwnProject(
        grant=grant, variables=variables(own, f"the variables of {title}", problems) if own else {}
    )


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            _require_private(path, os.fstat(file.fileno()))
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error.strerror) from error


def _require_private(path: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        message, hint = f"{path} belongs to another user", "put a file of your own there"
    elif status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        message, hint = f"{path} is open to others than you", f"chmod 600 '{path}'"
    else:
        return
    told = f"{message}: no context is read"
    raise UsageError(Problem(kind=ProblemKind.USAGE, message=told, hint=hint))
