"""What the arguments of a continuation come to; the rules themselves are conformance cases."""

import json

from config_texts import DOCKER, VALUES
from hypothesis import given
from hypothesis import strategies as st

from samo.config import Continuation, Source, arguments_from_text, compile_pipeline, required_orbs

JOBS = f"jobs:\n  build:\n    {DOCKER}\n"
DECLARED = (
    "version: 2.1\n"
    "parameters:\n"
    "  s: {type: string, default: ''}\n"
    "  b: {type: boolean, default: false}\n"
    "  i: {type: integer, default: 0}\n"
)


def compiled_with(text, arguments):
    return compile_pipeline(Source(path="c.yml", text=text), values=VALUES, arguments=arguments)


def test_what_a_trigger_changed_is_known_of_the_pipeline():
    text = f"{DECLARED}{JOBS}    steps: []\n"

    pipeline = compiled_with(text, arguments_from_text(["s=", "b=true", "i=0"]))

    assert pipeline.changed_parameters == {"b"}


@given(
    s=st.text(st.characters(codec="utf-8", exclude_characters="<>")),
    b=st.booleans(),
    i=st.integers(-(10**15), 10**15),
)
def test_json_arrives_as_it_was_sent(s, b, i):
    text = (
        f"{DECLARED}{JOBS}    steps:\n"
        '      - run: "[<< pipeline.parameters.b >>, << pipeline.parameters.i >>]"\n'
        "      - run: {name: s, command: << pipeline.parameters.s >>-}\n"
    )
    sent = json.loads(json.dumps({"s": s, "b": b, "i": i}))

    pipeline = compiled_with(text, Continuation(parameters=sent))

    both, plain = pipeline.workflows[0].jobs[0].steps
    assert json.loads(both.command) == [b, i]
    assert plain.command == f"{s}-"


def test_the_orbs_of_a_continued_config_depend_on_what_the_request_gives():
    text = "version: 2.1\nparameters: {v: {type: string, default: '1'}}\n"
    text += "orbs: {x: ns/orb@<< pipeline.parameters.v >>}\n"
    source = Source(path="c.yml", text=text)

    found = required_orbs(source, values=VALUES, arguments=Continuation(parameters={"v": "2.3"}))

    assert found == ("ns/orb@2.3",)
