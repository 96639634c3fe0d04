import io

import pytest
from cli_runs import BEGIN, DEPLOY, END, LINT, MIDDLE, TESTS, VERDICT, WHOLE, common
from rich.console import Console

from samo.cli.console import open_console
from samo.cli.console_live import Live
from samo.cli.console_plain import Plain
from samo.cli.terminal_text import Cleaner, Colours
from samo.pipeline.event import WorkflowStarted
from samo.pipeline.job import Job, JobName, Requirement
from samo.pipeline.pipeline import Workflow
from samo.pipeline.place import Place

HERE = Place("config.yml", 1, 1)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def job(name, *requires):
    requirements = tuple(Requirement(job=JobName(each), place=HERE) for each in requires)
    return Job(name=name, declared_name=name, requires=requirements, place=HERE)


WORKFLOW = Workflow(
    name="build",
    jobs=(job(LINT), job(TESTS), job(JobName("approve"), LINT), job(DEPLOY, "approve", TESTS)),
    place=HERE,
)
PLAIN_TERMINAL = {"NO_COLOR": "1"}


def live(stream, log_of=None, environ=PLAIN_TERMINAL):
    return Live(stream, environ, workflows=[WORKFLOW], log_of=log_of, clock=lambda: 1003.0)


def drawn(console, width=60):
    screen = Console(file=io.StringIO(), width=width, no_color=True, legacy_windows=False)
    screen.print(console.render())
    return [line.rstrip() for line in screen.file.getvalue().splitlines()]


def test_jobs_stand_by_stage_with_state_time_and_last_line():
    console = live(Terminal())
    for event in [*BEGIN, *MIDDLE, *END[:3]]:
        console(event)

    assert drawn(console) == [
        "build  running  3.0 s",
        "  stage 1",
        "    lint     success         2.0 s",
        "    tests    running         3.0 s  pytest  2 failed",
        "  stage 2",
        "    approve  on_hold",
        "  stage 3",
        "    deploy   blocked",
    ]


def test_a_narrow_terminal_cuts_rows_rather_than_wraps():
    console = live(Terminal())
    for event in [*BEGIN, *MIDDLE]:
        console(event)

    assert drawn(console, width=40)[3] == "    tests    running         3.0 s  pyt…"


def test_many_jobs_shrink_to_those_at_work():
    console = live(Terminal())
    names = tuple(JobName(f"j{number}") for number in range(300))
    console(WorkflowStarted(**common(0), workflow="many", jobs=names))
    for event in BEGIN:
        console(event)

    assert drawn(console) == [
        "lint  running         3.0 s  ruff",
        "tests  running         3.0 s  pytest",
        "302 blocked",
    ]


def test_the_end_shows_the_whole_output_of_failed_steps_and_the_verdict(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"1 passed\n\x1b[31m2 failed\xff [bold]")
    stream = Terminal()
    with live(stream, log_of=lambda *_: log) as console:
        for event in WHOLE:
            console(event)

    text = Cleaner(Colours.DROPPED).clean(stream.getvalue())
    end = text.partition("[tests] pytest: failed with exit status 1\n")[2]
    assert end == "1 passed\n2 failed\N{REPLACEMENT CHARACTER} [bold]\n" + VERDICT


def test_colours_only_repeat_what_the_words_say():
    stream = Terminal()
    with live(stream, environ={"TERM": "xterm"}) as console:
        for event in WHOLE:
            console(event)

    assert "\x1b[1;31mfailed\x1b[0m" in stream.getvalue()


class Gone(Terminal):
    def write(self, _text):
        raise OSError(5, "the terminal is gone")


def test_a_terminal_that_goes_away_ends_nothing(tmp_path):
    with live(Gone(), log_of=lambda *_: tmp_path / "missing") as console:
        for event in WHOLE:
            console(event)
        with console.paused():
            pass


@pytest.mark.parametrize(
    ("stream", "environ", "kind"),
    [
        (Terminal(), {"TERM": "xterm"}, Live),
        (Terminal(), {"CI": "true"}, Plain),
        (Terminal(), {"NO_COLOR": "1"}, Plain),
        (Terminal(), {"TERM": "dumb"}, Plain),
        (io.StringIO(), {}, Plain),
    ],
)
def test_only_a_terminal_gets_a_view_that_moves(stream, environ, kind, tmp_path):
    console = open_console(stream, environ, workflows=[], log_of=lambda *_: tmp_path)

    assert isinstance(console, kind)


def test_what_differs_is_said_above_the_view_before_anything_starts():
    stream = Terminal()
    with live(stream) as console:
        for event in BEGIN[:6]:
            console(event)
        before_verdict = stream.getvalue()

    assert "differs from the cloud:" in before_verdict
    assert before_verdict.count("no container (EXE-009) [lint, tests]") == 1
