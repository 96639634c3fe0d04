"""The names of a workflow's jobs, and what `requires` finds by them (WF-005 to WF-014)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from samo.config.circles import circles
from samo.config.problems import Problems
from samo.config.scope import Scope
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

    `alias` is how a matrix or a job group is required as a whole, "" outside of one. `is_known` is
    False where what is invoked could not be found: then nobody is blamed for requiring it by
    another name. `group` is the name by which a job group was invoked that the job came with: its
    requirements within the group stand in `job` already, and nobody outside finds it by its name.
    """

    job: Job
    alias: str = ""
    wanted: tuple[Wanted, ...] = ()
    is_known: bool = True
    group: str = ""


def link(invocations: Sequence[Invocation], owner: str, scope: Scope) -> tuple[Job, ...]:
    """Return the jobs with unique names and their requirements; faults of the graph are noted.

    `owner` is how messages call whose jobs they are, as `workflow 'main'`.
    """
    names = _unique_names([invocation.job.name for invocation in invocations])
    index = _Index(invocations, names)
    inner = {
        (each.group, each.job.name): name for each, name in zip(invocations, names, strict=True)
    }
    jobs: list[Job] = []
    for position, invocation in enumerate(invocations):
        requires: dict[Requirement, None] = {}
        for each in invocation.job.requires:
            requires[replace(each, job=inner[invocation.group, each.job])] = None
        for wanted in invocation.wanted:
            found = _found(wanted, position, index, scope.problems)
            scope.budget.take_requirements(len(found), wanted.place)
            for target in found:
                requirement = Requirement(
                    job=names[target], statuses=wanted.statuses, place=wanted.place
                )
                requires[requirement] = None
        jobs.append(replace(invocation.job, name=names[position], requires=tuple(requires)))
    _note_cycles(jobs, owner, scope.problems)
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
        self._groups: dict[str, str] = {}
        self._group_of = [each.group for each in invocations]
        self.unknown = [each.job.name for each in invocations if not each.is_known]
        for position, invocation in enumerate(invocations):
            if invocation.group:
                for name in (invocation.job.name, invocation.job.declared_name):
                    self._groups.setdefault(name, invocation.group)
            else:
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
        whole = self._aliases.get(name)
        if whole and position not in whole and name != self._group_of[position]:
            return whole
        bare = self._bare.get(name, [])
        others = [each for each in bare if each != position]
        if len(others) == 1:
            return others
        if others:
            return f"'{name}' is the name of {len(others)} other jobs"
        return self._fault(name)

    def _fault(self, name: str) -> str:
        if name in self._bare or name in self._aliases:
            return f"the job '{name}' requires itself"
        if name in self._groups:
            return f"'{name}' stands within the job group '{self._groups[name]}'"
        return f"'{name}' is the name of no other job here"

    def hint(self, name: str) -> str:
        """Return what may be meant by a name that finds nothing, or not one thing."""
        if name in self.names:
            return ""
        if name in self._bare:
            return "give each a 'name'"
        if name in self._groups:
            return f"require '{self._groups[name]}', which is all of it"
        known = (*self.names, *self._aliases)
        return nearest(name, known) or f"jobs: {', '.join(known[:10])}"


def _found(wanted: Wanted, position: int, index: _Index, problems: Problems) -> list[int]:
    found = index.find(wanted, position)
    if isinstance(found, list):
        return found
    if not nearest(wanted.name, index.unknown):  # else the invocation itself was called unknown
        problems.add(ProblemKind.GRAPH, found, wanted.place, index.hint(wanted.name))
    return []


def _note_cycles(jobs: list[Job], owner: str, problems: Problems) -> None:
    """WF-010: each requirement that leads back to a job on the way to it closes a cycle."""
    by_name = {job.name: job for job in jobs}
    found = circles(by_name, lambda name: ((e.job, e.place) for e in by_name[name].requires))
    for circle, place in found:
        groups = {by_name[name].job_group for name in circle}
        if len(groups) > 1 or "" in groups:  # else told where the job group is declared
            message = f"jobs of {owner} require each other: {' -> '.join(circle)}"
            problems.add(ProblemKind.GRAPH, message, place, "break the cycle")
