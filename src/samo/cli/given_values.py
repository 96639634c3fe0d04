"""The pipeline values that a call gives: those of its file, then those of its options (ENV-003)."""

from pathlib import Path

from samo.cli.trigger_options import TriggerCall
from samo.config import Source
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.trigger.overrides import Override, overrides_from_source, overrides_from_text


def given_values(call: TriggerCall) -> tuple[Override, ...]:
    """Return the values of a call; raises SamoError where one cannot be read."""
    from_file = _from_file(call.values_file) if call.values_file else ()
    return (*from_file, *overrides_from_text(call.values))


def _from_file(path: Path) -> tuple[Override, ...]:
    try:
        text = path.read_bytes()
    except OSError as error:
        message = f"the pipeline values in {path} cannot be read: {error.strerror}"
        hint = "name a file with a YAML or JSON mapping"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint)) from error
    return overrides_from_source(Source(path=str(path), text=text))
