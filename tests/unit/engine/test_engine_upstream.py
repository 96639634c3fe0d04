from engine_plans import job, workflow

from samo.engine.upstream import in_order, upstream_of


def test_upstream_is_all_that_must_end_before_in_the_order_of_the_graph():
    plan = workflow(job("d", "b", "c"), job("b", "a"), job("c", "a"), job("a"), job("e"))

    assert upstream_of(plan) == {
        "d": ("a", "b", "c"),
        "b": ("a",),
        "c": ("a",),
        "a": (),
        "e": (),
    }
    assert in_order(plan) == ["a", "e", "b", "c", "d"]
