"""`samo config schema`: prints the JSON schema of the language."""

import json

import click

from samo.config.schema import language_schema


@click.command("schema", short_help="Print a JSON schema of the language.")
def command() -> int:
    """Print the JSON schema (draft 7) of .circleci/config.yml, for editors and other tools.

    \b
    Example:
      samo config schema > .circleci/schema.json
    """
    click.echo(json.dumps(language_schema(), indent=2))
    return 0
