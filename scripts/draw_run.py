"""Draws the live view of a run as an SVG picture, from the events that the run wrote.

samo run --events run.jsonl
python scripts/draw_run.py run.jsonl --at 30 --to docs/run.svg
"""

import argparse
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group
from rich.terminal_theme import MONOKAI

from samo.cli.console_live import Live
from samo.cli.project import compile_for, load_project, trigger_for
from samo.cli.trigger_options import TriggerCall
from samo.pipeline.event import Event, RunStarted, from_json
from samo.pipeline.pipeline import Workflow
from samo.trigger import select

COLUMNS = 104
# The picture's own fonts would be fetched from elsewhere; every machine has a monospaced one.
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Draw what a terminal showed at a moment of a run."""
    arguments = _arguments()
    events = read_events(arguments.events)
    view = view_at(events, workflows_of(events, arguments.repo), arguments.at)
    arguments.to.write_text(picture_of(view), encoding="utf-8")


def read_events(path: Path) -> list[Event]:
    """Return the events of a file that `samo run --events` wrote."""
    return [from_json(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def workflows_of(events: Sequence[Event], repo: Path) -> tuple[Workflow, ...]:
    """Return the workflows that the run's branch selects: they say which job is of which stage."""
    start = next(event for event in events if isinstance(event, RunStarted))
    project = load_project(repo)
    call = TriggerCall(branch=start.branch, tag=start.tag)
    trigger = trigger_for(project, call)
    return select(compile_for(project, trigger, call), trigger).workflows


def view_at(events: Sequence[Event], workflows: Sequence[Workflow], at_s: float) -> Group:
    """Return the live view as it was `at_s` seconds after the run's start."""
    moment = events[0].time + at_s
    size = {"COLUMNS": str(COLUMNS), "LINES": "40"}
    live = Live(io.StringIO(), size, workflows=workflows, clock=lambda: moment)
    for event in events:
        if event.time <= moment:
            live(event)
    return live.render()


def picture_of(view: Group) -> str:
    """Return the view as SVG."""
    console = Console(file=io.StringIO(), record=True, width=COLUMNS, force_terminal=True)
    console.print(view)
    svg = console.export_svg(title="samo run", theme=MONOKAI, unique_id="run")
    lines = _FONTS.sub("", svg).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Draw the live view of a run as SVG.")
    parser.add_argument("events", type=Path, help="what samo run --events wrote")
    parser.add_argument("--at", type=float, required=True, help="seconds after the run's start")
    parser.add_argument("--to", type=Path, required=True, help="the picture")
    parser.add_argument("--repo", type=Path, default=Path(), help="the repository that was run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
