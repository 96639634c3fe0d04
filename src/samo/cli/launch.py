"""From a call of `samo run` to a run: all is made ready first, and nothing starts before."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

import click

from samo.cli.boundary import CANCELED
from samo.cli.new_run import RunPlace, new_run
from samo.cli.plan import Plan
from samo.cli.project import project_of, trigger_for, values_for
from samo.cli.recipe import recipe_of, write_recipe
from samo.cli.recovering import recover_runs
from samo.cli.run_call import RunCall
from samo.cli.showing import shown
from samo.cli.signals import canceling, hearing
from samo.cli.supplying import Begun, Ready, Setup, supplies_for
from samo.engine import Execution, Supplies, most_starts
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import Event, WorkflowStarted
from samo.pipeline.problem import Problem, ProblemKind, SamoError, UsageError
from samo.pipeline.status import WorkflowStatus
from samo.system import Reading
from samo.trigger import select

if TYPE_CHECKING:
    from samo.cli.setup_run import SetupRun

_EXIT_STATUSES = {
    WorkflowStatus.SUCCESS: 0,
    WorkflowStatus.ON_HOLD: 3,
    WorkflowStatus.CANCELED: CANCELED,
}


def launch(call: RunCall, reading: Reading) -> int:
    """Make the run that is asked for, of the repository being read, and return its exit status.

    Raises SamoError where it cannot be made: the config or the call is wrong, or a job needs what
    is not here.
    """
    project = project_of(*reading(), call.config)
    trigger = trigger_for(project, call.trigger_call)
    recover_runs(project.root, os.environ)
    with new_run(project.root, os.environ) as place:
        number, run_id = place.folder.number, str(place.folder.id)
        values = values_for(project, trigger, call.trigger_call, number=number, id=run_id)
        return carry_out(Plan(project=project, trigger=trigger, call=call, values=values), place)


def carry_out(plan: Plan, place: RunPlace) -> int:
    """Run what is planned in a place, and return its exit status; raises SamoError as `launch`."""
    begun = Begun(plan=plan, pipeline=plan.compiled(), place=place)
    with ExitStack() as stack:
        setup = stack.enter_context(_setup_run(begun)) if begun.pipeline.is_setup else None
        ready = _ready(begun, setup)
        if not ready.selection.workflows:
            _say_nothing_runs(ready, plan.call)
            return 0
        supplies = supplies_for(ready, place)
        if plan.call.strict:
            from samo.cli.strict import refuse_differences  # noqa: PLC0415

            refuse_differences(supplies)
        write_recipe(place.folder, recipe_of(plan, supplies))
        first_number = place.runs.reserve_numbers(most_starts(supplies.workflows))
        return _run(supplies, plan.call, first_number, _Rest(setup=setup))


def carry_on(plan: Plan, place: RunPlace, past: Sequence[Event]) -> int:
    """Go on with a run that ended on hold, and return its exit status.

    Raises SamoError as `launch`, and where the config alone does not say what the run was of.
    """
    ready = _ready(Begun(plan=plan, pipeline=plan.compiled(), place=place), None)
    known = {workflow.name for workflow in ready.selection.workflows}
    if any(isinstance(event, WorkflowStarted) and event.workflow not in known for event in past):
        number = place.folder.number
        message = f"run {number} was continued by its setup pipeline, and cannot go on by itself"
        hint = f"samo rerun {number} --from-failed --approve JOB"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    supplies = supplies_for(ready, place)
    first_number = place.runs.reserve_numbers(most_starts(supplies.workflows))
    return _run(supplies, plan.call, first_number, _Rest(past=past))


def _setup_run(begun: Begun) -> AbstractContextManager["SetupRun"]:
    # Few pipelines are of setup: what answers the request to continue is theirs alone.
    from samo.cli.setup_run import open_setup  # noqa: PLC0415

    return open_setup(begun)


def _ready(begun: Begun, setup: "SetupRun | None") -> Ready:
    """Return what runs first, of all that the call names."""
    pipeline, plan = begun.pipeline, begun.plan
    wanted = setup.own_call if setup else plan.call
    if wanted.approve:
        from samo.cli.asked_for import require_approvals  # noqa: PLC0415

        require_approvals(wanted.approve, pipeline)
    return Ready(
        plan=plan,
        pipeline=pipeline,
        selection=select(pipeline, plan.trigger, workflows=wanted.workflows, jobs=wanted.jobs),
        setup=setup.setup if setup else Setup(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """What few runs have: a setup pipeline that may be continued, or a past from which to go on."""

    setup: "SetupRun | None" = None
    past: Sequence[Event] = ()


def _run(supplies: Supplies, call: RunCall, first_number: int, rest: _Rest) -> int:
    setup = rest.setup
    with ExitStack() as stack:
        showing = stack.enter_context(shown(supplies, call, rest.past))
        execution = Execution(
            supplies,
            readers=showing.readers,
            approvals=showing.approvals,
            first_number=first_number,
            past=rest.past,
        )
        stack.enter_context(canceling(execution.cancel))
        stack.enter_context(hearing(execution.look))
        if setup:
            stack.enter_context(setup.continuing(execution, supplies))
        status = execution.run()
    for remark in setup.remarks(status) if setup else ():
        click.echo(remark, err=call.events == "-")
    if status is WorkflowStatus.CANCELED:
        click.echo("canceled: every process that the run started has ended", err=True)
    return _EXIT_STATUSES.get(status, SamoError.exit_status)


def _say_nothing_runs(ready: Ready, call: RunCall) -> None:
    from samo.cli.trigger_text import idle_workflows  # noqa: PLC0415 - most calls run something

    taken = call.events == "-"  # standard output is for events, and there are none
    for line in idle_workflows(ready.selection.exclusions):
        click.echo(line, err=taken)
    click.echo("nothing to run (samo why says which rule keeps each job out)", err=taken)
