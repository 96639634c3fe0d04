"""Environment variables: what the config's values become."""

import pytest
from config_texts import DOCKER, job_of, kinds, steps_of
from hypothesis import given
from hypothesis import strategies as st

from samo.config.environment import number_text

HEAD = "parameters: {b: {type: boolean, default: true}, n: {type: integer, default: 12345678}}\n"


def environment_of(text, head=HEAD):
    return steps_of(f"[{{run: {{command: x, environment: {text}}}}}]", head)[0].environment


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("text", "text"),
        ("'true'", "true"),
        ("true", "1"),
        ("no", "0"),
        ("12", "12"),
        ("999999", "999999"),
        ("1234567", "1.234567e+06"),
        ("10000000", "1e+07"),
        ("3.10", "3.1"),
        ("1.0", "1"),
        ("0755", "493"),
        ("2019-01-01", "2019-01-01"),
        ("", ""),
        ("$HOME", "$HOME"),
        ("<< pipeline.parameters.b >>", "1"),
        ("'<< pipeline.parameters.b >>'", "1"),
        ("b << pipeline.parameters.b >>", "b true"),
        ("<< pipeline.parameters.n >>", "1.2345678e+07"),
        ("<< pipeline.git.tag >>", "<nil>"),
        ("tag-<< pipeline.git.tag >>", "tag-"),
    ],
)
def test_a_value_reaches_the_process_as_circleci_has_it(value, wanted):
    assert environment_of(f"{{A: {value}}}") == (("A", wanted),)


def test_a_list_may_hold_assignments_and_small_maps():
    assert environment_of("[A=1, {B: x=y}, 'C=']") == (("A", "1"), ("B", "x=y"), ("C", ""))


def test_the_jobs_own_variables_beat_its_executors():
    head = f"executors:\n  e: {{{DOCKER}, environment: {{A: executor, B: executor}}}}\n"
    job = job_of("executor: e\n    environment: {B: job, C: job}\n    steps: []", head)

    assert job.environment == (("A", "executor"), ("B", "job"), ("C", "job"))


def test_an_image_may_call_its_settings_what_it_likes():
    executor = job_of(
        "docker:\n      - image: elastic\n        environment: [discovery.type=single-node,"
        " {xpack.security: false}]\n    steps: []"
    ).executor

    assert executor.images[0].environment == (
        ("discovery.type", "single-node"),
        ("xpack.security", "0"),
    )


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ("{1A: x}", "5:46 schema"),
        ("{A: [x]}", "5:49 schema"),
        ("[x]", "5:46 schema"),
        ("[[x]]", "5:46 schema"),
    ],
)
def test_what_is_no_variable_is_told_at_its_place(environment, place):
    text = f"[{{run: {{command: x, environment: {environment}}}}}]"

    assert kinds(_with(text)) == [place]


def _with(steps):
    return f"version: 2.1\njobs:\n  build:\n    {DOCKER}\n    steps: {steps}\n"


@given(st.integers(-(2**53), 2**53))
def test_a_number_keeps_its_value(number):
    assert float(number_text(number)) == number


@given(st.floats(-(10**9), 10**9, allow_nan=False))
def test_a_fraction_keeps_its_value(number):
    assert float(number_text(number)) == number
