"""What is claimed of samo's speed, and whether the measurements bear it out."""

import statistics
from dataclasses import dataclass

from measuring import Contender


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure of each round, whose median has a limit; `note` says why there is none."""

    text: str
    figures: tuple[float, ...]
    limit: float
    sign: str = "<="
    unit: str = ""
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.figures)

    @property
    def verdict(self) -> str:
        if not self.figures:
            return self.note
        within = self.median <= self.limit if self.sign == "<=" else self.median >= self.limit
        return "held" if within else "MISSED"

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against it: what is not here to be measured does not."""
        return not self.verdict.startswith(("MISSED", "FAILED"))


def ratio(text: str, above: Contender, below: Contender, *, sign: str, limit: float) -> Claim:
    """Claim a ratio of wall times, taken round by round: a machine's speed drifts meanwhile."""
    rounds = zip(above.samples, below.samples, strict=False)
    return Claim(
        text=text,
        figures=tuple(one.wall_s / other.wall_s for one, other in rounds),
        limit=limit,
        sign=sign,
        note=below.note if above.samples else above.note,
    )
