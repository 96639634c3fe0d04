"""Who approves the jobs of a run that ask for it: the call, the user, or word from outside."""

from collections.abc import Callable, Iterator

from samo.engine.state import Key, RunState
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus
from samo.stores import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Who approves: names given beforehand, everything, or somebody who is asked at the end.

    `ask` is called while nothing else runs, and returns None where somebody else may have answered
    meanwhile; it is None itself where nobody can be asked.
    """

    names: frozenset[str] = frozenset()
    all: bool = False
    ask: Callable[[JobName], bool | None] | None = None


def held(state: RunState) -> list[Key]:
    """Return the jobs that wait for an approval, in their order."""
    waiting = [key for key in state.waiting if state.jobs[key] is JobStatus.ON_HOLD]
    return [key for key in waiting if key not in state.approved]


def left_word(state: RunState, folder: RunFolder) -> Iterator[tuple[Key, str]]:
    """Yield those of them that have been approved from outside of the run, and by whom."""
    for key in held(state):
        workflow, job = key
        approval = folder.of_attempt(state.attempt(workflow)).approval(workflow, job)
        if approval.exists():
            yield key, approval.read_text(encoding="utf-8", errors="replace")
