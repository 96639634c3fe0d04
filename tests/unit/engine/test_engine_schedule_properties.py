"""Whatever the graph and whatever becomes of its jobs, a run keeps its rules and ends."""

from engine_plans import MACHINE, approval, follow, job, play, requires, terms, workflow
from hypothesis import given
from hypothesis import strategies as st

from samo.engine.resources import taken_by
from samo.engine.state import accepts, apply, begin
from samo.pipeline.event import JobStarted, WorkflowFinished
from samo.pipeline.status import JobStatus

ENDS = [JobStatus.SUCCESS, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.INFRASTRUCTURE_FAIL]
WANTED = [JobStatus.SUCCESS, JobStatus.FAILED, JobStatus.NOT_RUN]
CLASSES = ["", "small", "medium", "large", "xlarge", "2xlarge"]


@st.composite
def plans(draw):
    jobs = []
    for index in range(draw(st.integers(1, 8))):
        upstream = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        wanted = {f"j{each}": draw(st.sampled_from(WANTED)) for each in sorted(upstream)}
        if draw(st.integers(0, 9)) == 0:
            jobs.append(approval(f"j{index}", *wanted))
        else:
            size = draw(st.sampled_from(CLASSES))
            jobs.append(job(f"j{index}", requires=requires(**wanted), resource_class=size))
    return workflow(*jobs)


OUTCOMES = st.dictionaries(
    st.sampled_from([f"j{index}" for index in range(8)]), st.sampled_from(ENDS)
)


@given(plans(), OUTCOMES)
def test_every_run_ends_and_each_job_is_where_its_requirements_put_it(plan, outcomes):
    events = play([plan], lambda name: outcomes.get(name, JobStatus.SUCCESS))
    [end] = [event for event in events if isinstance(event, WorkflowFinished)]
    statuses = dict(end.jobs)
    started = {event.job for event in events if isinstance(event, JobStarted)}

    for each in plan.jobs:
        upstream = [(r, statuses[r.job]) for r in each.requires]
        if all(status.is_final and accepts(r, status) for r, status in upstream):
            assert each.name in started or statuses[each.name] is JobStatus.ON_HOLD
        elif any(status.is_final and not accepts(r, status) for r, status in upstream):
            assert statuses[each.name] is JobStatus.NOT_RUN
        else:
            assert statuses[each.name] is JobStatus.BLOCKED


@given(plans(), OUTCOMES)
def test_no_more_room_is_taken_than_the_machine_has(plan, outcomes):
    events = play([plan], lambda name: outcomes.get(name, JobStatus.SUCCESS))
    state = begin([plan])
    for event in events:
        state = apply(state, event)
        taken = [taken_by(each, MACHINE) for each in state.running.values()]
        room = MACHINE.without(taken)
        assert room.cores >= 0
        assert room.memory_mib >= 0


@given(plans(), OUTCOMES, st.integers(0, 40))
def test_a_run_read_back_from_any_begin_of_its_journal_goes_on_to_the_same_end(plan, outcomes, cut):
    def outcome(name):
        return outcomes.get(name, JobStatus.SUCCESS)

    events = play([plan], outcome)
    read_back = follow(begin([plan]), events[:cut])
    whole = follow(begin([plan]), events)

    assert follow(read_back, events[cut:]) == whole
    assert whole.is_final


@given(plans())
def test_decisions_are_the_same_each_time(plan):
    assert play([plan], given=terms()) == play([plan], given=terms())
