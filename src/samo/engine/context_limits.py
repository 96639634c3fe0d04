"""What of a context the cloud would not take: here it is granted, and told (ENV-015)."""

from collections.abc import Iterator, Mapping

from samo.executors import Difference

MAX_VARIABLES = 100
MAX_NAME = 300
MAX_VALUE = 32_768
"""How long a value may be, in characters: the specification's 32k."""


def excess(name: str, variables: Mapping[str, str]) -> Iterator[Difference]:
    """Return by what a context exceeds the cloud's limits; no value is told."""
    if len(variables) > MAX_VARIABLES:
        message = f"context '{name}': {len(variables)} variables, the cloud takes {MAX_VARIABLES}"
        yield Difference(rule="ENV-015", message=message)
    for variable, value in variables.items():
        if len(variable) > MAX_NAME:
            message = f"context '{name}': a name of {len(variable)} characters ({variable[:20]}...)"
            yield Difference(rule="ENV-015", message=f"{message}, the cloud takes {MAX_NAME}")
        if len(value) > MAX_VALUE:
            message = f"context '{name}': {variable[:MAX_NAME]} has {len(value):,} characters"
            yield Difference(rule="ENV-015", message=f"{message}, the cloud takes {MAX_VALUE:,}")
