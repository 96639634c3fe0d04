"""A run of a setup pipeline, which its jobs continue with the config that they compute."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path

from samo.cli.asked_for import asked_of_continued, asked_of_setup, require_approvals
from samo.cli.continue_endpoint import ContinueEndpoint, Reply
from samo.cli.paths import short
from samo.cli.project import orbs_for
from samo.cli.supplying import Begun, Setup
from samo.cli.trigger_text import idle_workflows
from samo.config import Continuation, Source, arguments_from_text, compile_pipeline
from samo.engine import Execution, Secrets, Supplies, most_starts, refusals
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.problem import ConfigError, Problem, ProblemKind, SamoError, UsageError
from samo.pipeline.status import WorkflowStatus
from samo.stores.problems import store_failure
from samo.trigger import Exclusion, Selection, select
from samo.trigger.select import NOT_ASKED_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    key: str
    configuration: str
    parameters: Mapping[str, object]


@contextmanager
def open_setup(begun: Begun) -> Iterator["SetupRun"]:
    """Listen for requests to continue the run."""
    with ContinueEndpoint() as endpoint:
        yield SetupRun(begun, endpoint)


class SetupRun:
    """What the run of a setup pipeline has beside any other's.

    `own_call` is what the call asks of the setup pipeline itself, `setup` what its jobs continue
    it with.
    """

    def __init__(self, begun: Begun, endpoint: ContinueEndpoint) -> None:
        self._begun = begun
        self._endpoint = endpoint
        self._continued: Selection | None = None
        self.own_call = asked_of_setup(begun.plan.call, begun.pipeline)
        self.setup = Setup(key=os.urandom(32).hex(), address=endpoint.address)

    def continuing(self, execution: Execution, supplies: Supplies) -> AbstractContextManager[None]:
        """Answer requests to continue `execution` while it runs."""
        return self._endpoint.answering(partial(self._answer, execution, supplies))

    def remarks(self, status: WorkflowStatus) -> Iterator[str]:
        """Tell why nothing followed the setup pipeline, where nothing did (DYN-011)."""
        if self._continued is None:
            if status is WorkflowStatus.SUCCESS:
                yield "the setup pipeline ended without a request to continue: nothing follows"
        elif not self._continued.workflows:
            yield from idle_workflows(self._continued.exclusions)
            yield "the setup pipeline was continued with nothing to run"

    def _answer(self, execution: Execution, supplies: Supplies, body: bytes) -> Reply:
        """Continue the run as the body asks, or say all that is wrong with that (DYN-006)."""
        try:
            request = _request(body)
            self._admit(request)
            selection = self._selected(request, supplies)
            if selection.workflows:
                first_number = self._begun.place.runs.reserve_numbers(
                    most_starts((*selection.workflows, *supplies.workflows))
                )
                execution.add(selection.workflows, first_number=first_number)
        except SamoError as error:
            message = "\n".join(_told(problem) for problem in error.problems)
            return Reply(status=HTTPStatus.BAD_REQUEST, message=supplies.secrets.masked(message))
        self._continued = selection
        return Reply(status=HTTPStatus.OK, message="The pipeline goes on.")

    def _admit(self, request: _Request) -> None:
        if not compare_digest(request.key.encode(errors="replace"), self.setup.key.encode()):
            raise _refusal("The continuation key is none of this pipeline.")
        if self._continued is not None:
            raise _refusal("Pipeline is not in setup state.")

    def _selected(self, request: _Request, supplies: Supplies) -> Selection:
        """Return what runs of the config that a request brings, with names of its own."""
        begun = self._begun
        pipeline = self._compiled(request, supplies.secrets)
        wanted = asked_of_continued(begun.plan.call, begun.pipeline, pipeline)
        if wanted is None:
            return Selection((), tuple(map(_not_asked_for, pipeline.workflows)))
        require_approvals(wanted.approve, pipeline)
        trigger = begun.plan.trigger
        selection = select(pipeline, trigger, workflows=wanted.workflows, jobs=wanted.jobs)
        if problems := refusals(selection.workflows, supplies.executor):
            raise ConfigError(*problems)
        taken = [workflow.name for workflow in supplies.workflows]
        return replace(selection, workflows=_apart(selection.workflows, taken))

    def _compiled(self, request: _Request, secrets: Secrets) -> Pipeline:
        """Compile in the same pipeline: with the values that the setup config had (DYN-007)."""
        begun = self._begun
        path = begun.place.folder.continued_config
        _keep(secrets.masked(request.configuration), path)
        project = replace(
            begun.plan.project, source=Source(path=str(short(path)), text=request.configuration)
        )
        values = begun.plan.values
        arguments = Continuation(
            parameters=request.parameters,
            trigger=arguments_from_text(begun.plan.call.trigger_call.params),
            changed=begun.pipeline.changed_parameters,
        )
        orbs = orbs_for(project, values=values, arguments=arguments)
        return compile_pipeline(project.source, values=values, arguments=arguments, orbs=orbs)


def _request(body: bytes) -> _Request:
    """Return what a body asks for (DYN-003); raises UsageError where it has another form."""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _refusal(f"The body is no JSON: {error}") from error
    match values:
        case {"continuation-key": str(key), "configuration": str(configuration)}:
            match values.get("parameters", {}):
                case dict(parameters):
                    return _Request(key=key, configuration=configuration, parameters=parameters)
            raise _refusal("'parameters' must be an object.")
    raise _refusal("The body must have the texts 'continuation-key' and 'configuration'.")


def _keep(configuration: str, path: Path) -> None:
    """Keep what is to be compiled where the places of its problems can be looked up."""
    try:
        path.write_bytes(configuration.encode())
    except UnicodeEncodeError as error:
        raise _refusal("The configuration has half a character in it.") from error
    except OSError as error:
        raise store_failure(f"cannot keep the config in {path}", error) from error


def _apart(workflows: tuple[Workflow, ...], taken: list[str]) -> tuple[Workflow, ...]:
    """Give workflows that are called as one of the setup config names of their own."""
    others = {workflow.name for workflow in workflows}
    renamed = []
    for workflow in workflows:
        name = workflow.name
        while name in taken or (name != workflow.name and name in others):
            name += " (continued)"
        renamed.append(replace(workflow, name=name) if name != workflow.name else workflow)
    return tuple(renamed)


def _not_asked_for(workflow: Workflow) -> Exclusion:
    return Exclusion(workflow.name, "", NOT_ASKED_FOR, workflow.place)


def _refusal(message: str) -> UsageError:
    return UsageError(Problem(kind=ProblemKind.DYNAMIC, message=message))


def _told(problem: Problem) -> str:
    """Return a problem as a reply tells it: one without a place is CircleCI's bare message."""
    if problem.place:
        return str(problem)
    return f"{problem.message} ({problem.hint})" if problem.hint else problem.message
