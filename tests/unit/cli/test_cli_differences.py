from samo.cli.differences import announcement, labels_of, whole_list
from samo.cli.tally import Tally
from samo.pipeline.event import DifferenceNoted, JobQueued, RunId, WorkflowStarted
from samo.pipeline.job import Job, JobName
from samo.pipeline.pipeline import Workflow
from samo.pipeline.place import Place

RUN = RunId("r1")
HERE = Place("config.yml", 1, 1)


def noted(message, job="", place="", rule="LOC-003"):
    workflow = "w" if job else ""
    return DifferenceNoted(
        time=0.0,
        run=RUN,
        rule=rule,
        message=message,
        workflow=workflow,
        job=JobName(job),
        place=place,
    )


def label(_workflow, job):
    return job


def test_the_whole_list_has_each_fact_once_with_its_jobs_and_its_first_place():
    found = [
        noted("no image", "a", "config.yml:3:5"),
        noted("skipped", rule="CFG-021"),
        noted("no image", "b", "config.yml:9:5"),
        noted("no image", "a", "config.yml:3:5"),
    ]

    assert list(whole_list(found, label)) == [
        "differs from the cloud:",
        "  config.yml:3:5: no image (LOC-003) [a, b]",
        "  skipped (CFG-021)",
    ]


def test_where_nothing_differs_nothing_is_said():
    assert list(whole_list([], label)) == []
    assert list(announcement([], label)) == []


def test_before_a_run_a_few_jobs_are_named_and_no_places():
    found = [noted("no image", job, "config.yml:3:5") for job in "abcde"]
    four = [noted("no shell", job) for job in "abcd"]

    assert list(announcement([*found, *four], label)) == [
        "differs from the cloud:",
        "  no image (LOC-003) [a, b, c and 2 more]",
        "  no shell (LOC-003) [a, b, c, d]",
    ]


def test_before_a_run_no_more_is_said_than_is_read():
    eight = [noted(f"fact {number}") for number in range(8)]
    lines = list(announcement([*eight, noted("fact 8")], label))

    assert len(list(announcement(eight, label))) == 9
    assert lines[-2:] == ["  fact 6 (LOC-003)", "  and 2 more, which the end of the run tells"]


def test_jobs_of_one_name_are_told_apart_as_in_a_run():
    job = Job(name=JobName("a"), declared_name="a", place=HERE)
    other = Job(name=JobName("b"), declared_name="b", place=HERE)
    name = labels_of(
        [
            Workflow(name="v", jobs=(job, other), place=HERE),
            Workflow(name="w", jobs=(job,), place=HERE),
        ]
    )

    assert (name("v", job.name), name("v", other.name)) == ("v/a", "b")


def test_differences_are_told_once_before_what_comes_after_them():
    tally = Tally()
    told = []
    events = [
        WorkflowStarted(time=0.0, run=RUN, workflow="w", jobs=(JobName("a"),)),
        noted("no image", "a"),
        noted("no shell", "a"),
        JobQueued(time=0.0, run=RUN, workflow="w", job=JobName("a")),
        noted("joined", "a"),
        JobQueued(time=0.0, run=RUN, workflow="w", job=JobName("b")),
    ]
    for event in events:
        tally.note(event)
        told.append([each.message for each in tally.tell(event)])

    assert told == [[], [], [], ["no image", "no shell"], [], ["joined"]]
