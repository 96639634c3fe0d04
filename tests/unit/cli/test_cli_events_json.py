import io
import json

from cli_runs import WHOLE, output

from samo.cli.events_json import JsonLines
from samo.pipeline.event import from_json


def test_each_event_is_a_line_that_reads_back():
    stream = io.StringIO()
    with JsonLines(stream) as reader:
        for event in [*WHOLE, output("ü\udce9\n")]:
            reader(event)

    lines = stream.getvalue().splitlines()
    assert [from_json(json.loads(line)) for line in lines] == [*WHOLE, output("ü\udce9\n")]
    assert json.loads(lines[0])["type"] == "run.started"


def test_a_closed_stream_ends_nothing():
    stream = io.StringIO()
    with JsonLines(stream) as reader:
        stream.close()
        reader(WHOLE[0])
