"""The table of commands: what `samo` can be asked for."""

import sys

import click

import samo
from samo.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "run": Entry("samo.cli.run:command", "Run the workflows of this repository here."),
    "rerun": Entry("samo.cli.rerun:command", "Run the pipeline of a run once more."),
    "approve": Entry("samo.cli.approve:command", "Approve a job that waits for it."),
    "cancel": Entry("samo.cli.cancel:command", "Cancel a run."),
    "why": Entry("samo.cli.why:command", "What would run, and why the rest would not."),
    "config": Entry("samo.cli.config:command", "Look at the config: check, expand, draw it."),
    "runs": Entry("samo.cli.runs:command", "List the runs of this repository."),
    "show": Entry("samo.cli.show:command", "Show a run: its workflows, jobs and steps."),
    "logs": Entry("samo.cli.logs:command", "Print what the steps of a run wrote."),
    "artifacts": Entry("samo.cli.artifacts:command", "List the artifacts that a run stored."),
    "tests": Entry("samo.cli.tests:command", "List the test results of a run."),
    "caches": Entry("samo.cli.caches:command", "List the repository's caches, or clear them."),
    "doctor": Entry("samo.cli.doctor:command", "What this machine can do, and how to get more."),
    "serve": Entry("samo.dl.command:command", "Start the journal-analysis service.", "dl"),
}

group = click.version_option(samo.__version__, message="samo %(version)s")(
    LazyGroup(
        "samo",
        COMMANDS,
        summary="The delivery pipeline for deep-learning services that runs where you sit.",
    )
)


def call() -> int:
    """Call the command of `sys.argv` and return its status."""
    with group.make_context("samo", sys.argv[1:]) as context:
        status = group.invoke(context)
    return status if isinstance(status, int) else 0
