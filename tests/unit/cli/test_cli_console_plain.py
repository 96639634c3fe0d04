import io

from cli_runs import BEGIN, TESTS, VERDICT, WHOLE, ended_step, output, started_step

from samo.cli.console_plain import Plain
from samo.pipeline.event import WorkflowStarted


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Closed(io.StringIO):
    def write(self, _text):
        raise BrokenPipeError


def shown(*events, stream=None, environ=None):
    stream = stream or io.StringIO()
    with Plain(stream, environ or {}) as console:
        for event in events:
            console(event)
        before_verdict = stream.getvalue()
    return before_verdict, stream.getvalue()


def test_a_whole_run_is_told_line_by_line():
    _, text = shown(*WHOLE)

    assert text == (
        "run 7 of branch main at 1a2b3c4\n"
        "differs from the cloud:\n"
        "  no container (EXE-009) [lint, tests]\n"
        "  no commit status is sent (LOC-011)\n"
        "[lint] > ruff\n"
        "[tests] > pytest\n"
        "[tests]   1 passed\n"
        "[lint]   All checks passed\n"
        "[lint] = ruff: success, 2.0 s\n"
        "[lint] success in 2.0 s\n"
        "[approve] on hold: waits for an approval\n"
        "[tests]   2 failed\n"
        "[tests] = pytest: failed with exit status 1, 1 min 15 s\n"
        "[tests] failed after 1 min 15 s: step 'pytest' failed with exit status 1\n" + VERDICT
    )


def test_a_long_line_is_passed_on_in_pieces_and_stays_one_line():
    long = "x" * 20_000
    text, _ = shown(*[output(long)] * 10, output("\nnext\n"))

    assert text == f"[lint]   {long * 10}\n[lint]   next\n"


def test_another_job_breaks_a_long_line_and_does_not_mix_with_it():
    long = "x" * 5_000
    text, _ = shown(output(long), output("other\n", TESTS, 0, "pytest"), output("tail\n"))

    assert text == f"[lint]   {long}\n[tests]   other\n[lint]   tail\n"


def test_a_last_line_without_an_end_shows_when_the_step_ends():
    text, _ = shown(started_step(), output("no newline"), ended_step())

    assert text == "[lint] > ruff\n[lint]   no newline\n[lint] = ruff: success, 1.0 s\n"


def test_an_empty_line_stays_and_carries_no_trailing_blanks():
    assert shown(output("a\n\nb\n"))[0] == "[lint]   a\n[lint]\n[lint]   b\n"


HOSTILE = "\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J\x1b[1A\x08\x00ok\udce9\x9b\r\n10%\r20%\n"


def test_control_characters_and_colours_are_dropped_where_there_is_no_terminal():
    assert shown(output(HOSTILE))[0] == (
        "[lint]   red ok\N{REPLACEMENT CHARACTER}\n[lint]   10%\n[lint]   20%\n"
    )


def test_colours_stay_on_a_terminal_and_end_with_the_line():
    text, _ = shown(output("\x1b[31mred\nplain\x1b[2K\n"), stream=Terminal())

    assert text == "[lint]   \x1b[31mred\x1b[0m\n[lint]   plain\n"


def test_no_color_drops_colours_on_a_terminal_too():
    text, _ = shown(output("\x1b[31mred\n"), stream=Terminal(), environ={"NO_COLOR": "1"})

    assert text == "[lint]   red\n"


def test_an_escape_cut_in_two_is_still_one():
    assert shown(output("a\x1b[3"), output("1mb\x1b"), output("[0mc\r"), output("\n"))[0] == (
        "[lint]   abc\n"
    )


def test_jobs_of_one_name_are_told_apart_by_their_workflow():
    second = WorkflowStarted(time=0.0, run=BEGIN[0].run, workflow="other", jobs=(TESTS,))
    text, _ = shown(BEGIN[1], second, output("x\n", TESTS, 0, "pytest"), output("y\n"))

    assert text == "[build/tests]   x\n[lint]   y\n"


def test_a_closed_pipe_ends_nothing():
    with Plain(Closed(), {}) as console:
        for event in WHOLE:
            console(event)


def test_a_stream_of_few_characters_gets_question_marks():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    with Plain(stream, {}) as console:
        console(output("größe ✓\n"))

    assert raw.getvalue() == b"[lint]   gr??e ?\n"
