"""Pipeline values that CircleCI has given up."""

import re

from samo.config.compile import Compilation
from samo.config.locate import place_within
from samo.config.review.walk import scalars
from samo.pipeline.problem import ProblemKind

_RETIRED = re.compile(r"\bpipeline\.(?:trigger_source\b|trigger_parameters\.[\w.]+)")


def warn_of_retired(compilation: Compilation) -> None:
    """Note the first use of each retired value (ENV-001)."""
    library, problems = compilation.scope.library, compilation.scope.problems
    told: set[str] = set()
    for scalar in sorted(scalars(compilation.root), key=lambda scalar: scalar.place):
        for found in _RETIRED.finditer(scalar.text):
            if found[0] not in told:
                told.add(found[0])
                place = place_within(scalar, found.start(), library.text)
                message = f"the value '{found[0]}' is retired"
                problems.warn(ProblemKind.DEPRECATED, message, place, _hint(found[0]))


def _hint(name: str) -> str:
    if name == "pipeline.trigger_source":
        return "use pipeline.trigger.type or pipeline.event.name"
    return "use pipeline.event.*"
