"""The sandbox that a test of the contract is about, of each executor in turn."""

import os
import uuid

import pytest
from sandboxes import opened

from samo.executors import ProcessExecutor
from samo.system import Cancel

EXECUTORS = {"process": lambda: ProcessExecutor(os.environ)}


@pytest.fixture(params=EXECUTORS)
def executor(request):
    return EXECUTORS[request.param]()


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
