"""What of the contexts of a job is not as in the cloud, where each has limits and guards."""

from collections.abc import Iterator, Mapping

from samo.engine.variables import Grants
from samo.executors import Difference
from samo.pipeline.job import Job

MAX_VARIABLES = 100
MAX_NAME = 300
MAX_VALUE = 32_768
"""How long a value may be, in characters: the specification's 32k."""


def context_differences(job: Job, grants: Grants) -> Iterator[Difference]:
    """Return what differs for the contexts that a job names, told before anything starts."""
    for name in job.contexts:
        if name not in grants.contexts:
            message = f"context '{name}' is not granted: no job that names it runs"
            yield Difference(rule="LOC-009", message=message)
            continue
        message = f"context '{name}': what restricts it to groups or branches is not known here"
        yield Difference(rule="LOC-010", message=message)
        yield from excess(name, grants.contexts[name])


def excess(name: str, variables: Mapping[str, str]) -> Iterator[Difference]:
    """Return by what a context exceeds the cloud's limits (ENV-015); no value is told."""
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
