"""Checks of what is declared, whether used or not (CFG-015)."""

from dataclasses import replace

from samo.config.arguments import coerce, orb_hint, unbound
from samo.config.decode import Fields
from samo.config.document import ListNode, MapNode
from samo.config.executors import read_executor
from samo.config.jobs import expand_job
from samo.config.library import Element, Found, Kind, Library, find
from samo.config.scope import Scope
from samo.config.steps import expand_steps
from samo.pipeline.problem import ProblemKind

COMMAND_KEYS = ("steps", "parameters", "description")


def check_library(library: Library, scope: Scope) -> None:
    """Check each element for itself, with parameters that are not bound yet."""
    apart = replace(scope.within(library), descends=False)
    for elements in library.elements.values():
        for element in elements.values():
            _check_element(element, apart)
    for orb in library.orbs.values():
        if isinstance(orb, Library) and orb.path == library.path:
            check_library(orb, apart)


def check_calls(scope: Scope) -> None:
    """Note commands that call each other in a loop (JOB-003)."""
    for elements, place in scope.usage.loops():
        circle = " -> ".join(element.name for element in elements)
        message = f"commands call each other without end: {circle}"
        scope.problems.add(ProblemKind.GRAPH, message, place, "break the loop")


def _check_element(element: Element, scope: Scope) -> None:
    if not isinstance(element.body, MapNode):
        _check_alias(element, scope)
        return
    for parameter in element.parameters.values():
        if parameter.default is not None:
            coerce(parameter, parameter.default, scope)
            if isinstance(parameter.default, ListNode):
                expand_steps(parameter.default, scope)
    found = Found(element=element, body=element.body, library=scope.library)
    parameters = unbound(found)
    match element.kind:
        case Kind.JOB:
            expand_job(found, parameters, scope)
        case Kind.EXECUTOR:
            inner = scope.inside(found, parameters)
            read_executor(element.title, element.place, found.body, inner)
        case Kind.COMMAND:
            _check_command(found, scope.inside(found, parameters))


def _check_command(found: Found, scope: Scope) -> None:
    fields = Fields(found.body, found.element.title, found.element.place, scope.problems)
    fields.allow(COMMAND_KEYS)
    if fields.require("steps"):
        expand_steps(found.body.get("steps"), scope)


def _check_alias(element: Element, scope: Scope) -> None:
    """JOB-002, EXE-002: a bare string stands for the element of an orb."""
    target = getattr(element.body, "text", "")
    if not isinstance(getattr(element.body, "value", None), str):
        return
    if find(scope.library, element.kind, element.name) is None:
        message = f"unknown {element.kind} '{target}'"
        hint = f"a name here stands for the {element.kind} of an orb: ALIAS/NAME"
        hint = orb_hint(element.kind, target, scope) or hint
        scope.problems.add(ProblemKind.UNKNOWN_REFERENCE, message, element.body.place, hint)
