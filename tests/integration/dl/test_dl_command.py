"""`samo serve` from start to end."""

import os
import signal
import socket
import subprocess

import pytest
from running_service import COMMAND, running

pytestmark = pytest.mark.integration


def serve(*arguments, **environment):
    """Run a call that can't start."""
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_ctrl_c_ends_it_without_a_word(tmp_path):
    log = tmp_path / "log"
    with running(log) as (process, _address):
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        assert (process.returncode, rest, log.read_text()) == (130, "", "")


def test_a_port_that_is_taken_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = serve("--port", str(port))
    told = (
        f"error: can't listen at 127.0.0.1:{port}: address already in use"
        " (--host and --port choose another)\n"
    )
    assert (done.returncode, done.stdout, done.stderr.lower()) == (1, "", told)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 70])
def test_a_host_that_is_nowhere_is_one_line(host):
    done = serve("--host", host, "--port", "0")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith(f"error: can't listen at {host}:0: ")


def test_a_folder_without_the_model_is_one_line(tmp_path):
    done = serve("--port", "0", SAMO_MODELS_DIR=str(tmp_path))
    told = (
        f"error: no model 'emotion-tiny' in {tmp_path}"
        " (SAMO_MODELS_DIR names the folder of the models)\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
