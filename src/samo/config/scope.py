"""What the names in `<< >>` mean at one place of the text."""

from collections.abc import Mapping
from dataclasses import field, replace
from types import MappingProxyType

from samo.config import pipeline_values
from samo.config.decode import NULL_TEXT
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.evaluation import UNBOUND, ExpressionError
from samo.config.interpolate import interpolate, render
from samo.config.library import Element, Found, Library
from samo.config.problems import Problems
from samo.config.usage import Usage
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import NullValue
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind, nearest

NO_VALUES: Mapping[str, object] = MappingProxyType({})


@dataclass
class Budget:
    """How much a config may still grow: parameters multiply what aliases cannot."""

    steps: int = 100_000
    jobs: int = 10_000
    requirements: int = 200_000
    values: int = 800_000
    characters: int = 100_000_000

    def take_step(self, place: Place) -> None:
        """Count a step, or the call of a command; raises ConfigError where there are too many."""
        self.steps -= 1
        if self.steps < 0:
            raise _too_much("steps", Budget.steps, place)

    def take_jobs(self, count: int, place: Place) -> None:
        """Count jobs; raises ConfigError where there are too many."""
        self.jobs -= count
        if self.jobs < 0:
            raise _too_much("jobs", Budget.jobs, place)

    def take_requirements(self, count: int, place: Place) -> None:
        """Count what jobs require; raises ConfigError where it is too much."""
        self.requirements -= count
        if self.requirements < 0:
            raise _too_much("requirements", Budget.requirements, place)

    def take_values(self, count: int, place: Place) -> None:
        """Count what is read once more, as for each call of a command; raises ConfigError."""
        self.values -= count
        if self.values < 0:
            raise _too_much("values", Budget.values, place)

    def take_text(self, text: str, place: Place) -> None:
        """Count characters that parameters made; raises ConfigError where there are too many."""
        self.take_values(3, place)  # a tag costs what some values do that are only read
        self.characters -= len(text)
        if self.characters < 0:
            raise _too_much("characters", Budget.characters, place)


def _too_much(what: str, limit: int, place: Place) -> ConfigError:
    message = f"the config grows to more than {limit:,} {what}"
    hint = "commands, parameters or matrices multiply each other here"
    return ConfigError(
        Problem(kind=ProblemKind.UNSUPPORTED_LOCALLY, message=message, place=place, hint=hint)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The names that a text sees: lexical, so a called command sees none of its caller's.

    `pipeline_parameters` is None within orbs (PAR-025), `parameters` None outside of elements.
    `calls` are the elements being expanded, `depth` counts them and the conditions between. An
    element that is checked for itself has UNBOUND parameters and `descends` into no other.
    """

    problems: Problems
    budget: Budget
    usage: Usage
    library: Library
    values: Mapping[str, object] = field(default_factory=dict)
    pipeline_parameters: Mapping[str, object] | None = None
    parameters: Mapping[str, object] | None = None
    matrix: Mapping[str, object] | None = None
    calls: tuple[Element, ...] = ()
    depth: int = 0
    descends: bool = True
    has_tags: bool = True

    def within(self, library: Library) -> "Scope":
        """Return the scope of a library's own text, outside of any element."""
        visible = self._visible(library)
        return replace(
            self, library=library, pipeline_parameters=visible, parameters=None, matrix=None
        )

    def inside(self, found: Found, parameters: Mapping[str, object]) -> "Scope":
        """Return the scope of an element's body."""
        self.budget.take_values(found.body.size, found.element.place)
        return replace(
            self,
            library=found.library,
            pipeline_parameters=self._visible(found.library),
            parameters=parameters,
            matrix=None,
            calls=(*self.calls, found.element),
            depth=self.depth + 1,
        )

    def _visible(self, library: Library) -> Mapping[str, object] | None:
        return self.pipeline_parameters if library.orb == self.library.orb else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepsValue:
    """A list of steps given as an argument, with the scope of the giver (ORB-009)."""

    steps: ListNode
    scope: Scope

    def __bool__(self) -> bool:
        return bool(self.steps.items)

    def __str__(self) -> str:
        return "steps"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExecutorValue:
    """An executor given as an argument: its name, its own arguments, the giver's scope."""

    name: str
    arguments: tuple[Entry, ...]
    scope: Scope
    place: Place

    def __str__(self) -> str:
        return self.name


def evaluate(node: Node, scope: Scope) -> Node:
    """Return the node with every tag in it replaced by its value; problems are noted."""
    if not node.has_tags or not scope.has_tags:
        return node
    if isinstance(node, ScalarNode):
        return evaluate_scalar(node, scope)
    if isinstance(node, ListNode):
        items: list[Node] = []
        for item in node.items:  # no comprehension: a stack frame less at each level
            items.append(evaluate(item, scope))
        return ListNode(node.place, tuple(items))
    entries: dict[str, Entry] = {}
    for entry in node:
        entries[entry.key] = Entry(entry.key, entry.place, evaluate(entry.node, scope))
    return MapNode(node.place, entries)


def evaluate_scalar(node: ScalarNode, scope: Scope) -> ScalarNode:
    """Return the scalar with its tags replaced; UNBOUND where one is wrong: once is enough."""
    if not node.has_tags or not scope.has_tags:
        return node
    try:
        value = interpolate(node.text, lambda name, offset: look_up(scope, name, offset))
    except ExpressionError as error:
        note_fault(error, node, scope)
        value = UNBOUND
    text = NULL_TEXT if value is None else render(value)
    scope.budget.take_text(text, node.place)
    return ScalarNode(node.place, text, value)


def note_fault(error: ExpressionError, node: ScalarNode, scope: Scope) -> None:
    """Note what is wrong within a scalar, at its very place."""
    from samo.config.locate import place_within  # noqa: PLC0415 - only who errs needs it

    place = place_within(node, error.offset, scope.library.text)
    scope.problems.add(error.kind, error.message, place, error.hint)


def look_up(scope: Scope, name: str, offset: int) -> object:
    """Return the value of a dotted name; raises ExpressionError."""
    if name.startswith("parameters."):
        return _parameter(scope, name.removeprefix("parameters."), offset)
    if name.startswith("pipeline.parameters."):
        return _pipeline_parameter(scope, name.removeprefix("pipeline.parameters."), offset)
    if name.startswith("matrix.") and scope.matrix is not None:
        return _of(scope.matrix, name.removeprefix("matrix."), "matrix parameter", offset)
    value = scope.values.get(name)
    if value is not None:
        return value
    if name in scope.values or pipeline_values.is_known(name):
        _note_null(name, scope)
        return None
    hint = nearest(name, (*pipeline_values.KNOWN, *_own_names(scope)))
    if name.startswith("matrix."):
        hint = "matrix values are known only in the invocation that has the matrix"
    raise ExpressionError(ProblemKind.INTERPOLATION, f"unknown variable '{name}'", offset, hint)


def _note_null(name: str, scope: Scope) -> None:
    """Note a value that the cloud may have, for who wants to know what differs (ENV-001)."""
    job = scope.calls[0].name if scope.calls else ""
    nulls = scope.usage.null_values
    if scope.descends and (name, job) not in nulls:
        from samo.config.locate import place_of_name  # noqa: PLC0415 - few configs read such

        start = scope.calls[-1].place.line if scope.calls else 1
        place = place_of_name(name, scope.library.path, scope.library.text, start)
        nulls[name, job] = NullValue(name=name, job=job, place=place)


def _parameter(scope: Scope, name: str, offset: int) -> object:
    declared = scope.parameters or {}
    if name in declared:
        return declared[name]
    message = f"parameter '{name}' is not declared here"
    hint = nearest(name, declared) or _declared_hint(declared)
    raise ExpressionError(ProblemKind.PARAM_UNDECLARED, message, offset, hint)


def _declared_hint(declared: Mapping[str, object]) -> str:
    return f"declared: {', '.join(declared)}" if declared else "declare it under 'parameters'"


def _pipeline_parameter(scope: Scope, name: str, offset: int) -> object:
    if scope.pipeline_parameters is None:
        message = f"pipeline parameter '{name}' is unknown here"
        hint = "orbs and parameter declarations see no pipeline parameters; pass it as an argument"
        raise ExpressionError(ProblemKind.INTERPOLATION, message, offset, hint)
    return _of(scope.pipeline_parameters, name, "pipeline parameter", offset)


def _of(values: Mapping[str, object], name: str, what: str, offset: int) -> object:
    if name in values:
        return values[name]
    message = f"unknown {what} '{name}'"
    hint = nearest(name, values) or _declared_hint(values)
    raise ExpressionError(ProblemKind.INTERPOLATION, message, offset, hint)


def _own_names(scope: Scope) -> list[str]:
    return [f"parameters.{name}" for name in scope.parameters or {}]
