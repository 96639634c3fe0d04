"""What an executor and the Sandbox that it opens for a job promise."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import field
from pathlib import Path
from typing import Protocol

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Job
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, SamoError
from samo.system import Cancel, Exit, Snapshot

Output = Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One run of a shell over a script.

    `shell` is a full command line that gets the script as a file; `working_directory` an absolute
    path as the job sees it.
    """

    shell: str
    script: str
    environment: Mapping[str, str]
    working_directory: str
    no_output_timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that is not as in the cloud; `rule` is the specification's row.

    `place` is where the config asks for it, None where no line of it does.
    """

    rule: str
    message: str
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A snapshot of the repository and what a checkout of it says of itself."""

    snapshot: Snapshot
    branch: str
    tag: str
    origin_url: str


class SandboxError(SamoError):
    """A place could not be opened, or a step not be started in it; the message says why."""


class Sandbox(Protocol):
    """The place of one job (one node of it), from its first step to its last.

    Calls come from one thread at a time, `close` after all others and once. An `output` given to
    `run` is called in the caller's thread until `run` returns, one given to `run_in_background`
    in a thread of the sandbox until `close` returns. Paths are text as the config writes them:
    `~` is the job's home, relative ones start at its working directory.
    """

    @property
    def home(self) -> str:
        """The home directory, as the job sees it."""
        ...

    @property
    def default_shell(self) -> str:
        """The shell for steps that name none (STEP-006)."""
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """What the place itself defines: HOME, PATH, BASH_ENV, CIRCLE_INTERNAL_TASK_DATA, ..."""
        ...

    @property
    def is_halted(self) -> bool:
        """Whether a step asked to end the job as a success (STEP-019)."""
        ...

    def expand(self, path: str) -> str:
        """Return the absolute path that the job sees for a path of the config."""
        ...

    def owns(self, path: str) -> bool:
        """Tell whether an absolute path lies in the job's own place, links followed.

        What lies elsewhere may be the user's: what comes from a store is not to be written there.
        """
        ...

    def run(self, call: Call, output: Output, cancel: Cancel) -> Exit:
        """Run to the end; on cancel or silence all that the call started is ended first.

        What the shell leaves running lives on until `close`, but is no longer heard (STEP-012).
        Raises SandboxError where it cannot be started: no such shell or working directory.
        """
        ...

    def run_in_background(self, call: Call, output: Output) -> None:
        """Start and return at once; `close` ends it (STEP-011). Raises as `run` does."""
        ...

    def fetch(self, path: str) -> AbstractContextManager[Path]:
        """Give the file or folder at `path` as a path of this machine, to be read only.

        It need not exist: the caller looks. Raises SandboxError for what jobs must not read.
        """
        ...

    def deliver(self, archive: Path, at: str) -> None:
        """Unpack an archive below `at`, over what is there. Raises SamoError where it cannot."""
        ...

    def hand_over(self, name: str, content: bytes) -> None:
        """Put a file below CIRCLE_INTERNAL_TASK_DATA, before the first step (CLI-009)."""
        ...

    def check_out(self, work: Work, path: str) -> None:
        """Make a git work tree of the snapshot. Raises SamoError where the target is taken."""
        ...

    def close(self) -> None:
        """End every process of the job, also what left its step's group, and remove the place."""
        ...


class Executor(Protocol):
    """Opens sandboxes; used by all threads. What it keeps is what makes the next one cheaper."""

    def check(self, job: Job) -> tuple[Problem, ...]:
        """Return why the job cannot run here: nothing starts if there is anything."""
        ...

    def differences(self, job: Job) -> tuple[Difference, ...]:
        """Return what will not be as in the cloud for this job."""
        ...

    def open(self, job: Job, folder: Path, marker: str) -> Sandbox:
        """Open a sandbox in `folder`, an absolute path that is empty and its own, or not there yet.

        `marker` (NAME=VALUE) is in the environment of every process of the run. Raises
        SandboxError where it cannot be opened, and leaves nothing then.
        """
        ...

    def close(self) -> None:
        """Give back what is kept for further sandboxes; none is open any more."""
        ...
