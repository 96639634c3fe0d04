from datetime import date

from samo.cli.cost.estimate import Assumed, JobCost, Spread, Unknown, WorkflowCost
from samo.cli.cost.rates import Rates
from samo.cli.cost.report import as_json, lines
from samo.pipeline.job import JobName

RATES = Rates(
    source="https://example.org/prices",
    oldest=date(2026, 1, 1),
    newest=date(2026, 2, 1),
    usd_per_credit=0.0006,
    per_minute={},
)
UNIT = JobCost(
    name=JobName("unit-tests"),
    executor="docker",
    resource_class="large",
    parallelism=4,
    seconds=Spread(50.0, 61.0, 70.0),
    credits=Spread(1000, 1234, 1500),
)
DEPLOY = JobCost(
    name=JobName("deploy"),
    executor="docker",
    resource_class="medium",
    seconds=Spread(300.0, 300.0, 300.0),
    credits=Spread(50, 50, 50),
    assumed=(Assumed.CLASS, Assumed.TIME),
)
GPU = JobCost(name=JobName("gpu"), executor="machine", unknown=(Unknown.CLASS, Unknown.TIME))
MAC = JobCost(name=JobName("mac"), executor="macos", unknown=(Unknown.CLASS,))


def test_a_table_for_each_workflow_and_the_total():
    workflows = [
        WorkflowCost(name="build", jobs=(UNIT, GPU)),
        WorkflowCost(name="ship", jobs=(DEPLOY,)),
    ]

    assert (
        "\n".join(lines(workflows, RATES))
        == """\

workflow build  class                    time                  credits
  unit-tests    docker large x 4         1 min 01 s            1,234 (1,000 to 1,500)
  gpu           machine                                        unknown: \
it names no resource class; it has not succeeded here yet
  total                                                        1,234 (1,000 to 1,500) and \
1 job is unknown

workflow ship   class                    time                  credits
  deploy        docker medium (assumed)  5 min 00 s (assumed)  50
  total                                                        50

total: at least 1,284 (1,050 to 1,550) credits, $0.77; 1 job is unknown
to count more: --assume-time for jobs that have not succeeded here, --assume-class for those that \
leave their class to the plan
not included: Docker layer caching, storage, network, IP ranges, users
rates: https://example.org/prices, as quoted from 2026-01-01 to 2026-02-01"""
    )


def test_where_all_is_known_the_total_is_plain():
    found = list(lines([WorkflowCost(name="ship", jobs=(DEPLOY,))], RATES))

    assert found[5] == "total: 50 credits, $0.03"


def test_no_option_is_offered_that_would_not_help():
    found = list(lines([WorkflowCost(name="w", jobs=(MAC,))], RATES))

    assert found[5:7] == [
        "total: at least 0 credits, $0.00; 1 job is unknown",
        "not included: Docker layer caching, storage, network, IP ranges, users",
    ]


def test_json_has_all_of_it():
    answer = as_json([WorkflowCost(name="build", jobs=(UNIT, GPU))], RATES)
    spread = {"low": 1000, "likely": 1234, "high": 1500}

    assert answer == {
        "credits": spread,
        "usd": 0.7404,
        "unknown_jobs": 1,
        "workflows": [
            {
                "name": "build",
                "credits": spread,
                "unknown_jobs": 1,
                "jobs": [
                    {
                        "name": "unit-tests",
                        "executor": "docker",
                        "resource_class": "large",
                        "parallelism": 4,
                        "seconds": {"low": 50.0, "likely": 61.0, "high": 70.0},
                        "credits": spread,
                        "unknown": [],
                        "assumed": [],
                    },
                    {
                        "name": "gpu",
                        "executor": "machine",
                        "resource_class": None,
                        "parallelism": 1,
                        "seconds": None,
                        "credits": None,
                        "unknown": [
                            "it names no resource class",
                            "it has not succeeded here yet",
                        ],
                        "assumed": [],
                    },
                ],
            }
        ],
        "not_included": ["Docker layer caching", "storage", "network", "IP ranges", "users"],
        "rates": {
            "source": "https://example.org/prices",
            "oldest": "2026-01-01",
            "newest": "2026-02-01",
            "usd_per_credit": 0.0006,
        },
    }
