"""Where a job runs: an executor opens a Sandbox for it."""

from samo.executors.images import Mapped
from samo.executors.isolation import NoIsolation, find_isolation
from samo.executors.job_environment import MARKER
from samo.executors.process import ProcessExecutor
from samo.executors.protocol import Call, Difference, Executor, Sandbox, SandboxError, Work

__all__ = [
    "MARKER",
    "Call",
    "Difference",
    "Executor",
    "Mapped",
    "NoIsolation",
    "ProcessExecutor",
    "Sandbox",
    "SandboxError",
    "Work",
    "find_isolation",
]
