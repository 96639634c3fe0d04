"""`samo config process`: prints a config with nothing left in it to expand."""

import json
from pathlib import Path

import click

from samo.cli.project import compile_for, load_config, trigger_for
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.config.render import render_pipeline, yaml_text


@click.command("process", short_help="Print the config, all expanded.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@trigger_options
@click.option("--json", "as_json", is_flag=True, help="Print the document as JSON.")
def command(path: Path | None, trigger_call: TriggerCall, as_json: bool) -> int:  # noqa: FBT001
    """Print the config at PATH, by default .circleci/config.yml, as one trigger compiles it.

    It is a config of version 2: orbs, commands, executors, parameters, matrices and conditions are
    expanded, and workflows whose condition is false are left out.

    \b
    Example:
      samo config process --branch main > compiled.yml
    """
    project = load_config(path)
    pipeline = compile_for(project, trigger_for(project, trigger_call), trigger_call)
    document = render_pipeline(pipeline)
    text = f"{json.dumps(document, indent=2)}\n" if as_json else yaml_text(document)
    click.echo(text, nl=False)
    return 0
