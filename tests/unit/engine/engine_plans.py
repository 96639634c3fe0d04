"""Short ways to write down workflows, and to play a run through without running anything."""

from samo.engine.resources import Resources
from samo.engine.schedule import Terms, decide
from samo.engine.state import apply, begin
from samo.pipeline.event import JobFinished, JobStarted, RunFinished, RunId
from samo.pipeline.job import Job, JobName, JobType, Requirement
from samo.pipeline.pipeline import Workflow
from samo.pipeline.place import Place
from samo.pipeline.status import JobStatus

HERE = Place("config.yml", 1, 1)
RUN = RunId("r1")
MACHINE = Resources(cores=8, memory_mib=32 * 1024)


def requires(*names, **statuses):
    """Requirements by name; `name=JobStatus.FAILED` asks for another status than success."""
    plain = tuple(Requirement(job=JobName(name), place=HERE) for name in names)
    other = tuple(
        Requirement(job=JobName(name), statuses=frozenset({status}), place=HERE)
        for name, status in statuses.items()
    )
    return plain + other


def job(name, *upstream, **settings):
    settings.setdefault("requires", requires(*upstream))
    return Job(name=JobName(name), declared_name=name, place=HERE, **settings)


def approval(name, *upstream):
    return job(name, *upstream, type=JobType.APPROVAL)


def workflow(*jobs, name="w"):
    return Workflow(name=name, jobs=jobs, place=HERE)


def terms(**settings):
    return Terms(run=RUN, started=1000.0, **{"machine": MACHINE, **settings})


def key(name, workflow="w"):
    return (workflow, JobName(name))


def ended(name, status=JobStatus.SUCCESS, workflow="w"):
    return JobFinished(
        time=1000.0, run=RUN, workflow=workflow, job=JobName(name), status=status, duration_s=1.0
    )


def names(events, kind=JobStarted):
    return [str(event.job) for event in events if isinstance(event, kind)]


def follow(state, events):
    for event in events:
        state = apply(state, event)
    return state


def step(state, given):
    """Decide once: the events, and the state after them."""
    events = decide(state, given, 1000.0)
    return events, follow(state, events)


def all_succeed(_name):
    return "success"


def play(workflows, outcome=all_succeed, given=None):
    """Play a whole run: each running job ends as `outcome` says, the first to start first.

    Returns all events, in their order.
    """
    given = given or terms()
    state = begin(workflows)
    told = []
    while not state.is_final:
        events, state = step(state, given)
        told += events
        if not events:
            workflow, name = next(iter(state.running))
            events = [ended(name, JobStatus(outcome(name)), workflow)]
            told += events
            state = follow(state, events)
    assert isinstance(told[-1], RunFinished)
    return told
