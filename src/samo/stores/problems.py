"""What the stores raise: a problem of theirs in words, with the remedy for a full disk."""

import errno

from samo.pipeline.problem import Problem, ProblemKind, SamoError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def store_problem(message: str, hint: str = "") -> SamoError:
    """Return a problem of a store."""
    return SamoError(Problem(kind=ProblemKind.STORE, message=message, hint=hint))


def store_failure(what: str, error: OSError) -> SamoError:
    """Return what the system refused, in its words."""
    hint = "free some space and run again" if error.errno in _NO_ROOM else ""
    return store_problem(f"{what}: {error.strerror or error}", hint)
