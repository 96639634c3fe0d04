"""Where a job runs: an executor opens a Sandbox for it."""

from samo.executors.job_environment import MARKER
from samo.executors.process import ProcessExecutor
from samo.executors.protocol import Call, Difference, Executor, Sandbox, SandboxError, Work

__all__ = [
    "MARKER",
    "Call",
    "Difference",
    "Executor",
    "ProcessExecutor",
    "Sandbox",
    "SandboxError",
    "Work",
]
