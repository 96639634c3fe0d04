"""The place of a job that has this machine for its image: a folder, and processes that it ends."""

import os
import shutil
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from samo.executors.job_paths import JobPaths, is_below
from samo.executors.kept import Kept, marks_of
from samo.executors.mounts import mount_arguments
from samo.executors.moved import SETTINGS, move_environment
from samo.executors.namespace import Isolation, Namespace
from samo.executors.protocol import Call, Output, Work
from samo.executors.refusal import not_started, not_written, sandbox_error
from samo.executors.shell import default_shell, require_startable
from samo.system import Cancel, Ending, Exit, Process, argv_of, end_marked, write_all

# Plain calls and plain strings throughout what each job does: paths as objects are a good part of
# what a small job costs beside its steps.

# Never through a link that the job may have put there: it would lead to what is not the job's.
_EMPTIED = os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
_ITSELF = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW
IN_JOB = Path(__file__).parent / "in_job"
"""The programs that CircleCI puts on every job's PATH (CLI-001)."""


class ProcessSandbox:
    """A folder with home/, tmp/ and agent/: step scripts, BASH_ENV, what `circleci-agent` leaves.

    It is made when the sandbox is opened, which raises OSError where that cannot be. With an
    `isolation`, what runs in it has mounts and process ids of its own, from `kept` if they fit.
    """

    def __init__(
        self,
        paths: JobPaths,
        environment: Mapping[str, str],
        isolation: Isolation | None,
        kept: Kept,
    ) -> None:
        self._paths = paths
        self._isolation = isolation
        self._kept = kept
        self._mounts: tuple[str, ...] = ()
        self._namespace: Namespace | None = None
        self._is_broken_off = False
        self._agent = f"{paths.folder}/agent"
        self._processes: list[Process] = []
        self._drains: list[tuple[threading.Thread, Cancel]] = []
        self._scripts = 0
        self._mode = _make(paths)
        self.home = paths.home
        self.default_shell = default_shell()
        self.environment: Mapping[str, str] = {
            **environment,
            "HOME": paths.home,
            "TMPDIR": paths.temporary,
            "BASH_ENV": f"{paths.agent}/bash_env",
            "CIRCLE_INTERNAL_TASK_DATA": paths.agent,
        }

    @property
    def is_halted(self) -> bool:
        """Whether a step called `circleci-agent step halt`."""
        return os.path.exists(f"{self._agent}/halt")  # noqa: PTH110

    def expand(self, path: str) -> str:
        """Return the absolute path: `~` and the homes of CircleCI's images are the job's home."""
        return self._paths.expand(path)

    def owns(self, path: str) -> bool:
        """Tell whether an absolute path lies in the job's folders or in its /tmp."""
        return self._paths.owns(path)

    def run(self, call: Call, output: Output, cancel: Cancel) -> Exit:
        """Run to the end; what it leaves running lives on until `close` (STEP-012)."""
        process = self._start(call)
        ended = process.wait(output, cancel=cancel, silence_s=call.no_output_timeout_s)
        self._is_broken_off |= ended.ending is not Ending.EXITED
        if process.is_open:
            self._drain(process, _unheard)
        return ended

    def run_in_background(self, call: Call, output: Output) -> None:
        """Start and read on in a thread of its own."""
        self._drain(self._start(call), output)

    @contextmanager
    def fetch(self, path: str) -> Iterator[Path]:
        """Give the path itself, or where it is mounted from: the job's files are files here."""
        here = self._paths.here(self.expand(path))
        for hidden in self._isolation.hidden if self._isolation else ():
            if os.path.isfile(hidden) and is_below(os.path.realpath(hidden), here):  # noqa: PTH113
                raise sandbox_error(f"{path} is hidden from jobs, or has a file in it that is")
        yield Path(here)

    def deliver(self, archive: Path, at: str) -> None:
        """Unpack below `at`."""
        from samo.system.archive import unpack  # noqa: PLC0415 - with tarfile, which few runs need

        target = Path(self._writable(at))
        for name in unpack(archive, target):
            if name == SETTINGS or name.endswith(f"/{SETTINGS}"):
                move_environment((target / name).parent, self._paths)

    def hand_over(self, name: str, content: bytes) -> None:
        """Write it into the folder of CIRCLE_INTERNAL_TASK_DATA."""
        file = Path(self._agent, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def check_out(self, work: Work, path: str) -> None:
        """Make the work tree from the run's snapshot."""
        target = Path(self._writable(path))
        try:
            work.snapshot.check_out(
                target, branch=work.branch, tag=work.tag, origin_url=work.origin_url
            )
        except OSError as error:
            raise sandbox_error(f"cannot check out into {target}: {error.strerror}") from error

    def close(self) -> None:
        """Kill what is left of every step's group and what fled from it, and remove the folder."""
        namespace = self._namespace
        if namespace and (self._drains or self._is_broken_off or not namespace.is_as_made):
            namespace.close()
            namespace = None
        for process in self._processes:
            process.kill()
        if self._processes and self._isolation is None:
            marker = f"CIRCLE_INTERNAL_TASK_DATA={self._agent}"
            end_marked(marker, born_after=self._processes[0].pid)
        for thread, closing in self._drains:
            closing.set()
            thread.join()
            closing.close()
        for process in self._processes:
            process.reap()
        is_restored = self._restore()
        if namespace and is_restored:
            self._kept.leave(self._mounts, namespace)
        elif namespace:
            namespace.close()
        if not is_restored:
            _remove(Path(self._paths.folder))

    def _restore(self) -> bool:
        """Leave the folders to the next job if this one put nothing there; tell whether so.

        To make and remove them is half of what a small job costs beside its steps.
        """
        paths = self._paths
        project = os.path.basename(paths.working_directory)  # noqa: PTH119
        scripts = {f"step-{number}" for number in range(1, self._scripts + 1)}
        names = {
            paths.folder: {"agent", "home", "tmp"},
            f"{paths.folder}/home": {project},
            f"{paths.folder}/home/{project}": set(),
            f"{paths.folder}/tmp": set(),  # noqa: S108 - within its own folder
            self._agent: {"bash_env", "step-1", *scripts},
        }
        try:
            if any(_names(folder, self._mode) != wanted for folder, wanted in names.items()):
                return False
            for name in ("bash_env", "step-1"):
                os.close(os.open(f"{self._agent}/{name}", _EMPTIED))
            for name in scripts - {"step-1"}:
                os.unlink(f"{self._agent}/{name}")  # noqa: PTH108
        except OSError:
            return False
        return True

    def _start(self, call: Call) -> Process:
        script = self._write(call.script)
        try:
            argv = argv_of(call.shell, f"{self._paths.agent}/{script}")
            if self._isolation is None:
                cwd = call.working_directory
            else:
                argv, cwd = [*self._entering(argv[0], call, self._isolation), *argv], "/"
            process = Process(argv, environment=call.environment, cwd=cwd)
        except (OSError, ValueError) as error:
            raise not_started(call, error) from error
        self._processes.append(process)
        return process

    def _entering(self, shell: str, call: Call, isolation: Isolation) -> list[str]:
        """Return the words that bring a call into the job's namespace, which is made if need be.

        What cannot start is told as without one, for all that `nsenter` could do is print it.
        """
        require_startable(shell, call, self._paths.here)
        if self._namespace is None:
            self._namespace = self._taken(isolation)
        return self._namespace.entering(call.working_directory)

    def _taken(self, isolation: Isolation) -> Namespace:
        """Return a namespace that an earlier job has left, or a new one."""
        shown = (*isolation.shown, *isolation.borrowed)
        self._mounts = mount_arguments(self._paths, shown, isolation.hidden)
        folders = tuple(here for _, here in self._paths.mounts)
        return self._kept.take(self._mounts, folders) or Namespace(
            isolation, self._mounts, self.environment, marks_of(folders)
        )

    def _writable(self, path: str) -> str:
        """Return where a path of the job's lies here; raises SandboxError for the machine's own.

        In a job that sees the machine read-only nobody is to write there in its name.
        """
        seen = self.expand(path)
        if self._isolation is not None and not self._paths.owns(seen):
            raise sandbox_error(f"{seen} is read-only for the job: it lies outside its own place")
        return self._paths.here(seen)

    def _write(self, text: str) -> str:
        """Give each step a file of its own: a shell in the background may read on in its own."""
        self._scripts += 1
        script = f"step-{self._scripts}"
        try:
            content = text.encode(errors="surrogateescape")
            descriptor = _created(self._agent, script)
            try:
                write_all(descriptor, content)
            finally:
                os.close(descriptor)
        except (OSError, UnicodeEncodeError) as error:
            raise not_written(error) from error
        return script

    def _drain(self, process: Process, output: Output) -> None:
        closing = Cancel()
        read = {"until": closing}
        thread = threading.Thread(target=process.drain, args=(output,), kwargs=read)
        self._drains.append((thread, closing))
        thread.start()


def _make(paths: JobPaths) -> int:
    """Make the folders, or take those that an earlier job left; return their mode."""
    folders = (paths.home, paths.temporary, paths.agent, paths.working_directory)
    for folder in map(paths.here, folders):
        if not os.path.isdir(folder):  # noqa: PTH112
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    agent = f"{paths.folder}/agent"
    os.close(os.open(f"{agent}/bash_env", os.O_WRONLY | os.O_CREAT, 0o666))
    return os.lstat(agent).st_mode


def _created(folder: str, name: str) -> int:
    """Open an empty file for writing; the folder is one that the job could replace, too."""
    within = os.open(folder, _ITSELF)
    try:
        return os.open(name, _EMPTIED | os.O_CREAT, 0o666, dir_fd=within)
    finally:
        os.close(within)


def _names(folder: str, mode: int) -> set[str] | None:
    """Return what a folder holds, None where it is no folder of that mode any more."""
    return set(os.listdir(folder)) if os.lstat(folder).st_mode == mode else None  # noqa: PTH208


def _unheard(_: bytes) -> None:
    """Take output that nobody waits for, so that its writer does not wait either."""


def _remove(folder: Path) -> None:
    """Remove all, folders that nobody may write to included: Go's module cache has such.

    What belongs to another user, as after a `sudo`, is put aside.
    """
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        _make_writable(folder)
        for parent, names, _ in os.walk(folder):
            for name in names:
                _make_writable(Path(parent, name))
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(FileNotFoundError):
        folder.rename(folder.with_name(f"{folder.name}.left.{uuid.uuid4().hex}"))


def _make_writable(folder: Path) -> None:
    with suppress(OSError):
        if not folder.is_symlink():
            folder.chmod(0o700)
