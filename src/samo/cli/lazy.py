"""A click group whose commands are imported when they are called, and not before."""

from collections.abc import Mapping
from importlib import import_module

import click

from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of a group: where it stands ("module:attribute"), and its line of the listing.

    `extra` is the extra of this distribution that brings what the command imports, if any.
    """

    target: str
    summary: str
    extra: str = ""


class LazyGroup(click.Group):
    """A group over a table of entries."""

    def __init__(self, name: str, table: Mapping[str, Entry], *, summary: str) -> None:
        super().__init__(name=name, help=summary)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name."""
        entry = self._table.get(cmd_name)
        if entry is None:
            return None
        return _load(entry, f"{ctx.command_path} {cmd_name}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the listing from the table, importing nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self._table.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Call the command; what is wrong with its arguments names the command."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            name = ctx.invoked_subcommand
            command = self.get_command(ctx, name) if name else None
            if error.ctx is None and command is not None:  # click's parser names none
                error.ctx = click.Context(command, info_name=name, parent=ctx)
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name; raises UsageError with the nearest."""
        if args and args[0] not in self._table and not args[0].startswith("-"):
            hint = nearest(args[0], self._table) or f"there are: {', '.join(self._table)}"
            message = f"unknown command '{ctx.command_path} {args[0]}'"
            raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
        return super().resolve_command(ctx, args)


def _load(entry: Entry, path: str) -> click.Command:
    module, _, attribute = entry.target.partition(":")
    try:
        command: click.Command = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if not entry.extra or missing.partition(".")[0] == "samo":
            raise
        message = f"'{path}' needs the Python package '{missing}', which is not installed"
        hint = f"pip install 'samo[{entry.extra}]'"
        problem = Problem(kind=ProblemKind.MACHINE, message=message, hint=hint)
        raise UsageError(problem) from error
    return command
