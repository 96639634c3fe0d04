from engine_plans import job

from samo.engine.context_limits import context_differences, excess
from samo.engine.variables import Grants


def told(variables):
    return [each.message for each in excess("team", variables)]


def test_what_the_cloud_takes_is_no_difference():
    assert told({f"A{number}": "x" for number in range(100)}) == []
    assert told({"N" * 300: "x" * 32_768}) == []


def test_each_limit_is_told_and_no_value_is():
    variables = {f"A{number}": "x" for number in range(99)}

    assert told({**variables, "N" * 301: "secret", "BIG": "s" * 32_769}) == [
        "context 'team': 101 variables, the cloud takes 100",
        "context 'team': a name of 301 characters (NNNNNNNNNNNNNNNNNNNN...), the cloud takes 300",
        "context 'team': BIG has 32,769 characters, the cloud takes 32,768",
    ]


def test_a_job_tells_of_each_of_its_contexts_before_it_starts():
    grants = Grants(contexts={"team": {}, "other": {}}, known=("prod",))
    found = context_differences(job("a", contexts=("team", "prod")), grants)

    assert [(each.rule, each.message) for each in found] == [
        ("LOC-010", "context 'team': what restricts it to groups or branches is not known here"),
        ("LOC-009", "context 'prod' is not granted: no job that names it runs"),
    ]
