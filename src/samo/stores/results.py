"""The test results of a job, in a file of its run."""

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.stores.problems import store_failure, store_problem
from samo.system import write_atomically


class TestStatus(StrEnum):
    """How a test ended."""

    __test__ = False  # pytest would collect a class of this name

    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"

    @property
    def is_decided(self) -> bool:
        """Whether the report says more than that the test ran."""
        return self is not TestStatus.SUCCESS


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One test; texts are "" and times 0.0 where the report has none."""

    __test__ = False

    name: str
    classname: str
    file: str
    result: TestStatus
    message: str
    run_time_s: float
    suite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a step found: the tests, and in words each file that could not be read."""

    tests: tuple[TestResult, ...]
    problems: tuple[str, ...]


def save_results(path: Path, results: Results) -> None:
    """Keep the results in the file `path`, after those that earlier steps of the job left there.

    Raises SamoError where the file is damaged or cannot be written; it is then as it was.
    """
    content = [asdict(test) for test in (*load_results(path), *results.tests)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(content).encode("ascii"))
    except OSError as error:
        raise store_failure(f"cannot keep the test results in {path}", error) from error


def load_results(path: Path) -> tuple[TestResult, ...]:
    """Return the results that a job stored; none where there is no file."""
    try:
        content = json.loads(path.read_bytes())
        return tuple(
            TestResult(**{**each, "result": TestStatus(each["result"])}) for each in content
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise store_problem(f"the test results in {path} are damaged") from error
