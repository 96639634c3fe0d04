"""From a source and what a trigger knows to a `Pipeline`, or to all that is wrong (CFG-016)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from samo.config.check import check_calls, check_library
from samo.config.declarations import read_elements
from samo.config.decode import is_absent, shown
from samo.config.document import Document, MapNode, Node, ScalarNode, Source, read_document
from samo.config.job_groups import read_job_groups, warn_of_unused_groups
from samo.config.library import Kind, Library
from samo.config.orbs import Orb, read_orbs, references
from samo.config.parameters import read_parameters
from samo.config.pipeline_arguments import (
    NO_ARGUMENTS,
    Given,
    bind_pipeline,
    changed_parameters,
)
from samo.config.problems import Problems
from samo.config.scope import Budget, Scope
from samo.config.setup import read_setup
from samo.config.usage import Usage
from samo.config.workflows import implicit_workflow, read_workflows
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, ProblemKind

NO_ORBS: Mapping[str, Orb] = MappingProxyType({})

OLD_VERSIONS = ("2", "2.0")
NEW_VERSION = "2.1"
NEW_KEYS = ("orbs", "commands", "executors", "parameters", "job-groups", "setup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """A pipeline, with the text and the names that it was made from, for who looks closer."""

    pipeline: Pipeline
    root: MapNode
    scope: Scope


def compile_pipeline(
    source: Source,
    *,
    values: Mapping[str, object],
    arguments: Given = NO_ARGUMENTS,
    orbs: Mapping[str, Orb] = NO_ORBS,
) -> Pipeline:
    """Return the pipeline that a config describes for one trigger.

    `values` are the pipeline values by full name (`pipeline.git.branch`), `orbs` the orbs at hand
    by reference. Raises ConfigError with all that is wrong, in the order of the file.
    """
    problems = Problems()
    compilation = compile_noting(problems, source, values=values, arguments=arguments, orbs=orbs)
    return compilation.pipeline


def compile_noting(
    problems: Problems,
    source: Source,
    *,
    values: Mapping[str, object],
    arguments: Given = NO_ARGUMENTS,
    orbs: Mapping[str, Orb] = NO_ORBS,
) -> Compilation:
    """Compile a config as `compile_pipeline` does; what is noted on the way is in `problems`."""
    try:
        document = read_document(source, problems)
    except ConfigError as error:
        problems.absorb(error)
        raise ConfigError(*problems.errors) from error
    compilation = _compiled(document, problems, values, arguments, orbs)
    problems.raise_errors()
    return compilation


def _compiled(
    document: Document,
    problems: Problems,
    values: Mapping[str, object],
    arguments: Given,
    orbs: Mapping[str, Orb],
) -> Compilation:
    root = _root(document, problems)
    version = _version(root, document.path, problems)
    scope = _scope(root, document, version, values, problems)
    scope, changed = _with_parameters(root, scope, arguments)
    scope = _with_library(root, scope, orbs)
    check_library(scope.library, scope)
    workflows = _workflows(root, document.path, scope)
    check_calls(scope)
    pipeline = Pipeline(
        path=document.path,
        version=version,
        workflows=workflows,
        is_setup=read_setup(root, workflows, arguments=arguments, scope=scope),
        changed_parameters=changed,
        null_values=tuple(scope.usage.null_values.values()),
    )
    return Compilation(pipeline=pipeline, root=root, scope=scope)


def required_orbs(
    source: Source, *, values: Mapping[str, object], arguments: Given = NO_ARGUMENTS
) -> tuple[str, ...]:
    """Return the references of the orbs that a config needs from outside, each once.

    A text that is no config needs none: `compile_pipeline` says all that is wrong with it.
    """
    problems = Problems()
    try:
        document = read_document(source, problems)
        root = _root(document, problems)
        version = _version(root, document.path, problems)
    except ConfigError:
        return ()
    scope = _scope(root, document, version, values, problems)
    if not scope.has_tags:
        return ()  # an old version has no orbs
    scope, _ = _with_parameters(root, scope, arguments)
    return tuple(dict.fromkeys(references(root.get("orbs"), scope)))


def _root(document: Document, problems: Problems) -> MapNode:
    root = document.root
    if isinstance(root, MapNode):
        return root
    if root is None or is_absent(root):
        message, hint = "the file is empty", "begin with 'version: 2.1'"
    else:
        message, hint = f"a config must be a mapping, found {shown(root)}", "write 'jobs:' first"
    place = Place(document.path, 1, 1)
    problems.add(ProblemKind.SCHEMA, message, place, hint)
    problems.raise_errors()
    return MapNode(place, {})


def _version(root: MapNode, path: str, problems: Problems) -> str:
    node = root.get("version")
    allowed = f"one of {', '.join((*OLD_VERSIONS, NEW_VERSION))}"
    if node is None or is_absent(node):
        message = "the config has no 'version'"
        problems.add(ProblemKind.VERSION, message, Place(path, 1, 1), "add 'version: 2.1'")
        return NEW_VERSION
    if isinstance(node, ScalarNode) and node.text in (*OLD_VERSIONS, NEW_VERSION):
        return node.text
    problems.add(ProblemKind.VERSION, f"unknown version {shown(node)}", node.place, allowed)
    # What follows cannot be judged by rules that are not known.
    problems.raise_errors()
    return NEW_VERSION


def _scope(
    root: MapNode,
    document: Document,
    version: str,
    values: Mapping[str, object],
    problems: Problems,
) -> Scope:
    is_old = version in OLD_VERSIONS
    for entry in root if is_old else ():
        if entry.key in NEW_KEYS:
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


def _with_parameters(root: MapNode, scope: Scope, arguments: Given) -> tuple[Scope, frozenset[str]]:
    """Return the scope with the pipeline parameters, and which of them are not their default."""
    node = root.get("parameters") if scope.has_tags else None
    declared = read_parameters(node, kind="pipeline", title="the pipeline", problems=scope.problems)
    values = bind_pipeline(declared, arguments, scope)
    changed = changed_parameters(declared, values, scope)
    return replace(scope, pipeline_parameters=values), changed


def _with_library(root: MapNode, scope: Scope, given: Mapping[str, Orb]) -> Scope:
    is_old = not scope.has_tags
    library = replace(
        scope.library,
        elements=read_elements(root, scope.problems, is_old=is_old),
        orbs={} if is_old else read_orbs(root.get("orbs"), scope, given),
    )
    return replace(scope, library=library)


def _workflows(root: MapNode, path: str, scope: Scope) -> tuple[Workflow, ...]:
    groups = read_job_groups(root.get("job-groups"), scope)
    node = root.get("workflows")
    if node is not None and not _is_empty(node):
        workflows = read_workflows(node, scope, groups)
        warn_of_unused_groups(groups, scope)
        return workflows
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
