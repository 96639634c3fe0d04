"""The folders of a repository's runs, numbered from 1."""

import os
import re
import shutil
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import RunId
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.stores.file_names import file_name
from samo.stores.problems import store_failure, store_problem
from samo.system import is_locked, locked, replacing

_NUMBER = re.compile(r"[0-9]{6,}")
_OPEN = ".open"
_MARK = re.compile(rf"{_NUMBER.pattern}{re.escape(_OPEN)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolder:
    """Where one run keeps what it must remember; the paths need not exist, nor their parents.

    Logs, artifacts and test results are those of the `attempt` of their workflow.
    """

    path: Path
    number: int
    id: RunId
    attempt: int = 1

    @property
    def journal(self) -> Path:
        """The run's events, one JSON object a line."""
        return self.path / "journal.jsonl"

    @property
    def recipe(self) -> Path:
        """What the run was made from, to run the same once more."""
        return self.path / "recipe.json"

    @property
    def lock(self) -> Path:
        """What the process that runs the run holds locked as long as it lives."""
        return self.path / "lock"

    @property
    def continued_config(self) -> Path:
        """The config with which a setup pipeline was asked to go on."""
        return self.path / "continued.yml"

    def of_attempt(self, attempt: int) -> "RunFolder":
        """Return the folder with the logs, artifacts and test results of another attempt."""
        return replace(self, attempt=attempt) if attempt != self.attempt else self

    def is_active(self) -> bool:
        """Whether the run's process lives; a run without it that did not finish broke off."""
        return is_locked(self.lock)

    def log(self, workflow: str, job: str, node: int, step: int) -> Path:
        """Return where a step's output goes."""
        return Path(f"{self.logs(workflow, job, node)}/{step}.log")

    def logs(self, workflow: str, job: str, node: int) -> str:
        """Return the folder of a node's logs, as text: each job asks, and few write there."""
        return f"{self._job('logs', workflow, job)}/{node}"

    def artifacts(self, workflow: str, job: str, node: int) -> Path:
        """Return the folder of a job's artifacts, one per node (STEP-031)."""
        return Path(f"{self._job('artifacts', workflow, job)}/{node}")

    def tests(self, workflow: str, job: str, node: int) -> Path:
        """Return the file of a job's test results."""
        return Path(f"{self._job('tests', workflow, job)}/{node}.json")

    def timings(self, job: str) -> str:
        """Return the file of how long a job's tests took, which all runs share (CLI-009)."""
        return f"{self.path.parent}/timings/{file_name(job)}.json"

    def workspace(self, workflow: str) -> Path:
        """Return the root of a workflow's workspace (WS-012)."""
        return self.path / "workspaces" / file_name(workflow)

    def approval(self, workflow: str, job: str) -> Path:
        """Return the file that says who has approved a job, from outside of the run."""
        return Path(self._job("approvals", workflow, job))

    def _job(self, kind: str, workflow: str, job: str) -> str:
        again = f"attempts/{self.attempt}/" if self.attempt > 1 else ""
        return f"{self.path}/{again}{kind}/{file_name(workflow)}/{file_name(job)}"


class Runs:
    """The runs below `root`, which is `<repository>/.samo/runs`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def create(self, run_id: RunId) -> RunFolder:
        """Make the folder of a new run, under the next free number.

        Raises SamoError where it cannot be written.
        """
        try:
            self.prepare()
            number = max(self._numbers(), default=0) + 1
            while not self._claim(number):
                number += 1
            folder = RunFolder(path=self._path(number), number=number, id=run_id)
            self.reopen(folder)
            (folder.path / "id").write_text(run_id)
        except OSError as error:
            raise store_failure(f"cannot make a run in {self._root}", error) from error
        return folder

    def discard(self, folder: RunFolder) -> None:
        """Remove a run that never began, as if it had not been made; its number is free again."""
        # Without the id it is no run any more, also where the rest cannot be removed.
        (folder.path / "id").unlink(missing_ok=True)
        shutil.rmtree(folder.path, ignore_errors=True)
        self.close(folder)

    def starting(self) -> AbstractContextManager[None]:
        """Keep everybody from taking a run that is just being made for one that broke off."""
        self.prepare()
        return locked(self._root / "starting.lock")

    def reopen(self, folder: RunFolder) -> None:
        """Note that a run is about to go on."""
        self._mark(folder).touch()

    def close(self, folder: RunFolder) -> None:
        """Note that a run has ended, and that its journal says how."""
        self._mark(folder).unlink(missing_ok=True)

    def broken(self) -> tuple[RunFolder, ...]:
        """Return the runs that have not ended though nobody runs them.

        The id of one that was not even made is "". Looks at no run that has ended.
        """
        marks = filter(_MARK.fullmatch, self._names())
        numbers = sorted(int(name.removesuffix(_OPEN)) for name in marks)
        folders = [
            self._read(number) or RunFolder(path=self._path(number), number=number, id=RunId(""))
            for number in numbers
        ]
        return tuple(folder for folder in folders if not folder.is_active())

    def reserve_numbers(self, count: int) -> int:
        """Return the first of `count` numbers for jobs that no job has had (ENV-004).

        The numbers start from 1 and outlive the runs.
        """
        counter = self._root / "build_number"
        try:
            self.prepare()
            with locked(self._root / "build_number.lock"):
                last = _last_number(counter)
                # Whole after a kill; after a power cut the one before may be back.
                with replacing(counter) as beside:
                    beside.write_text(f"{last + count}\n")
        except OSError as error:
            raise store_failure(f"cannot count on in {counter}", error) from error
        return last + 1

    def all(self) -> tuple[RunFolder, ...]:
        """Return all runs, oldest first."""
        folders = (self._read(number) for number in sorted(self._numbers()))
        return tuple(folder for folder in folders if folder)

    def find(self, reference: str) -> RunFolder:
        """Return the run that a number, a unique prefix of an id, or `last` means.

        Raises UsageError where it means none, or several.
        """
        if reference == "last":
            found = self._newest()
        else:
            found = self._by_number(reference) or self._by_prefix(reference)
        if found:
            return found
        if reference == "last" or not self._numbers():
            raise _usage("there is no run yet", "samo run starts one")
        raise _usage(f"there is no run '{reference}'", "samo runs lists them")

    def _by_number(self, reference: str) -> RunFolder | None:
        return self._read(int(reference)) if re.fullmatch(r"[0-9]{1,9}", reference) else None

    def _by_prefix(self, prefix: str) -> RunFolder | None:
        found = [folder for folder in self.all() if prefix and folder.id.startswith(prefix)]
        if len(found) > 1:
            numbers = ", ".join(str(folder.number) for folder in found[-5:])
            raise _usage(
                f"'{prefix}' begins the ids of {len(found)} runs",
                f"give more of the id, or one of the numbers {numbers}",
            )
        return found[0] if found else None

    def _newest(self) -> RunFolder | None:
        for number in sorted(self._numbers(), reverse=True):
            folder = self._read(number)
            if folder:
                return folder
        return None

    def _read(self, number: int) -> RunFolder | None:
        path = self._path(number)
        try:
            run_id = (path / "id").read_text()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
            return None  # what others have put there must not hinder our own runs
        # A crash between making the folder and naming it leaves a run that never began.
        return RunFolder(path=path, number=number, id=RunId(run_id)) if run_id else None

    def _numbers(self) -> list[int]:
        return [int(name) for name in self._names() if _NUMBER.fullmatch(name)]

    def _names(self) -> list[str]:
        try:
            return os.listdir(self._root)  # noqa: PTH208 - with many runs 5 x faster
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _mark(self, folder: RunFolder) -> Path:
        return self._root / f"{folder.number:06}{_OPEN}"

    def _path(self, number: int) -> Path:
        return self._root / f"{number:06}"

    def _claim(self, number: int) -> bool:
        try:
            self._path(number).mkdir()
        except FileExistsError:
            return False
        return True

    def prepare(self) -> None:
        """Make the folder of the runs, and keep it and its neighbours out of the user's git.

        Raises SamoError where it cannot be written.
        """
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            ignore = self._root.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
        except OSError as error:
            raise store_failure(f"cannot make a run in {self._root}", error) from error


def _last_number(counter: Path) -> int:
    try:
        return int(counter.read_text())
    except FileNotFoundError:
        return 0
    except ValueError as error:
        message = f"{counter} does not hold the last number of a job"
        hint = "write that number into it, or remove it to count from 1 again"
        raise store_problem(message, hint) from error


def _usage(message: str, hint: str) -> UsageError:
    return UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
