"""Names that are nearly others: keys of the top level, and jobs that differ in capitals alone."""

from difflib import get_close_matches
from itertools import islice

from samo.config.compile import NEW_KEYS, Compilation
from samo.config.library import Kind
from samo.pipeline.problem import ProblemKind

MAX_KEYS = 1000
_KEYS = ("version", *NEW_KEYS, "jobs", "workflows", "experimental")
_CLOSE = 0.84
"""So near is a slip of the pen: `job` to `jobs`, but not `job_defaults`."""


def warn_of_names(compilation: Compilation) -> None:
    """Note what CFG-005 drops though it looks like a section, and jobs with one name (CFG-011)."""
    problems = compilation.scope.problems
    for entry in islice(compilation.root, MAX_KEYS):
        near = get_close_matches(entry.key, _KEYS, n=1, cutoff=_CLOSE)
        if entry.key not in _KEYS and near:
            message = f"the key '{entry.key}' means nothing here, and what it holds is dropped"
            hint = f"did you mean '{near[0]}'?"
            problems.warn(ProblemKind.NO_EFFECT, message, entry.place, hint)
    seen: dict[str, str] = {}
    for job in compilation.scope.library.elements[Kind.JOB].values():
        first = seen.setdefault(job.name.casefold(), job.name)
        if first != job.name:
            message = f"the jobs '{first}' and '{job.name}' have one name but for capitals"
            problems.warn(ProblemKind.SCHEMA, message, job.place, "rename one of them")
