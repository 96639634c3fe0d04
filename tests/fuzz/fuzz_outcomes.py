"""What may become of any config: a pipeline or problems that point into the file, and soon."""

import re
import time
from collections.abc import Iterable

from samo.config import Source, required_orbs
from samo.config.compile import compile_noting
from samo.config.problems import Problems
from samo.pipeline.problem import ConfigError, Problem
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values, select
from samo.trigger.explain import explain

LIMIT_S = 5.0
PATH = "config.yml"
FACTS = RepositoryFacts(
    branch="main", revision="a" * 40, origin_url="https://github.com/o/n.git", default_branch="main"
)
TRIGGERS = (Trigger(TriggerKind.API, "main"), Trigger(TriggerKind.TAG, tag="v1"))
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where YAML begins a line


def fault(data: bytes) -> str:
    """Return what is wrong with the way a config was taken, "" where nothing is.

    An error other than those that the compiler announces is not caught.
    """
    begun = time.perf_counter()
    found = next(filter(None, (_outcome(data, trigger) for trigger in TRIGGERS)), "")
    took_s = time.perf_counter() - begun
    return found or (f"it took {took_s:.1f} s" if took_s > LIMIT_S else "")


def _outcome(data: bytes, trigger: Trigger) -> str:
    source = Source(path=PATH, text=data)
    values = pipeline_values(trigger, FACTS, number=1, id="0")
    noted = Problems()
    try:
        required_orbs(source, values=values)
        pipeline = compile_noting(noted, source, values=values).pipeline
        explain(pipeline, trigger, select(pipeline, trigger))
    except ConfigError as error:
        return _misplaced(error.problems, data) if error.problems else "an error says nothing"
    return _misplaced(noted.warnings, data)


def _misplaced(problems: Iterable[Problem], data: bytes) -> str:
    lines = _BREAKS.split(data.decode("utf-8-sig", "replace"))
    for problem in problems:
        place = problem.place
        if not problem.message or not str(problem).isprintable():
            return f"no line to show: {problem!r}"
        if place is None:
            return f"it points nowhere: {problem}"
        if not 1 <= place.line <= len(lines) or place.path != PATH:
            return f"{len(lines)} lines: {problem}"
        if not 1 <= place.column <= len(lines[place.line - 1]) + 1:
            return f"{len(lines[place.line - 1])} characters in the line: {problem}"
    return ""
