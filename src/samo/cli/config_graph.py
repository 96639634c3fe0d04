"""`samo config graph`: draws the workflows, as a tree or for another program."""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from samo.cli.graph.model import Graph, graphs_of
from samo.cli.graph.tree import strokes_for, tree
from samo.cli.output import colours_of
from samo.cli.project import compile_for, load_config, trigger_for
from samo.cli.terminal_text import Colours
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.cli.trigger_text import trigger_text
from samo.pipeline.dataclass import dataclass
from samo.trigger import Trigger, select

_TREE = "tree"
_PICTURES = {
    "mermaid": "samo.cli.graph.mermaid",
    "dot": "samo.cli.graph.dot",
    "svg": "samo.cli.graph.svg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    path: Path | None
    workflows: tuple[str, ...]
    trigger_call: TriggerCall
    format: str


@click.command("graph", short_help="Draw the workflows.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.argument("workflows", nargs=-1, metavar="[WORKFLOW]...")
@trigger_options
@click.option(
    "--format",
    type=click.Choice([_TREE, *_PICTURES]),
    default=_TREE,
    show_default=True,
    help="What to write on the standard output.",
)
def command(**arguments: Any) -> int:  # noqa: ANN401 - click's, into the frozen value
    """Draw the workflows of the config at PATH, by default .circleci/config.yml.

    What does not run for the trigger is drawn, too, and told apart.

    \b
    Example:
      samo config graph .circleci/config.yml --format svg > workflows.svg
    """
    return _graph(_Call(**arguments))


def _graph(call: _Call) -> int:
    project = load_config(call.path)
    trigger = trigger_for(project, call.trigger_call)
    pipeline = compile_for(project, trigger, call.trigger_call)
    selection = select(pipeline, trigger, workflows=call.workflows)
    graphs = graphs_of(pipeline, selection, workflows=call.workflows)
    if call.format == _TREE:
        _print_tree(graphs, trigger)
        return 0
    draw = getattr(import_module(_PICTURES[call.format]), call.format)
    # A file for others, which take it for UTF-8 whatever this terminal speaks.
    click.echo("\n".join(draw(graphs)).encode("utf-8", "replace"))
    return 0


def _print_tree(graphs: Sequence[Graph], trigger: Trigger) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    keeps_colours = colours_of(sys.stdout, os.environ) is Colours.KEPT
    text = "\n".join(_tree_lines(graphs, trigger, encoding))
    click.echo(text.encode(encoding, "replace").decode(encoding), color=keeps_colours)


def _tree_lines(graphs: Sequence[Graph], trigger: Trigger, encoding: str) -> Iterator[str]:
    yield f"for {trigger_text(trigger)}:"
    strokes = strokes_for(encoding)
    for graph in graphs:
        for line in tree(graph, strokes):
            notes = f"  ({line.notes})" if line.notes else ""
            if line.runs:
                yield line.text + click.style(notes, dim=True) if notes else line.text
            else:
                yield click.style(line.text + notes, dim=True)
