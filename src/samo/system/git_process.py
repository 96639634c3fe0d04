"""Call git: its answer, or its complaint as an error; several calls side by side."""

import os
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import partial
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, SamoError, UsageError

# What git sets for its hooks would make a `samo run` in a hook see another repository or index.
_LOCATIONS = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
NO_USER_CONFIG = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "HOME": os.devnull,
    "XDG_CONFIG_HOME": os.devnull,
}
"""What keeps the user's hooks, filters and templates out of a call (they may run programs)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of git: its arguments, the directory it starts in, variables of its own."""

    arguments: Sequence[str | Path]
    at: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What git said; `complaint` is its standard error."""

    code: int
    output: bytes
    complaint: str

    def lines(self) -> list[str]:
        """Return the output's lines; names that are no UTF-8 keep their bytes."""
        return os.fsdecode(self.output).splitlines()


def ask(*calls: Call) -> list[Answer]:
    """Make the calls side by side and return what each came to.

    Raises UsageError where git is missing.
    """
    return asking(*calls)()


def asking(*calls: Call) -> Callable[[], list[Answer]]:
    """Begin the calls and return what waits for their answers; raises as `ask` does."""
    return partial(_answers, [_start(call) for call in calls])


def _answers(processes: Iterable[subprocess.Popen[bytes]]) -> list[Answer]:
    answers = []
    for process in processes:
        output, complaint = process.communicate()
        text = complaint.decode(errors="replace").strip()
        answers.append(Answer(code=process.returncode, output=output, complaint=text))
    return answers


def git(call: Call) -> Answer:
    """Make one call that must succeed; raises SamoError with git's words where it does not."""
    [answer] = ask(call)
    return require(call, answer)


def require(call: Call, answer: Answer) -> Answer:
    """Return the answer of a call that succeeded; raises SamoError for any other."""
    if answer.code:
        words = (str(word) for word in call.arguments)
        verb = next((word for word in words if word[:1] != "-" and "=" not in word), "")
        raise SamoError(
            Problem(
                kind=ProblemKind.REPOSITORY,
                message=f"git {verb} failed in {call.at}: {last_line(answer)}",
            )
        )
    return answer


def last_line(answer: Answer) -> str:
    """Return what git complained of, as one line."""
    lines = [line for line in answer.complaint.splitlines() if not line.startswith("hint:")]
    text = "; ".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in lines)
    return text or f"exit status {answer.code}"


def _start(call: Call) -> subprocess.Popen[bytes]:
    inherited = {name: value for name, value in os.environ.items() if name not in _LOCATIONS}
    settings = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.Popen(
            ["git", "-C", call.at, *call.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**inherited, **settings, **call.environment},
        )
    except FileNotFoundError as error:
        raise UsageError(
            Problem(
                kind=ProblemKind.MACHINE,
                message="git is not on this machine's PATH",
                hint="install git; samo reads the repository with it",
            )
        ) from error
