"""Job groups: what their invocation comes to, and what keeps them within bounds."""

from config_texts import DOCKER, compiled, names_of, problems, requires_of, with_workflow
from hypothesis import given
from hypothesis import strategies as st

from samo.pipeline.job import Patterns
from samo.pipeline.place import Place

GROUP = "job-groups:\n  g: {jobs: [a, b: {requires: [a]}]}\n  h: {jobs: [b]}\n"


def workflow_with_groups(jobs, *, groups=GROUP):
    return compiled(with_workflow(jobs, declared=groups)).workflows[0]


def test_boundaries_of_a_group_stand_where_it_was_invoked_and_its_jobs_where_they_are_listed():
    workflow = workflow_with_groups("- g")

    assert [(job.name, job.place.line) for job in workflow.jobs] == [
        ("g-group-start", 5),
        ("a", 11),
        ("b", 11),
        ("g-group-end", 5),
    ]


def test_filters_are_those_of_the_boundaries():
    workflow = workflow_with_groups("- g: {filters: {branches: {only: main}}}")
    only_main = Patterns(only=("main",), place=Place("c.yml", 5, 20))

    assert [job.filters.branches for job in workflow.jobs] == [only_main, None, None, only_main]


def test_a_group_ends_when_the_jobs_that_no_other_of_it_requires_have():
    groups = (
        "job-groups:\n"
        "  g: {jobs: [a, b: {requires: [a]}, c: {requires: [{a: failed}]}, a: {name: d}]}\n"
    )

    assert requires_of(workflow_with_groups("- g", groups=groups))["g-group-end"] == ["b", "c", "d"]


def test_a_group_without_jobs_is_told_once_and_can_be_required():
    groups = "job-groups:\n  g: {jobs: []}\n"
    text = with_workflow("- g\n- a: {requires: [g]}", declared=groups)

    assert problems(text) == [
        "12:13 schema: 'jobs' of the job group 'g' must be a list of jobs, found an empty list"
    ]


@given(
    st.lists(st.sampled_from(["a", "b", "g: {name: a-1}", "g", "h", "h: {name: x}"]), unique=True)
)
def test_names_are_unique_whatever_stands_in_groups(items):
    names = names_of(workflow_with_groups("\n".join(f"- {item}" for item in ["c", *items])))

    assert len(set(names)) == len(names)


def test_invocations_of_a_large_group_grow_within_the_bounds_of_all_jobs():
    members = ", ".join(f"a: {{name: n{number}}}" for number in range(2400))
    groups = f"job-groups:\n  g: {{jobs: [{members}]}}\n"
    invocations = "\n".join(f"- g: {{name: x{number}}}" for number in range(4))

    assert problems(with_workflow(invocations, declared=groups)) == [
        "8:7 unsupported-locally: the config grows to more than 10,000 jobs"
    ]


def test_version_2_has_no_groups():
    jobs = f"jobs:\n  build: {{{DOCKER}, steps: []}}\n"
    text = f"version: 2\njob-groups: {{g: {{jobs: [build]}}}}\n{jobs}"

    assert problems(text) == ["2:1 schema: 'job-groups' needs version 2.1, found version 2"]
