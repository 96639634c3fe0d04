"""Say why a call could not be started, in words of the config."""

import errno
import os

from samo.executors.protocol import Call, SandboxError
from samo.pipeline.problem import Problem, ProblemKind


def sandbox_error(message: str, hint: str = "") -> SandboxError:
    """Return the error for something that this machine refused."""
    return SandboxError(Problem(kind=ProblemKind.MACHINE, message=message, hint=hint))


def not_written(error: OSError | UnicodeEncodeError) -> SandboxError:
    """Say why the script of a call could not be written."""
    if isinstance(error, UnicodeEncodeError):
        character = error.object[error.start]
        return sandbox_error(
            f"the command has U+{ord(character):04X} in it, which no file can hold"
        )
    return sandbox_error(f"cannot write the step's script: {error.strerror}")


def not_started(call: Call, error: OSError | ValueError) -> SandboxError:
    """Say why the shell of a call could not be started."""
    if isinstance(error, UnicodeEncodeError):
        return sandbox_error("a variable of the step has text that is no UTF-8")
    if isinstance(error, ValueError):
        return sandbox_error(f"cannot start the shell '{call.shell}': {error}")
    if os.fspath(error.filename or "") == call.working_directory:
        return sandbox_error(_no_directory(call.working_directory, error))
    match error.errno:
        case errno.ENOENT:
            return sandbox_error(f"there is no shell '{call.shell}' on this machine")
        case errno.E2BIG:
            return sandbox_error(
                "the step's variables are larger than the system lets a program have"
                " (128 kB each, 2 MB in all)"
            )
    return sandbox_error(f"cannot start the shell '{call.shell}': {error.strerror}")


def _no_directory(path: str, error: OSError) -> str:
    match error.errno:
        case errno.ENOENT:
            return f"there is no working directory {path}"
        case errno.ENOTDIR:
            return f"the working directory {path} is no directory"
    return f"cannot enter the working directory {path}: {error.strerror}"
