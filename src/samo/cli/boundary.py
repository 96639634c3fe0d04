"""The one place where an exception becomes text on stderr and an exit status."""

import errno
import os
import sys
from collections.abc import Callable

import click

from samo.pipeline.problem import Problem, ProblemKind, SamoError

CANCELED = 130
_BUG = 70  # EX_SOFTWARE of sysexits.h: no verdict of ours, so none of the contract's statuses
_MACHINE = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EPERM,
        errno.EROFS,
    }
)
"""What the machine refuses us, wherever we stand: no bug, and nothing to plan for."""


def guarded(action: Callable[[], int]) -> int:
    """Run `action` and return its exit status, or the one that its exception stands for."""
    try:
        try:
            status = action()
            sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one boundary
            status = _answer(error)
    except BrokenPipeError:
        return _hung_up()
    return status


def _answer(error: Exception | KeyboardInterrupt) -> int:
    match error:
        case BrokenPipeError():
            raise error
        case SamoError():
            text, status = str(error), error.exit_status
        case click.exceptions.Exit():
            text, status = "", error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            text, status = error.format_message(), error.exit_code
        case click.ClickException():
            text, status = str(_usage_problem(error)), error.exit_code
        case KeyboardInterrupt() | click.Abort():
            text, status = "", CANCELED
        case OSError() if error.errno in _MACHINE:
            text, status = str(_machine_problem(error)), SamoError.exit_status
        case _:
            from samo.cli.bug_report import bug_report  # noqa: PLC0415 - never, one hopes

            text, status = bug_report(error), _BUG
    if text:
        click.echo(text, err=True)
    return status


def _usage_problem(error: click.ClickException) -> Problem:
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"'{context.command_path} --help' shows how it is called" if context else ""
    return Problem(kind=ProblemKind.USAGE, message=message[:1].lower() + message[1:], hint=hint)


def _machine_problem(error: OSError) -> Problem:
    where = f": '{error.filename}'" if error.filename else ""
    return Problem(kind=ProblemKind.MACHINE, message=f"{error.strerror}{where}")


def _hung_up() -> int:
    # Who reads us has enough. Python flushes once more at exit: let that go nowhere.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    return 0
