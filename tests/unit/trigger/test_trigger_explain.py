from trigger_plans import HERE, at, condition, job, only, pipeline, workflow

from samo.pipeline.job import Filters
from samo.trigger import Trigger, TriggerKind, select
from samo.trigger.explain import explain


def told(plan, trigger, **asked):
    return [
        (each.workflow, each.job, each.runs, each.reason, each.place)
        for each in explain(plan, trigger, select(plan, trigger, **asked))
    ]


def test_each_workflow_and_job_gets_its_rule_in_the_order_of_the_file():
    plan = pipeline(
        workflow(
            "w",
            job("a"),
            job("b", "a", filters=Filters(branches=only("main", place=at(4, 9)))),
            job("c", "b", place=at(5, 2)),
        ),
        workflow("v", job("d"), condition=condition("<< deploy >>", "false")),
    )

    assert told(plan, Trigger(TriggerKind.API, "x")) == [
        ("w", "", True, "no condition: every trigger runs it", None),
        ("w", "a", True, "no branch filter: every branch runs", None),
        ("w", "b", False, "branch filter `only: main` does not match 'x'", at(4, 9)),
        ("w", "c", False, "all that it requires is kept out by filters: 'b'", at(5, 2)),
        ("v", "", False, "workflow condition `<< deploy >>` does not hold", HERE),
    ]


def test_what_runs_is_told_by_the_rule_that_lets_it():
    plan = pipeline(
        workflow(
            "w",
            job("a", filters=Filters(branches=only("main", place=at(4)))),
            condition=condition("<< always >>", "true"),
        )
    )

    assert told(plan, Trigger(TriggerKind.API, "main")) == [
        ("w", "", True, "workflow condition `<< always >>` holds", HERE),
        ("w", "a", True, "branch filter `only: main` matches 'main'", at(4)),
    ]
