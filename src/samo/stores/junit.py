"""Test results out of JUnit XML files, which may be broken or hostile.

expat is driven by itself, in pieces: no tree is built, and a file that declares an entity is
refused, so that neither a bomb nor another file can come in through one.
"""

import math
import os
from collections.abc import Iterator
from pathlib import Path

# bandit has no name for a safe use of expat: ours refuses every declaration of an entity.
from xml.parsers import expat  # nosec B407

from samo.stores.results import Results, TestResult, TestStatus

_CHUNK_BYTES = 1 << 16
_LARGEST_BYTES = 256 << 20
_LONGEST_MESSAGE = 1 << 16
_STATUS = {
    "failure": TestStatus.FAILURE,
    "error": TestStatus.ERROR,
    "skipped": TestStatus.SKIPPED,
}


class _NotJUnit(Exception):  # noqa: N818 - a finding about a file, handled in this module
    """The file is something else; the text says why."""


def read_results(path: Path) -> Results:
    """Return the results in the file `path`, or in the `.xml` files below it (STEP-033).

    Hidden folders are passed over. A file that is no JUnit XML is a problem, in words.
    """
    tests: list[TestResult] = []
    problems: list[str] = []
    for file in sorted(_files(path)):
        try:
            tests += _read(file)
        except (_NotJUnit, expat.ExpatError, LookupError, ValueError) as error:
            problems.append(_words(path, file, str(error)))
        except OSError as error:
            problems.append(_words(path, file, error.strerror or str(error)))
    return Results(tests=tuple(tests), problems=tuple(problems))


def _words(path: Path, file: Path, reason: str) -> str:
    name = file.relative_to(path) if file != path else file.name
    return f"{name} holds no test results: {reason}"


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for parent, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(parent, name)
            if file.suffix.lower() == ".xml" and file.is_file():
                yield file


def _read(path: Path) -> list[TestResult]:
    reader = _Reader()
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > _LARGEST_BYTES:
            raise _NotJUnit(f"it is larger than {_LARGEST_BYTES >> 20} MiB")
        while piece := file.read(_CHUNK_BYTES):
            reader.feed(piece)
    return reader.finish()


class _Reader:
    """What expat's calls add up to so far."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = _refuse_entity
        self._tests: list[TestResult] = []
        self._depth = 0
        self._suites: list[dict[str, str]] = []
        self._case: dict[str, str] | None = None
        self._status = TestStatus.SUCCESS
        self._message = ""
        self._said: list[str] | None = None

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)  # noqa: FBT003 - expat's

    def finish(self) -> list[TestResult]:
        self._parser.Parse(b"", True)  # noqa: FBT003 - expat's
        return self._tests

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if not self._depth and tag not in ("testsuites", "testsuite"):
            raise _NotJUnit(f"its root is <{tag}>, not <testsuites> or <testsuite>")
        self._depth += 1
        if tag == "testsuite":
            self._suites.append(attributes)
        elif tag == "testcase":
            self._case = attributes
            self._status, self._message = TestStatus.SUCCESS, ""
        elif self._case is not None and tag in _STATUS and not self._status.is_decided:
            self._status = _STATUS[tag]
            self._message = attributes.get("message", "")
            self._said = []

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        self._depth -= 1
        if tag == "testsuite":
            self._suites.pop()
        elif tag == "testcase" and self._case is not None:
            self._tests.append(self._result(self._case))
            self._case = None
        elif tag in _STATUS and self._said is not None:
            self._message = self._message or "".join(self._said).strip()
            self._said = None

    def _text(self, text: str) -> None:
        if self._said is not None:
            self._said.append(text)

    def _result(self, case: dict[str, str]) -> TestResult:
        suite = self._suites[-1] if self._suites else {}
        return TestResult(
            name=case.get("name", ""),
            classname=case.get("classname", ""),
            file=case.get("file", "") or suite.get("file", ""),
            result=self._status,
            message=self._message[:_LONGEST_MESSAGE],
            run_time_s=_seconds(case.get("time", "")),
            suite=suite.get("name", ""),
        )


def _refuse_entity(name: str, *_: object) -> None:
    raise _NotJUnit(f"it declares the entity '{name}'")


def _seconds(text: str) -> float:
    """Return a time as some reporters write it, thousands apart; 0.0 for none."""
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds >= 0 else 0.0
