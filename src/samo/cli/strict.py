"""`samo run --strict`: what differs from the cloud is an error, before anything starts."""

from samo.cli.differences import facts_of, labels_of
from samo.engine import Supplies, all_differences, circumstances
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind


def refuse_differences(supplies: Supplies) -> None:
    """Raise ConfigError with all that would not be as in the cloud in this run (LOC-002)."""
    noted = all_differences(supplies.workflows, circumstances(supplies))
    problems = [
        Problem(
            kind=ProblemKind.UNSUPPORTED_LOCALLY,
            message=str(fact),
            place=fact.place if isinstance(fact.place, Place) else None,
        )
        for fact in facts_of(noted, labels_of(supplies.workflows))
    ]
    if problems:
        raise ConfigError(*problems)
