"""Which workflows and jobs run for a trigger, and what keeps each other one out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Job, JobName
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest
from samo.trigger.filters import branch_finding, condition_finding, job_finding
from samo.trigger.model import Exclusion, Finding, Selection, Trigger, TriggerKind

NOT_ASKED_FOR = "not asked for"


def select(
    pipeline: Pipeline,
    trigger: Trigger,
    *,
    workflows: Sequence[str] = (),
    jobs: Sequence[str] = (),
) -> Selection:
    """Return what of the pipeline runs for the trigger.

    `workflows` and `jobs` narrow it to what was asked for: a job brings the jobs that it
    requires, and theirs. Raises UsageError for a name that the pipeline does not have.
    """
    _check_names(pipeline, workflows, jobs)
    kept: list[Workflow] = []
    exclusions: list[Exclusion] = []
    for workflow in pipeline.workflows:
        part = _select_workflow(workflow, pipeline, trigger, _Wanted(workflows, jobs))
        kept += part.workflows
        exclusions += part.exclusions
    return Selection(tuple(kept), tuple(exclusions))


def workflow_finding(workflow: Workflow, pipeline: Pipeline, trigger: Trigger) -> Finding:
    """Return what the workflow's own rules, condition and schedule, say of the trigger."""
    if _is_declared_schedule(pipeline, trigger):
        if not workflow.schedules:
            reason = "this trigger is the schedule of another workflow"
            return Finding(runs=False, reason=reason, place=workflow.place)
        scheduled = _schedule_finding(workflow, trigger)
        if not scheduled.runs or workflow.condition is None:
            return scheduled
    elif workflow.schedules:
        crons = ", ".join(f"'{schedule.cron}'" for schedule in workflow.schedules)
        reason = f"runs on its schedule only: cron {crons}"
        return Finding(runs=False, reason=reason, place=workflow.schedules[0].place)
    if workflow.condition is not None:
        return condition_finding("workflow", workflow.condition)
    return Finding(runs=True, reason="no condition: every trigger runs it", place=None)


def _is_declared_schedule(pipeline: Pipeline, trigger: Trigger) -> bool:
    """Whether the trigger is a schedule that the config itself declares (WF-036).

    The newer schedules stand outside the config and run all of it but these (WF-037).
    """
    if trigger.kind is not TriggerKind.SCHEDULE:
        return False
    scheduled = [workflow.name for workflow in pipeline.workflows if workflow.schedules]
    return trigger.schedule in scheduled if trigger.schedule else bool(scheduled)


def _schedule_finding(workflow: Workflow, trigger: Trigger) -> Finding:
    if trigger.schedule not in ("", workflow.name):
        reason = f"the schedule asked for is that of '{trigger.schedule}'"
        return Finding(runs=False, reason=reason, place=workflow.schedules[0].place)
    findings = [branch_finding(each.branches, trigger.branch) for each in workflow.schedules]
    decisive = next((finding for finding in findings if finding.runs), findings[0])
    return replace(decisive, reason=f"schedule: {decisive.reason}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The names that the call asks for; none of a kind asks for all."""

    workflows: Sequence[str]
    jobs: Sequence[str]

    def has_workflow(self, workflow: Workflow) -> bool:
        if self.workflows and workflow.name not in self.workflows:
            return False
        return not self.jobs or any(job.name in self.jobs for job in workflow.jobs)


def _select_workflow(
    workflow: Workflow, pipeline: Pipeline, trigger: Trigger, wanted: _Wanted
) -> Selection:
    if not wanted.has_workflow(workflow):
        return Selection((), (_excluded(workflow, NOT_ASKED_FOR),))
    finding = workflow_finding(workflow, pipeline, trigger)
    if not finding.runs:
        exclusion = Exclusion(workflow.name, "", finding.reason, finding.place)
        return Selection((), (exclusion,))
    out = _kept_out(workflow, trigger)
    if len(out) == len(workflow.jobs):
        whole = _excluded(workflow, "each of its jobs is kept out by its filters")
        return Selection((), (whole, *out.values()))
    if wanted.jobs:
        out |= _not_asked_for(workflow, wanted.jobs, out)
    pruned = tuple(_without(job, out) for job in workflow.jobs if job.name not in out)
    exclusions = tuple(out[job.name] for job in workflow.jobs if job.name in out)
    if not pruned:
        whole = _excluded(workflow, "each job asked for is kept out by its filters")
        return Selection((), (whole, *exclusions))
    return Selection((replace(workflow, jobs=pruned),), exclusions)


def _excluded(workflow: Workflow, reason: str) -> Exclusion:
    return Exclusion(workflow.name, "", reason, workflow.place)


def _kept_out(workflow: Workflow, trigger: Trigger) -> dict[JobName, Exclusion]:
    out: dict[JobName, Exclusion] = {}
    for job in workflow.jobs:
        finding = job_finding(job, trigger)
        if not finding.runs:
            out[job.name] = Exclusion(workflow.name, job.name, finding.reason, finding.place)
    for job in _orphans(workflow, out):
        names = ", ".join(f"'{each.job}'" for each in job.requires)
        reason = f"all that it requires is kept out by filters: {names}"
        out[job.name] = Exclusion(workflow.name, job.name, reason, job.requires[0].place)
    return out


def _orphans(workflow: Workflow, out: Iterable[JobName]) -> Iterator[Job]:
    """Return the jobs all of whose requirements are gone, or go with these (WF-008)."""
    gone = list(out)
    left = {job.name: {each.job for each in job.requires} for job in workflow.jobs if gone}
    downstream: dict[JobName, list[Job]] = {}
    for job in workflow.jobs:
        for name in left.get(job.name, ()):
            downstream.setdefault(name, []).append(job)
    seen = set(gone)
    while gone:
        name = gone.pop()
        for job in downstream.get(name, ()):
            left[job.name].discard(name)
            if not left[job.name] and job.name not in seen:
                seen.add(job.name)
                gone.append(job.name)
                yield job


def _not_asked_for(
    workflow: Workflow, names: Sequence[str], out: dict[JobName, Exclusion]
) -> dict[JobName, Exclusion]:
    jobs = {job.name: job for job in workflow.jobs if job.name not in out}
    wanted: set[JobName] = set()
    waiting = [name for name in jobs if name in names]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += [each.job for each in jobs[name].requires if each.job in jobs]
    return {
        name: Exclusion(workflow.name, name, NOT_ASKED_FOR, job.place)
        for name, job in jobs.items()
        if name not in wanted
    }


def _without(job: Job, out: dict[JobName, Exclusion]) -> Job:
    kept = tuple(each for each in job.requires if each.job not in out)
    return replace(job, requires=kept) if len(kept) < len(job.requires) else job


def _check_names(pipeline: Pipeline, workflows: Sequence[str], jobs: Sequence[str]) -> None:
    known_workflows = [workflow.name for workflow in pipeline.workflows]
    asked = [each for each in pipeline.workflows if each.name in workflows] or pipeline.workflows
    known_jobs = [str(job.name) for workflow in asked for job in workflow.jobs]
    problems = [
        *(_unknown("workflow", name, known_workflows) for name in workflows),
        *(_unknown("job", name, known_jobs) for name in jobs),
    ]
    if found := [problem for problem in problems if problem]:
        raise UsageError(*found)


def _unknown(what: str, name: str, known: Sequence[str]) -> Problem | None:
    if name in known:
        return None
    listed = ", ".join(dict.fromkeys(known)) or "none"
    hint = nearest(name, known) or f"there are: {listed}"
    return Problem(kind=ProblemKind.USAGE, message=f"unknown {what} '{name}'", hint=hint)
