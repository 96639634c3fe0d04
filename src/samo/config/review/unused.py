"""What the user's own file declares and nothing uses."""

import re
from collections.abc import Iterator, Set

from samo.config.compile import Compilation
from samo.config.document import MapNode, Node
from samo.config.library import Element, Kind
from samo.config.problems import Problems
from samo.config.review.walk import scalars
from samo.pipeline.problem import ProblemKind

_REFERENCE = re.compile(r"(?<![\w.-])(pipeline\.parameters|parameters|matrix)\.([\w.-]+)")


def warn_of_unused(compilation: Compilation) -> None:
    """Note jobs that no workflow runs, commands and executors that nothing calls, parameters."""
    scope = compilation.scope
    references = set(_references(compilation.root))
    for elements in scope.library.elements.values():
        for element in elements.values():
            if not isinstance(element.body, MapNode):
                continue
            if scope.usage.is_used(element):
                _warn_of_parameters(element, references, scope.problems)
            else:
                hint = (
                    "no workflow runs it" if element.kind is Kind.JOB else "remove it, or call it"
                )
                message = f"the {element.title} is not used"
                scope.problems.warn(ProblemKind.UNUSED, message, element.place, hint)
    # DYN-009: those of a setup pipeline may be meant for the config that it continues with.
    if not compilation.pipeline.is_setup:
        _warn_of_pipeline_parameters(compilation, references)


def _references(node: Node) -> Iterator[tuple[str, str]]:
    """Return the names that a tree refers to, each with the space of names that it is of."""
    for scalar in scalars(node):
        if "." in scalar.text:
            yield from _REFERENCE.findall(scalar.text)


def _warn_of_parameters(
    element: Element, everywhere: Set[tuple[str, str]], problems: Problems
) -> None:
    used = set(_references(element.body))
    for parameter in element.parameters.values():
        # A parameter may be there for the names of a matrix alone.
        if ("parameters", parameter.name) in used or ("matrix", parameter.name) in everywhere:
            continue
        message = f"the parameter '{parameter.name}' of {element.title} is not used"
        problems.warn(ProblemKind.UNUSED, message, parameter.place, "remove it, or refer to it")


def _warn_of_pipeline_parameters(compilation: Compilation, used: Set[tuple[str, str]]) -> None:
    declared = compilation.root.get("parameters")
    for entry in declared if isinstance(declared, MapNode) else ():
        if ("pipeline.parameters", entry.key) not in used:
            message = f"the pipeline parameter '{entry.key}' is not used"
            hint = "remove it, unless a trigger passes it"
            compilation.scope.problems.warn(ProblemKind.UNUSED, message, entry.place, hint)
