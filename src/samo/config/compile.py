"""From a source and what a trigger knows to a `Pipeline`, or to all that is wrong (CFG-016)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from samo.config.check import check_calls, check_library, warn_of_unused
from samo.config.declarations import read_elements
from samo.config.decode import is_absent, shown
from samo.config.document import Document, MapNode, Node, ScalarNode, Source, read_document
from samo.config.library import Kind, Library
from samo.config.orbs import read_orbs, references
from samo.config.parameters import read_parameters
from samo.config.pipeline_arguments import NO_ARGUMENTS, Arguments, bind_pipeline
from samo.config.problems import Problems
from samo.config.scope import Budget, Scope
from samo.config.usage import Usage
from samo.config.workflows import implicit_workflow, read_workflows
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind

NO_ORBS: Mapping[str, Source] = MappingProxyType({})

_OLD_VERSIONS = ("2", "2.0")
_NEW_VERSION = "2.1"
_NEW_KEYS = ("orbs", "commands", "executors", "parameters", "job-groups", "setup")


def compile_pipeline(
    source: Source,
    *,
    values: Mapping[str, object],
    arguments: Arguments = NO_ARGUMENTS,
    orbs: Mapping[str, Source] = NO_ORBS,
) -> Pipeline:
    """Return the pipeline that a config describes for one trigger.

    `values` are the pipeline values by full name (`pipeline.git.branch`), `orbs` the orbs at hand
    by reference. Raises ConfigError with all that is wrong, in the order of the file.
    """
    problems = Problems()
    document = read_document(source, problems)
    root = _root(document)
    version = _version(root, document.path, problems)
    scope = _scope(root, document, version, values, problems)
    scope = _with_parameters(root, scope, arguments)
    scope = _with_library(root, scope, orbs)
    check_library(scope.library, scope)
    workflows = _workflows(root, document.path, scope)
    check_calls(scope)
    is_setup = _is_setup(root, workflows, scope)
    problems.raise_errors()
    warn_of_unused(scope.library, scope)
    return Pipeline(
        path=document.path,
        version=version,
        workflows=workflows,
        is_setup=is_setup,
        warnings=problems.warnings,
    )


def required_orbs(
    source: Source, *, values: Mapping[str, object], arguments: Arguments = NO_ARGUMENTS
) -> tuple[str, ...]:
    """Return the references of the orbs that a config needs from outside, each once.

    Raises ConfigError where the text is no config at all; other faults are left to
    `compile_pipeline`.
    """
    problems = Problems()
    document = read_document(source, problems)
    root = _root(document)
    version = _version(root, document.path, problems)
    scope = _scope(root, document, version, values, problems)
    scope = _with_parameters(root, scope, arguments)
    return tuple(dict.fromkeys(references(root.get("orbs"), scope)))


def _root(document: Document) -> MapNode:
    root = document.root
    if isinstance(root, MapNode):
        return root
    if root is None or is_absent(root):
        message, hint = "the file is empty", "begin with 'version: 2.1'"
    else:
        message, hint = f"a config must be a mapping, found {shown(root)}", "write 'jobs:' first"
    place = Place(document.path, 1, 1)
    raise ConfigError(Problem(kind=ProblemKind.SCHEMA, message=message, place=place, hint=hint))


def _version(root: MapNode, path: str, problems: Problems) -> str:
    node = root.get("version")
    allowed = f"one of {', '.join((*_OLD_VERSIONS, _NEW_VERSION))}"
    if node is None or is_absent(node):
        message = "the config has no 'version'"
        problems.add(ProblemKind.VERSION, message, Place(path, 1, 1), "add 'version: 2.1'")
        return _NEW_VERSION
    if isinstance(node, ScalarNode) and node.text in (*_OLD_VERSIONS, _NEW_VERSION):
        return node.text
    problems.add(ProblemKind.VERSION, f"unknown version {shown(node)}", node.place, allowed)
    # What follows cannot be judged by rules that are not known.
    problems.raise_errors()
    return _NEW_VERSION


def _scope(
    root: MapNode,
    document: Document,
    version: str,
    values: Mapping[str, object],
    problems: Problems,
) -> Scope:
    is_old = version in _OLD_VERSIONS
    for entry in root if is_old else ():
        if entry.key in _NEW_KEYS:
            message = f"'{entry.key}' needs version 2.1, found version {version}"
            problems.add(ProblemKind.SCHEMA, message, entry.place, "write 'version: 2.1'")
    return Scope(
        problems=problems,
        budget=Budget(),
        usage=Usage(),
        library=Library(path=document.path, text=document.text),
        values=values,
        has_tags=not is_old,
    )


def _with_parameters(root: MapNode, scope: Scope, arguments: Arguments) -> Scope:
    node = root.get("parameters") if scope.has_tags else None
    declared = read_parameters(node, kind="pipeline", title="the pipeline", problems=scope.problems)
    return replace(scope, pipeline_parameters=bind_pipeline(declared, arguments, scope))


def _with_library(root: MapNode, scope: Scope, given: Mapping[str, Source]) -> Scope:
    is_old = not scope.has_tags
    library = replace(
        scope.library,
        elements=read_elements(root, scope.problems, is_old=is_old),
        orbs={} if is_old else read_orbs(root.get("orbs"), scope, given),
    )
    return replace(scope, library=library)


def _workflows(root: MapNode, path: str, scope: Scope) -> tuple[Workflow, ...]:
    node = root.get("workflows")
    if node is not None and not _is_empty(node):
        return read_workflows(node, scope, _groups(root, scope))
    jobs = root.entries.get("jobs")
    build = scope.library.elements[Kind.JOB].get("build")
    if jobs and build and isinstance(jobs.node, MapNode):
        return (implicit_workflow(jobs.node.entries["build"], scope),)
    if jobs and isinstance(jobs.node, MapNode) and not jobs.node.entries and not scope.has_tags:
        return ()  # DYN-011: how a setup pipeline ends without going on
    message = "there is no workflow, and no job 'build' to run without one"
    place = jobs.place if jobs else Place(path, 1, 1)
    scope.problems.add(ProblemKind.GRAPH, message, place, "add 'workflows:'")
    return ()


def _is_empty(node: Node) -> bool:
    """Whether `workflows` holds none: a version is none (CFG-014)."""
    return is_absent(node) or (isinstance(node, MapNode) and not set(node.entries) - {"version"})


def _groups(root: MapNode, scope: Scope) -> frozenset[str]:
    node = root.get("job-groups")
    if not isinstance(node, MapNode):
        return frozenset()
    for entry in node:
        if entry.key in scope.library.elements[Kind.JOB]:
            message = f"'{entry.key}' is the name of a job too"
            scope.problems.add(ProblemKind.GRAPH, message, entry.place, "rename one of them")
    return frozenset(node.entries)


def _is_setup(root: MapNode, workflows: tuple[Workflow, ...], scope: Scope) -> bool:
    """DYN-001: of a setup pipeline one workflow may be active."""
    node = root.get("setup")
    if node is None or is_absent(node) or not scope.has_tags:
        return False
    if not isinstance(node, ScalarNode) or not isinstance(node.value, bool):
        message = f"'setup' must be true or false, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place)
        return False
    active = [each for each in workflows if each.condition is None or each.condition.holds]
    for workflow in active[1:] if node.value else ():
        message = f"the workflow '{workflow.name}' is active beside '{active[0].name}'"
        hint = "a setup pipeline runs one workflow: give the others conditions"
        scope.problems.add(ProblemKind.DYNAMIC, message, workflow.place, hint)
    return node.value
