import re

import pytest
from trigger_plans import HERE, condition, ignore, job, only

from samo.pipeline.job import Filters, Patterns
from samo.pipeline.problem import ConfigError
from samo.pipeline.regex import compile_java
from samo.trigger import Trigger, TriggerKind
from samo.trigger.filters import job_finding, matches

GPU = r"/^feature\/gpu-.*/"


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("main", "main", True),
        ("main", "main2", False),
        ("release/.*", "release/1", False),
        ("/^config-test/", "config-test", True),
        ("/^config-test/", "config-test-2", False),
        ("/^config-test.*/", "config-test-2", True),
        ("/.*/", "anything/at all", True),
        ("/.*/", "", True),
        (GPU, "feature/gpu-a100", True),
        (GPU, "feature/cpu", False),
        ("/main|develop/", "develop", True),
        ("/main|develop/", "develop2", False),
        ("/", "/", True),
        ("/unclosed", "/unclosed", True),
        ("//", "", True),
        ("/(a+)+b/", "a" * 200, False),  # `re` alone would search for ages
    ],
)
def test_an_entry_is_a_whole_regex_or_an_exact_name(pattern, name, expected):
    assert matches(pattern, name) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        (r"\Qv1.0\E.*", "v1.0-rc", True),
        (r"\Qv1.0\E.*", "v1x0-rc", False),
        (r"\Qv1.0", "v1.0", True),
        (r"(?<kind>fix|feat)/\k<kind>", "fix/fix", True),
        (r"(?<kind>fix|feat)/\k<kind>", "fix/feat", False),
        (r"\p{Alpha}+", "main", True),
        (r"[\p{Digit}.]+", "1.2", True),
        (r"\P{Digit}+", "v1", False),
        (r"(?i)MAIN|dev", "Main", True),
        (r"(?i)main|dev", "DEV", True),
        (r"x(?i)main|dev", "DEV", True),
        (r"x(?i)main|dev", "XMAIN", False),
        (r"(?:(?i)main)-dev", "MAIN-dev", True),
        (r"(?:(?i)main)-dev", "MAIN-DEV", False),
        (r"v\d++(?:\.\d++)*+", "v1.2.3", True),
        (r"(?>v1|v)2", "v12", True),
        (r"\w+", "größe", False),
        (r"[\[\]]+\z", "[]", True),
        (r"[^/]+", "a/b", False),
        (r"\x{61}", "a", True),
        (r"(?!main).*", "main", False),
        (r"[(|)]", "|", True),
    ],
)
def test_a_java_regex_means_what_java_means(pattern, name, expected):
    assert (compile_java(pattern).fullmatch(name) is not None) is expected


@pytest.mark.parametrize("pattern", ["(", "[a-z&&[^x]]", "[a[bc]]", r"\p{Han}", r"[\P{Alpha}]"])
def test_a_regex_that_cannot_be_understood_is_refused(pattern):
    with pytest.raises(re.error):
        compile_java(pattern)


BOTH = Patterns(only=("main",), ignore=("main",), place=HERE)
EMPTY = Patterns(place=HERE)


@pytest.mark.parametrize(
    ("filters", "branch", "tag", "runs", "reason"),
    [
        (Filters(), "x", "", True, "no branch filter: every branch runs"),
        (Filters(branches=EMPTY), "x", "", True, "no branch filter: every branch runs"),
        (Filters(tags=only("v1")), "x", "", True, "no branch filter: every branch runs"),
        (
            Filters(branches=only("main")),
            "feature/x",
            "",
            False,
            "branch filter `only: main` does not match 'feature/x'",
        ),
        (
            Filters(branches=only("main", GPU)),
            "feature/gpu-1",
            "",
            True,
            r"branch filter `only: [main, /^feature\/gpu-.*/]` matches 'feature/gpu-1'",
        ),
        (
            Filters(branches=ignore("main")),
            "main",
            "",
            False,
            "branch filter `ignore: main` matches 'main'",
        ),
        (
            Filters(branches=ignore("main")),
            "x",
            "",
            True,
            "branch filter `ignore: main` does not match 'x'",
        ),
        (
            Filters(branches=BOTH),
            "main",
            "",
            True,
            "branch filter `only: main` matches 'main'",
        ),
        (
            Filters(branches=only("main")),
            "",
            "",
            False,
            "branch filter `only: main` does not match a checkout without a branch",
        ),
        (
            Filters(),
            "",
            "v1",
            False,
            "tag 'v1': a job runs on tags only if it has a tag filter",
        ),
        (
            Filters(tags=EMPTY),
            "",
            "v1",
            False,
            "tag 'v1': a job runs on tags only if it has a tag filter",
        ),
        (
            Filters(tags=only("/v.*/"), branches=ignore("/.*/")),
            "",
            "v1",
            True,
            "tag filter `only: /v.*/` matches 'v1'",
        ),
        (
            Filters(tags=ignore("/v.*/")),
            "",
            "v1",
            False,
            "tag filter `ignore: /v.*/` matches 'v1'",
        ),
        (
            Filters(tags=only("/v.*/"), branches=ignore("/.*/")),
            "main",
            "v1",
            False,
            "branch filter `ignore: /.*/` matches 'main'",
        ),
        (
            Filters(
                expression=condition('pipeline.git.branch != "main"', "false"), tags=only("v1")
            ),
            "",
            "v1",
            False,
            'filter condition `pipeline.git.branch != "main"` does not hold',
        ),
    ],
)
def test_filters_decide_for_a_branch_or_a_tag(filters, branch, tag, runs, reason):
    finding = job_finding(job("a", filters=filters), Trigger(TriggerKind.API, branch, tag))

    assert (finding.runs, finding.reason) == (runs, reason)


def test_a_regex_that_is_none_is_a_located_config_error():
    trigger = Trigger(TriggerKind.API, "main")

    with pytest.raises(ConfigError) as caught:
        job_finding(job("a", filters=Filters(branches=only("/(/"))), trigger)

    assert str(caught.value).startswith("config.yml:1:1: error: filter '/(/' is no regular")
