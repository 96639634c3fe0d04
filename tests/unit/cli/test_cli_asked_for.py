"""Which of two configs the names of a call mean."""

import pytest

from samo.cli.asked_for import asked_of_continued, asked_of_setup, require_approvals
from samo.cli.run_call import RunCall
from samo.pipeline.job import Job, JobName, JobType
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.place import Place
from samo.pipeline.problem import UsageError

HERE = Place("config.yml", 1, 1)


def pipeline(**workflows):
    """A pipeline by the names of its jobs; one that ends in `?` is an approval."""
    return Pipeline(
        path="config.yml",
        version="2.1",
        workflows=tuple(
            Workflow(name=name, jobs=tuple(map(job, jobs.split())), place=HERE)
            for name, jobs in workflows.items()
        ),
    )


def job(name):
    kind = JobType.APPROVAL if name.endswith("?") else JobType.BUILD
    name = name.removesuffix("?")
    return Job(name=JobName(name), declared_name=name, type=kind, place=HERE)


SETUP = pipeline(setup="generate go?", shared="lint")
CONTINUED = pipeline(main="build lint ship?", shared="test")


def asked(**names):
    return RunCall(**{name: tuple(value.split()) for name, value in names.items()})


def test_a_call_without_names_asks_for_all_of_both():
    assert asked_of_setup(RunCall(), SETUP) == RunCall()
    assert asked_of_continued(RunCall(), SETUP, CONTINUED) == RunCall()


def test_each_config_gets_its_names_and_both_what_both_have():
    call = asked(workflows="setup shared main", jobs="generate lint build", approve="go ship")

    assert asked_of_setup(call, SETUP) == asked(
        workflows="setup shared", jobs="generate lint", approve="go"
    )
    assert asked_of_continued(call, SETUP, CONTINUED) == asked(
        workflows="shared main", jobs="lint build", approve="ship"
    )


def test_what_neither_has_is_left_to_the_continued_config():
    call = asked(workflows="other")

    assert asked_of_setup(call, SETUP) == RunCall()
    assert asked_of_continued(call, SETUP, CONTINUED) == call


@pytest.mark.parametrize("call", [asked(workflows="setup"), asked(jobs="generate")], ids=str)
def test_a_call_for_the_setup_config_alone_asks_for_nothing_of_the_other(call):
    assert asked_of_continued(call, SETUP, CONTINUED) is None


def test_an_approval_of_what_nobody_asks_for_is_refused():
    require_approvals(["ship"], CONTINUED)

    with pytest.raises(UsageError) as caught:
        require_approvals(["shop", "build"], CONTINUED)
    assert str(caught.value) == (
        "error: no job 'shop' asks for an approval (did you mean 'ship'?)\n"
        "error: no job 'build' asks for an approval (there are: ship)"
    )
