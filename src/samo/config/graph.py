"""The names of a workflow's jobs, and what `requires` finds by them (WF-005 to WF-014)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from samo.config.problems import Problems
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Job, JobName, Requirement
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind, nearest
from samo.pipeline.status import JobStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An item of `requires`: a name, and the statuses that are enough."""

    name: str
    statuses: frozenset[JobStatus]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One job of a workflow before names are unique; `job` bears the name that it would have.

    `alias` is how a matrix is required as a whole, "" outside of one. `is_known` is False where
    what is invoked could not be found: then nobody is blamed for requiring it by another name.
    """

    job: Job
    alias: str = ""
    wanted: tuple[Wanted, ...] = ()
    is_known: bool = True


def link(invocations: Sequence[Invocation], workflow: str, problems: Problems) -> tuple[Job, ...]:
    """Return the jobs with unique names and their requirements; faults of the graph are noted."""
    names = _unique_names([invocation.job.name for invocation in invocations])
    index = _Index(invocations, names)
    jobs: list[Job] = []
    for position, invocation in enumerate(invocations):
        requires: dict[Requirement, None] = {}
        for wanted in invocation.wanted:
            found = index.find(wanted, position)
            if isinstance(found, str):
                _note(wanted, found, index, problems)
                continue
            for target in found:
                requirement = Requirement(
                    job=names[target], statuses=wanted.statuses, place=wanted.place
                )
                requires[requirement] = None
        jobs.append(replace(invocation.job, name=names[position], requires=tuple(requires)))
    _note_cycles(jobs, workflow, problems)
    return tuple(jobs)


def _unique_names(wanted: list[JobName]) -> list[JobName]:
    """WF-013: names that several jobs would have get -1, -2, ... in order of appearance."""
    counts = Counter(wanted)
    taken = {name for name, count in counts.items() if count == 1}
    numbers: Counter[JobName] = Counter()
    names: list[JobName] = []
    for name in wanted:
        unique = name
        while counts[name] > 1 and (unique == name or unique in taken):
            numbers[name] += 1
            unique = JobName(f"{name}-{numbers[name]}")
        taken.add(unique)
        names.append(unique)
    return names


class _Index:
    """Finds invocations by their unique names, by the alias of a matrix, and by bare names."""

    def __init__(self, invocations: Sequence[Invocation], names: list[JobName]) -> None:
        self.names: dict[str, list[int]] = {}
        self._aliases: dict[str, list[int]] = {}
        self._bare: dict[str, list[int]] = {}
        self.unknown = [each.job.name for each in invocations if not each.is_known]
        for position, invocation in enumerate(invocations):
            self.names.setdefault(names[position], []).append(position)
            self._bare.setdefault(invocation.job.name, []).append(position)
            if invocation.alias:
                self._aliases.setdefault(invocation.alias, []).append(position)

    def find(self, wanted: Wanted, position: int) -> list[int] | str:
        """Return the positions of the jobs that are meant, or what is wrong with the name."""
        name = wanted.name
        exact = self.names.get(name)
        if exact and exact != [position]:
            return exact
        if name in self._aliases and position not in self._aliases[name]:
            return self._aliases[name]
        bare = self._bare.get(name, [])
        others = [each for each in bare if each != position]
        if len(others) == 1:
            return others
        if others:
            return f"'{name}' is the name of {len(others)} other jobs"
        if bare or name in self._aliases:
            return f"the job '{name}' requires itself"
        return f"'{name}' is the name of no other job in this workflow"


def _note(wanted: Wanted, fault: str, index: _Index, problems: Problems) -> None:
    if nearest(wanted.name, index.unknown):
        return  # the invocation itself was called unknown
    if wanted.name in index.names or "other jobs" in fault:
        hint = "" if wanted.name in index.names else "give each a 'name'"
    else:
        hint = nearest(wanted.name, index.names) or f"jobs: {', '.join(list(index.names)[:10])}"
    problems.add(ProblemKind.GRAPH, fault, wanted.place, hint)


def _note_cycles(jobs: list[Job], workflow: str, problems: Problems) -> None:
    """WF-010: each requirement that leads back to a job on the way to it closes a cycle."""
    by_name = {job.name: job for job in jobs}
    done: set[JobName] = set()
    for job in jobs:
        if job.name in done:
            continue
        way: dict[JobName, None] = {job.name: None}
        todo = [iter(job.requires)]
        while todo:
            requirement = next(todo[-1], None)
            if requirement is None:
                todo.pop()
                done.add(way.popitem()[0])
            elif requirement.job in way:
                names = list(way)
                circle = [*names[names.index(requirement.job) :], requirement.job]
                message = f"jobs of workflow '{workflow}' require each other: "
                message += " -> ".join(circle)
                problems.add(ProblemKind.GRAPH, message, requirement.place, "break the cycle")
            elif requirement.job not in done:
                way[requirement.job] = None
                todo.append(iter(by_name[requirement.job].requires))
