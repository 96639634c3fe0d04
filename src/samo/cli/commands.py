"""The table of commands: what `samo` can be asked for."""

import sys

import click

import samo
from samo.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "run": Entry("samo.cli.run:command", "Run the workflows of this repository here."),
    "why": Entry("samo.cli.why:command", "What would run, and why the rest would not."),
    "config": Entry("samo.cli.config:command", "Look at the config: check, expand, draw it."),
    "runs": Entry("samo.cli.runs:command", "List the runs of this repository."),
    "show": Entry("samo.cli.show:command", "Show a run: its workflows, jobs and steps."),
    "logs": Entry("samo.cli.logs:command", "Print what the steps of a run wrote."),
    "artifacts": Entry("samo.cli.artifacts:command", "List the artifacts that a run stored."),
    "tests": Entry("samo.cli.tests:command", "List the test results of a run."),
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
