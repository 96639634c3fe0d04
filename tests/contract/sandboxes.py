"""Sandboxes of every executor, and scripts run in them."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from samo.executors import Call, SandboxError
from samo.pipeline.job import DockerExecutor, Image, Job, JobName
from samo.pipeline.place import Place
from samo.system import Exit

PLACE = Place("config.yml", 1, 1)
BASE = DockerExecutor(images=(Image(image="cimg/base:stable", place=PLACE),), place=PLACE)
JOB = Job(name=JobName("build"), declared_name="build", executor=BASE, place=PLACE)
LONG_S = 60.0


@contextmanager
def opened(executor, folder, marker, job=JOB):
    sandbox = executor.open(job, folder, marker)
    try:
        yield sandbox
    finally:
        sandbox.close()


def call_of(sandbox, script, **changes):
    call = Call(
        shell=sandbox.default_shell,
        script=script,
        environment=sandbox.environment,
        working_directory=sandbox.expand("."),
        no_output_timeout_s=LONG_S,
    )
    return replace(call, **changes)


def run(sandbox, script, cancel, **changes):
    """Run a script; return how it ended and what it printed."""
    printed = bytearray()
    ended = sandbox.run(call_of(sandbox, script, **changes), printed.extend, cancel)
    return ended, printed.decode()


def prints(sandbox, script, cancel, **changes):
    ended, text = run(sandbox, script, cancel, **changes)
    assert ended == Exit(code=0), text
    return text


def refusal(sandbox, cancel, script="exit 0", **changes):
    with pytest.raises(SandboxError) as raised:
        run(sandbox, script, cancel, **changes)
    return raised.value.problems[0].message
