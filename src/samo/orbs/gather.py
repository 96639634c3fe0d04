"""All orbs of a config, those that orbs import included: each reference once (ORB-010)."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from samo.config.document import Document
from samo.config.orbs import MAX_DEPTH, OrbFault, nested_orbs, ways_out
from samo.orbs.sources import Found, OrbSources
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import ConfigError, Problem

_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What each reference came to: an orb and where it is from, or why there is none."""

    found: Mapping[str, Found]
    faults: Mapping[str, OrbFault]

    @property
    def orbs(self) -> Mapping[str, Document | OrbFault]:
        """The orbs in the form that `compile_pipeline` takes them."""
        return {**{reference: each.orb for reference, each in self.found.items()}, **self.faults}


def gather(
    references: Iterable[str], sources: OrbSources, *, values: Mapping[str, object]
) -> Brought:
    """Bring the orbs that a config refers to, and all that these import.

    `values` are the pipeline values, which references within orbs may hold.
    """
    found: dict[str, Found] = {}
    faults: dict[str, OrbFault] = {}
    wanted = tuple(references)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in range(MAX_DEPTH):
            answers = pool.map(lambda reference: _find(reference, sources), wanted)
            for reference, answer in zip(wanted, answers, strict=True):
                if isinstance(answer, OrbFault):
                    faults[reference] = answer
                else:
                    found[reference] = answer
            nested = _imports((found[each] for each in wanted if each in found), values)
            wanted = tuple(each for each in nested if each not in found and each not in faults)
            if not wanted:
                break
    return Brought(found=found, faults=faults)


def _imports(found: Iterable[Found], values: Mapping[str, object]) -> dict[str, None]:
    return {
        reference: None
        for each in found
        if isinstance(each.orb, Document)
        for reference in nested_orbs(each.orb, values=values)
    }


def _find(reference: str, sources: OrbSources) -> Found | OrbFault:
    try:
        return sources.find(reference)
    except ConfigError as error:
        return OrbFault(problems=tuple(_told(each, reference) for each in error.problems))


def _told(problem: Problem, reference: str) -> Problem:
    """Say which orb it is, and what can be done about it."""
    if problem.place:
        return problem
    message = f"the orb '{reference}' is not at hand: {problem.message}"
    hint = "; ".join(filter(None, (problem.hint, ways_out(reference))))
    return Problem(kind=problem.kind, message=message, hint=hint)
