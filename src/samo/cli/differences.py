"""What differs from the cloud, in lines: one for each fact, with its rule and whom it touches."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import DifferenceNoted
from samo.pipeline.job import JobName
from samo.pipeline.pipeline import Workflow
from samo.pipeline.place import Place

if TYPE_CHECKING:
    from samo.engine.differences import Noted

Told: TypeAlias = "Noted | DifferenceNoted"
"""A difference of a plan, or of a run; its names are "" where it touches all of it."""

Label = Callable[[str, JobName], str]
"""Names a job, by its workflow and its name there."""

HEADING = "differs from the cloud:"
_MOST_FACTS = 8
_MOST_JOBS = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that differs, with its rule, the jobs that it touches and the first place."""

    text: str
    jobs: tuple[str, ...]
    place: Place | str | None

    def __str__(self) -> str:
        return self.text + (f" [{', '.join(self.jobs)}]" if self.jobs else "")

    def shortened(self) -> str:
        """Return the fact with a few of its jobs, and how many more there are."""
        more = len(self.jobs) - _MOST_JOBS
        if more <= 1:
            return str(self)
        return f"{self.text} [{', '.join(self.jobs[:_MOST_JOBS])} and {more} more]"


def facts_of(noted: Iterable[Told], label: Label) -> list[Fact]:
    """Return each fact once, in the order in which they came."""
    groups: dict[str, list[Told]] = {}
    for each in noted:
        groups.setdefault(f"{each.message} ({each.rule})", []).append(each)
    return [
        Fact(
            text,
            tuple(dict.fromkeys(label(each.workflow, each.job) for each in group if each.job)),
            group[0].place,
        )
        for text, group in groups.items()
    ]


def whole_list(noted: Iterable[Told], label: Label) -> Iterator[str]:
    """Return a line for each fact, with its place and all its jobs, under their heading."""
    facts = facts_of(noted, label)
    if facts:
        yield HEADING
    for fact in facts:
        yield f"  {fact.place}: {fact}" if fact.place else f"  {fact}"


def announcement(noted: Sequence[Told], label: Label) -> Iterator[str]:
    """Return what is said before a run: as many lines as a reader takes in, without places."""
    if not noted:
        return
    facts = facts_of(noted, label)
    told = facts if len(facts) <= _MOST_FACTS else facts[: _MOST_FACTS - 1]
    yield HEADING
    for fact in told:
        yield f"  {fact.shortened()}"
    if len(told) < len(facts):
        yield f"  and {len(facts) - len(told)} more, which the end of the run tells"


def labels_of(workflows: Iterable[Workflow]) -> Label:
    """Return what names a job of these workflows beyond doubt, as a run of them does."""
    bearers = Counter(job.name for workflow in workflows for job in workflow.jobs)
    return lambda workflow, job: f"{workflow}/{job}" if bearers[job] > 1 else job
