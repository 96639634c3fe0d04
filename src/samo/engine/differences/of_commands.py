"""What the commands of a job name that is not here, or is otherwise: by a look at their text."""

import re
from collections.abc import Iterator, Set

from samo.executors import Difference
from samo.pipeline.job import Job
from samo.pipeline.step import Run

_UNSIGNED = ("LOC-007", "is not set: CircleCI alone can sign such a token")
_NO_PULL_REQUEST = ("LOC-011", "is not set: a run here is of no pull request")
_VARIABLES = {
    "CIRCLE_BUILD_URL": ("LOC-016", "leads to a log on this machine, and to no web page"),
    "CIRCLE_OIDC_TOKEN": _UNSIGNED,
    "CIRCLE_OIDC_TOKEN_V2": _UNSIGNED,
    "CIRCLE_PREVIOUS_BUILD_NUM": ("ENV-004", "is not set"),
    "CIRCLE_PR_NUMBER": _NO_PULL_REQUEST,
    "CIRCLE_PR_REPONAME": _NO_PULL_REQUEST,
    "CIRCLE_PR_USERNAME": _NO_PULL_REQUEST,
    "CIRCLE_PULL_REQUEST": _NO_PULL_REQUEST,
    "CIRCLE_PULL_REQUESTS": _NO_PULL_REQUEST,
}
# One request to the API is answered here: that by which a setup pipeline goes on (DYN-005).
_CALLS = (
    (r"circleci\.com/api/(?!v2/pipeline/continue)", "LOC-016", "CircleCI's API knows no such run"),
    (r"\bcircleci run oidc\b", "LOC-007", "'circleci run oidc' fails: CircleCI alone can sign"),
    (r"\bcircleci run release\b", "CLI-015", "'circleci run release' does nothing"),
)


def command_differences(job: Job, given: Set[str]) -> Iterator[Difference]:
    """Return what differs for the commands of a job; `given` names the variables of contexts."""
    for step in job.steps:
        # Nearly no command gets any further, and a run has thousands.
        if isinstance(step, Run) and ("CIRCLE_" in step.command or "circleci" in step.command):
            own = {name for name, _ in (*job.environment, *step.environment)}
            yield from _of(step, given | own)


def _of(step: Run, given: Set[str]) -> Iterator[Difference]:
    code = "\n".join(line for line in step.command.split("\n") if line.lstrip()[:1] != "#")
    named = dict.fromkeys(re.findall(r"\bCIRCLE_[A-Z0-9_]+", code))
    for name in named:
        if name in _VARIABLES and name not in given:
            rule, fact = _VARIABLES[name]
            yield Difference(rule=rule, message=f"{name} {fact}", place=step.place)
    for pattern, rule, message in _CALLS:
        if re.search(pattern, code):
            yield Difference(rule=rule, message=message, place=step.place)
