"""The remedy beside what a YAML parser says, for the slips that real files have."""

import pytest
from config_texts import compiled

from samo.pipeline.problem import ConfigError

JOB = "version: 2.1\njobs:\n  build:\n    docker: [{image: a}]\n"


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        (
            JOB + "    steps:\n      - run: echo a: b\n",
            "6:20",
            "quote a text that holds ': ', or check the indentation",
        ),
        (
            JOB + "   steps:\n    - checkout\n",
            "5:4",
            "check the indentation; while parsing a block mapping that begins on line 3",
        ),
        (
            JOB + "    steps: [{run: a: b}]\n",
            "5:20",
            (
                "close the bracket, or quote a text that holds ': ';"
                " while parsing a flow mapping that begins on line 5"
            ),
        ),
        (JOB + "    steps: [@a]\n", "5:13", "quote the text that begins here"),
        (JOB + '    steps: ["\\d"]\n', "5:14", "double the backslash, or use single quotes"),
        (JOB + "\tsteps: []\n", "5:1", "indent with spaces, not with tabs"),
        (JOB + "    steps: [*, a]\n", "5:14", "quote a text that begins with '*' or '&'"),
        (JOB + '    steps: ["a\n', "5:13", "the file ends before it"),
    ],
    ids=["colon", "indentation", "bracket", "at", "escape", "tab", "alias", "quote"],
)
def test_a_slip_is_told_with_its_place_and_a_remedy(text, place, hint):
    with pytest.raises(ConfigError) as raised:
        compiled(text)
    [problem] = raised.value.problems

    assert str(problem.place) == f"c.yml:{place}"
    assert problem.hint.startswith(hint)
