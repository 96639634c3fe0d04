"""A run on a real terminal: the live view, the question for an approval, Ctrl-C at the keyboard."""

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest
from run_repository import BASE, jobs_config, make_repository

pytestmark = pytest.mark.integration

ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\r")


class Terminal:
    """A run with a terminal for its streams; `text` is all that it showed, without escapes."""

    def __init__(self, repository, *arguments):
        self.screen, inside = pty.openpty()
        environment = {
            name: value
            for name, value in repository.environment.items()
            if name not in ("CI", "NO_COLOR")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "samo", "run", *arguments],
            cwd=repository.root,
            env={**environment, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)
        self.text = ""

    def read_until(self, wanted):
        """Read what is shown until `wanted` stands in it."""
        while wanted not in self.text:
            assert self._read(), f"the run ended without {wanted!r}: {self.text}"

    def type(self, keys):
        os.write(self.screen, keys.encode())

    def finish(self):
        """Read to the end; return the exit status."""
        while self._read():
            pass
        os.close(self.screen)
        return self.process.wait(timeout=60)

    def _read(self):
        assert select.select([self.screen], [], [], 60)[0], f"nothing is shown: {self.text}"
        try:
            data = os.read(self.screen, 65536)
        except OSError:  # Linux says so when the other side has closed
            return False
        self.text += ESCAPE.sub("", data.decode(errors="replace"))
        return bool(data)


def staged(config, jobs):
    """Put jobs in the place of the config's list."""
    return re.sub(r"jobs: \[.*\]\n$", f"jobs: [{jobs}]\n", config)


def test_jobs_are_shown_by_stage_with_the_step_at_work_and_its_last_line(tmp_path):
    wait = "echo almost there; while [ ! -e $MARK ]; do sleep 0.05; done; rm $MARK"
    # With mounts of its own a job has another /tmp.
    shared = Path("/dev/shm") if Path("/dev/shm").is_dir() else tmp_path
    mark = shared / f"samo-test-{os.getpid()}"
    config = staged(jobs_config(build=wait, later="true"), "build, {later: {requires: [build]}}")
    config = config.replace(BASE, f"{BASE}\n    environment: {{MARK: {mark}}}")
    terminal = Terminal(make_repository(tmp_path / "r", config))
    terminal.read_until("almost there")
    mark.touch()

    assert terminal.finish() == 0
    assert "stage 1" in terminal.text
    assert re.search(r"build +running +[\d.]+ s +echo almost there", terminal.text)
    assert re.search(r"later +blocked", terminal.text)
    assert "run 1: success in" in terminal.text


def test_the_whole_output_of_a_failed_step_stands_at_the_end(tmp_path):
    config = jobs_config(build="for i in $(seq 60); do echo line-$i; done; exit 4")
    terminal = Terminal(make_repository(tmp_path / "r", config))

    assert terminal.finish() == 1
    end = terminal.text[terminal.text.rindex("failed with exit status 4\n" + "line-1\n") :]
    assert [f"line-{index}" for index in range(1, 61)] == re.findall(r"line-\d+", end)


@pytest.mark.parametrize(
    ("answer", "status", "deployed"), [("y\n", 0, "success"), ("n\n", 3, "blocked")]
)
def test_an_approval_is_asked_for_and_the_answer_decides(tmp_path, answer, status, deployed):
    config = staged(
        jobs_config(build="true", deploy="true"),
        "build, {ok: {type: approval, requires: [build]}}, {deploy: {requires: [ok]}}",
    )
    terminal = Terminal(make_repository(tmp_path / "r", config))
    terminal.read_until("approve 'ok'? [y/N] ")
    terminal.type(answer)

    assert terminal.finish() == status
    assert re.search(rf"deploy +{deployed}", terminal.text)


def test_control_c_at_the_question_cancels_the_run(tmp_path):
    config = staged(jobs_config(build="true"), "{ok: {type: approval}}, {build: {requires: [ok]}}")
    terminal = Terminal(make_repository(tmp_path / "r", config))
    terminal.read_until("approve 'ok'? [y/N] ")
    terminal.process.send_signal(2)

    assert terminal.finish() == 130
    assert "run 1: canceled" in terminal.text
