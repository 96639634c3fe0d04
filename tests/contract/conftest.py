"""The sandbox that a test of the contract is about, of each executor in turn."""

import os
import uuid

import pytest
from sandboxes import opened

from samo.executors import ProcessExecutor
from samo.executors.isolation import NoIsolation, find_isolation
from samo.system import Cancel


def plain(_):
    return ProcessExecutor(os.environ)


def isolated(shown):
    """Jobs have a /tmp of their own, in which they see `shown` if a test makes it."""
    isolation = find_isolation(os.environ, shown=(shown,))
    if isinstance(isolation, NoIsolation):
        pytest.skip(isolation.reason)
    return ProcessExecutor(os.environ, isolation=isolation)


@pytest.fixture(params=[plain, isolated])
def executor(request, tmp_path):
    executor = request.param(tmp_path / "shown")
    yield executor
    executor.close()


@pytest.fixture
def marker():
    return f"SAMO_TEST_RUN={uuid.uuid4().hex}"


@pytest.fixture
def cancel():
    made = Cancel()
    yield made
    made.close()


@pytest.fixture
def sandbox(executor, tmp_path, marker):
    with opened(executor, tmp_path / "job", marker) as sandbox:
        yield sandbox
