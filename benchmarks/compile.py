"""How long configs take to compile: the largest real one, and growing ones of our own making.

`make bench` runs this. The growing ones have 100, 1,000 and 10,000 jobs, and are claimed to cost
the same for each job. It ends with status 1 where a limit is missed; read the load first.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import report
from claims import Claim
from here import CORES, SAMO, largest_config
from samo.config import Source, compile_pipeline
from samo.pipeline.problem import ConfigError
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values

ROUNDS = 7
COUNTS = (100, 1_000, 10_000)
VALUES = pipeline_values(
    Trigger(TriggerKind.API, "main"), RepositoryFacts(branch="main"), number=1, id="0"
)
BODY = "docker: [{image: cimg/base:stable}], steps: [checkout, {run: make}]"
WITH_PARAMETER = (
    "{parameters: {p: {type: string}}, docker: [{image: cimg/base:stable}],"
    " steps: [checkout, {c: {p: << parameters.p >>}}]}"
)
COMMAND = (
    "commands: {c: {parameters: {p: {type: string}},"
    " steps: [{run: 'make << parameters.p >>'}, {when: {condition: true, steps: [{run: test}]}}]}}"
)


def plain(count: int) -> str:
    """Return a config with a declaration for each of its jobs."""
    jobs = "".join(f"  j{number}: {{{BODY}}}\n" for number in range(count))
    items = "".join(f"      - j{number}\n" for number in range(count))
    return f"version: 2.1\njobs:\n{jobs}workflows:\n  w:\n    jobs:\n{items}"


def matrix(count: int) -> str:
    """Return a config with one job, for each combination of a matrix."""
    values = ", ".join(f"v{number}" for number in range(count // 10))
    items = (
        f"[{{j: {{matrix: {{parameters: {{p: [{values}], q: [{', '.join('abcdefghij')}]}}}}}}}}]"
    )
    job = f"{{parameters: {{p: {{type: string}}, q: {{type: string}}}}, {BODY}}}"
    return f"version: 2.1\njobs: {{j: {job}}}\nworkflows: {{w: {{jobs: {items}}}}}\n"


def commands(count: int) -> str:
    """Return a config whose invocations give arguments on to a command."""
    items = "".join(f"      - j: {{name: n{number}, p: v{number}}}\n" for number in range(count))
    head = f"version: 2.1\n{COMMAND}\njobs: {{j: {WITH_PARAMETER}}}\n"
    return f"{head}workflows:\n  w:\n    jobs:\n{items}"


SHAPES: dict[str, Callable[[int], str]] = {
    "jobs declared one by one": plain,
    "a matrix": matrix,
    "calls of a command": commands,
}


def main() -> int:
    gc.set_threshold(100_000)  # as samo itself does
    told = report.machine(CORES)
    claims = [*corpus_claims(), *(each for name in SHAPES for each in growth_claims(name))]
    told["load average after"] = report.load()
    print("".join(f"{name}: {text}\n" for name, text in told.items()))
    print(report.verdicts(claims))
    return 1 if any(not claim.stands for claim in claims) else 0


def corpus_claims() -> list[Claim]:
    """Measure the largest real config: in this process, and as a user calls for it."""
    texts = ("the largest real config: compile", "the largest real config: samo config validate")
    largest = largest_config()
    if largest is None:
        note = "not measured: the corpus is not here"
        return [Claim(text=text, figures=(), limit=0, note=note) for text in texts]
    compiled = tuple(compile_ms(largest.read_text(encoding="utf-8")) for _ in range(ROUNDS))
    validated = tuple(validate_ms(largest) for _ in range(ROUNDS))
    return [
        Claim(text=texts[0], figures=compiled, limit=100, unit="ms"),
        Claim(text=texts[1], figures=validated, limit=300, unit="ms"),
    ]


def growth_claims(name: str) -> list[Claim]:
    """Measure a shape at all sizes, round by round."""
    texts = [SHAPES[name](count) for count in COUNTS]
    rounds = [[compile_ms(text) for text in texts] for _ in range(ROUNDS)]
    return [
        Claim(
            text=f"{name}: {COUNTS[-1]:,} jobs",
            figures=tuple(times[-1] for times in rounds),
            limit=2000,
            unit="ms",
        ),
        *(
            Claim(
                text=f"{name}: cost of a job, of {more:,} / of {fewer:,}",
                figures=tuple(times[at + 1] / more * fewer / times[at] for times in rounds),
                limit=1.5,
            )
            for at, (fewer, more) in enumerate(pairwise(COUNTS))
        ),
    ]


def compile_ms(text: str) -> float:
    """Return how long a text takes; problems of its own are part of the answer."""
    gc.collect()
    begun = time.perf_counter()
    try:
        compile_pipeline(Source(path="config.yml", text=text), values=VALUES)
    except ConfigError as error:
        str(error)
    return (time.perf_counter() - begun) * 1000


def validate_ms(path: Path) -> float:
    begun = time.perf_counter()
    subprocess.run([SAMO, "config", "validate", path], capture_output=True, check=False)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
