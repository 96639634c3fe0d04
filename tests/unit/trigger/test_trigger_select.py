import pytest
from trigger_plans import HERE, at, condition, ignore, job, only, pipeline, workflow

from samo.pipeline.job import Filters
from samo.pipeline.pipeline import Schedule
from samo.pipeline.problem import UsageError
from samo.trigger import Exclusion, Selection, Trigger, TriggerKind, select

MAIN = Trigger(TriggerKind.API, "main")
FEATURE = Trigger(TriggerKind.PUSH, "feature/x")
TAG = Trigger(TriggerKind.API, tag="v1")
OTHER = Filters(branches=only("other"))


def nightly(name="nightly", branches=None, **kwargs):
    schedule = Schedule(cron="0 2 * * *", branches=branches or only("main"), place=at(9))
    return workflow(name, job("bench"), schedules=(schedule,), **kwargs)


def names(selection):
    return {each.name: [job.name for job in each.jobs] for each in selection.workflows}


def test_requirements_on_a_filtered_job_are_ignored_and_orphans_go_with_it():
    plan = pipeline(
        workflow(
            "w",
            job("a", filters=Filters(branches=only("other", place=at(3)))),
            job("b"),
            job("c", "a", "b"),
            job("d", "a", place=at(6)),
            job("e", "d"),
        )
    )

    assert select(plan, MAIN) == Selection(
        workflows=(workflow("w", job("b"), job("c", "b")),),
        exclusions=(
            Exclusion("w", "a", "branch filter `only: other` does not match 'main'", at(3)),
            Exclusion("w", "d", "all that it requires is kept out by filters: 'a'", at(6)),
            Exclusion("w", "e", "all that it requires is kept out by filters: 'd'", HERE),
        ),
    )


def test_a_tag_runs_only_jobs_that_have_a_tag_filter():
    versions = Filters(tags=only("/v.*/"))
    plan = pipeline(workflow("w", job("a"), job("b", filters=versions), job("c", "a", "b")))

    assert names(select(plan, TAG)) == {"w": ["b"]}


def test_a_workflow_whose_jobs_are_all_filtered_does_not_run():
    plan = pipeline(workflow("w", job("a", filters=OTHER)), workflow("v", job("b")))

    assert select(plan, MAIN) == Selection(
        workflows=(workflow("v", job("b")),),
        exclusions=(
            Exclusion("w", "", "each of its jobs is kept out by its filters", HERE),
            Exclusion("w", "a", "branch filter `only: other` does not match 'main'", HERE),
        ),
    )


def test_a_workflow_whose_condition_does_not_hold_does_not_run():
    plan = pipeline(workflow("w", job("a"), condition=condition("<< nope >>", "false")))

    assert select(plan, MAIN) == Selection(
        (), (Exclusion("w", "", "workflow condition `<< nope >>` does not hold", HERE),)
    )


def test_a_scheduled_workflow_does_not_run_on_a_push():
    selection = select(pipeline(nightly(), workflow("w", job("a"))), MAIN)

    assert names(selection) == {"w": ["a"]}
    assert selection.exclusions == (
        Exclusion("nightly", "", "runs on its schedule only: cron '0 2 * * *'", at(9)),
    )


@pytest.mark.parametrize(
    ("schedule", "branch", "expected"),
    [
        ("", "main", {"nightly": ["bench"], "weekly": ["bench"]}),
        ("weekly", "main", {"weekly": ["bench"]}),
        ("", "feature/x", {"weekly": ["bench"]}),
        ("nightly", "feature/x", {}),
        ("a schedule outside the config", "main", {"w": ["a"]}),
    ],
)
def test_a_schedule_runs_the_workflows_that_declare_it(schedule, branch, expected):
    plan = pipeline(nightly(), nightly("weekly", ignore("none")), workflow("w", job("a")))
    trigger = Trigger(TriggerKind.SCHEDULE, branch, schedule=schedule)

    assert names(select(plan, trigger)) == expected


def test_a_schedule_runs_the_whole_config_when_it_declares_none():
    trigger = Trigger(TriggerKind.SCHEDULE, "main")

    assert names(select(pipeline(workflow("w", job("a"))), trigger)) == {"w": ["a"]}


def test_a_job_asked_for_brings_what_it_requires():
    diamond = workflow(
        "w", job("a"), job("b", "a"), job("c", "a"), job("d", "b", "c"), job("e", "d")
    )
    selection = select(pipeline(diamond, workflow("v", job("z"))), MAIN, jobs=["b"])

    assert selection == Selection(
        workflows=(workflow("w", job("a"), job("b", "a")),),
        exclusions=(
            Exclusion("w", "c", "not asked for", HERE),
            Exclusion("w", "d", "not asked for", HERE),
            Exclusion("w", "e", "not asked for", HERE),
            Exclusion("v", "", "not asked for", HERE),
        ),
    )


def test_a_workflow_asked_for_runs_alone():
    plan = pipeline(workflow("w", job("a")), workflow("v", job("a")))

    assert names(select(plan, MAIN, workflows=["v"])) == {"v": ["a"]}


def test_a_job_asked_for_that_a_filter_keeps_out_does_not_run():
    plan = pipeline(workflow("w", job("a", filters=OTHER), job("b")))
    selection = select(plan, FEATURE, jobs=["a"])

    assert names(selection) == {}
    assert [(each.job, each.reason) for each in selection.exclusions] == [
        ("", "each job asked for is kept out by its filters"),
        ("a", "branch filter `only: other` does not match 'feature/x'"),
        ("b", "not asked for"),
    ]


def test_an_unknown_name_is_refused_with_the_nearest():
    plan = pipeline(workflow("build-and-test", job("unit-tests")))

    with pytest.raises(UsageError) as caught:
        select(plan, MAIN, workflows=["build-test"], jobs=["unit-test", "zzz"])

    assert str(caught.value).splitlines() == [
        "error: unknown workflow 'build-test' (did you mean 'build-and-test'?)",
        "error: unknown job 'unit-test' (did you mean 'unit-tests'?)",
        "error: unknown job 'zzz' (there are: unit-tests)",
    ]
