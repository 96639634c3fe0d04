"""From a run that ended on hold to the same run, which goes on here."""

import os
from collections.abc import Sequence

import click

from samo.cli.launch import carry_on
from samo.cli.new_run import RunPlace, running
from samo.cli.plan import Before
from samo.cli.recipe import read_recipe
from samo.cli.run_call import RunCall
from samo.cli.state_dirs import scratch_dir
from samo.pipeline.event import Event
from samo.stores import RunFolder, Runs
from samo.system import GitFacts, Repository


def resume(
    call: RunCall, runs: Runs, folder: RunFolder, past: Sequence[Event], *, of: "RepositoryNow"
) -> int:
    """Let a run whose lock is held go on from its past, and return its exit status."""
    repository, facts = of
    recipe = read_recipe(folder)
    if not recipe.is_commit:
        click.echo(recipe.remark(folder.number), err=True)
    plan = recipe.plan(call, repository, facts, Before(workspaces=recipe.workspaces))
    place = RunPlace(runs=runs, folder=folder, slots=scratch_dir(repository.root, os.environ))
    runs.reopen(folder)
    with running(place):
        return carry_on(plan, place, past)


RepositoryNow = tuple[Repository, GitFacts]
"""A repository, and what git tells of it."""
