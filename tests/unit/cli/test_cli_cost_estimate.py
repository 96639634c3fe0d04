from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.cli.cost.estimate import (
    Assumed,
    Assumptions,
    Grounds,
    JobCost,
    Spread,
    Unknown,
    credits_of,
    workflow_cost,
)
from samo.cli.cost.rates import Rates
from samo.pipeline.job import (
    DockerExecutor,
    Image,
    Job,
    JobName,
    JobType,
    MachineExecutor,
    MacosExecutor,
)
from samo.pipeline.pipeline import Workflow
from samo.pipeline.place import Place

HERE = Place("c.yml", 1, 1)
DOCKER = DockerExecutor(images=(Image(image="cimg/base:stable", place=HERE),), place=HERE)
MACHINE = MachineExecutor(place=HERE)
MACOS = MacosExecutor(xcode="26.0", place=HERE)
RATES = Rates(
    source="https://example.org/prices",
    oldest=date(2026, 1, 1),
    newest=date(2026, 2, 1),
    usd_per_credit=0.0006,
    per_minute={("docker", "large"): 20, ("machine", "large"): 30, ("macos", "m4"): 200},
)


def job(**values):
    return Job(**{"name": JobName("a"), "declared_name": "a", "place": HERE, **values})


def cost(job, durations=(), **assumptions):
    grounds = Grounds(
        durations={JobName("a"): durations} if durations else {},
        rates=RATES,
        assumptions=Assumptions(**assumptions),
    )
    [found] = workflow_cost(Workflow(name="w", jobs=(job,), place=HERE), grounds).jobs
    return found


@pytest.mark.parametrize(
    ("seconds", "per_minute", "expected"),
    [
        (10, 10, 2),  # the example of CircleCI's support: 1.67 credits are 2
        (6, 10, 1),
        (6.01, 10, 2),  # 7 seconds
        (60, 10, 10),
        (0.2, 5, 1),
        (0, 10, 0),
        (90, 200, 300),
    ],
)
def test_seconds_are_rounded_up_and_then_credits(seconds, per_minute, expected):
    assert credits_of(seconds, per_minute) == expected


@given(st.floats(0, 1e6), st.integers(1, 1000))
def test_rounding_takes_less_than_a_second_and_a_credit(seconds, per_minute):
    exact = seconds * per_minute / 60

    assert exact <= credits_of(seconds, per_minute) + 1e-6
    assert credits_of(seconds, per_minute) < exact + per_minute / 60 + 1 + 1e-6


def test_a_job_costs_what_it_took_at_the_rate_of_its_class():
    assert cost(job(executor=DOCKER, resource_class="large"), [60.0, 30.0, 90.0]) == JobCost(
        name=JobName("a"),
        executor="docker",
        resource_class="large",
        seconds=Spread(30.0, 60.0, 90.0),
        credits=Spread(10, 20, 30),
    )


def test_one_class_costs_otherwise_on_another_executor():
    assert cost(job(executor=MACHINE, resource_class="large"), [60.0]).credits == Spread(30, 30, 30)


def test_each_node_of_a_parallel_job_is_rounded_and_counted():
    found = cost(job(executor=DOCKER, resource_class="large", parallelism=4), [1.0])

    assert (found.parallelism, found.credits) == (4, Spread(4, 4, 4))


@pytest.mark.parametrize("kind", [JobType.APPROVAL, JobType.NO_OP, JobType.RELEASE, JobType.LOCK])
def test_a_job_without_steps_is_free(kind):
    assert cost(job(type=kind)) == JobCost(
        name=JobName("a"), executor=kind, credits=Spread(0, 0, 0)
    )


def test_a_runner_of_ones_own_is_free_however_long_it_works():
    found = cost(job(executor=MACHINE, resource_class="me/runner"))

    assert (found.credits, found.unknown) == (Spread(0, 0, 0), ())


def test_a_class_without_a_known_rate_is_unknown():
    found = cost(job(executor=MACHINE, resource_class="gpu.nvidia.large"), [60.0])

    assert (found.credits, found.unknown) == (None, (Unknown.RATE,))


def test_a_job_that_names_no_class_is_unknown_until_one_is_assumed():
    plain = job(executor=DOCKER)

    assert cost(plain, [60.0]).unknown == (Unknown.CLASS,)
    assumed = cost(plain, [60.0], resource_class="large")
    assert (assumed.resource_class, assumed.credits) == ("large", Spread(20, 20, 20))
    assert assumed.assumed == (Assumed.CLASS,)


def test_no_class_is_assumed_for_macos():
    assert cost(job(executor=MACOS), [60.0], resource_class="large").unknown == (Unknown.CLASS,)


def test_a_job_that_never_succeeded_is_unknown_until_a_time_is_assumed():
    large = job(executor=DOCKER, resource_class="large")

    assert cost(large).unknown == (Unknown.TIME,)
    assumed = cost(large, seconds=120.0)
    assert (assumed.credits, assumed.assumed) == (Spread(40, 40, 40), (Assumed.TIME,))


def test_what_was_measured_stands_before_what_is_assumed():
    found = cost(
        job(executor=DOCKER, resource_class="large"), [60.0], seconds=1.0, resource_class="x"
    )

    assert (found.credits, found.assumed) == (Spread(20, 20, 20), ())


def test_a_workflow_comes_to_the_sum_of_what_is_known():
    jobs = (
        job(executor=DOCKER, resource_class="large"),
        job(name=JobName("b"), executor=DOCKER, resource_class="large"),
        job(name=JobName("c"), executor=DOCKER),
    )
    grounds = Grounds(
        durations={JobName("a"): [30.0, 60.0], JobName("b"): [60.0]},
        rates=RATES,
        assumptions=Assumptions(),
    )
    workflow = workflow_cost(Workflow(name="w", jobs=jobs, place=HERE), grounds)

    assert workflow.credits == Spread(30, 35, 40)
