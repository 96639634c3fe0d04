"""The executor that needs nothing but this machine."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from posixpath import normpath

from samo.executors.expectations import View, unmet
from samo.executors.hardware import missing_hardware
from samo.executors.images import Mapped, mapped_of, stand_in
from samo.executors.interpreter import (
    Interpreter,
    find_interpreter,
    own_interpreter,
    pyenv_of,
)
from samo.executors.isolation import NoIsolation
from samo.executors.job_environment import job_environment, job_path
from samo.executors.job_paths import JobPaths, is_elsewhere, isolated_paths_of, paths_of
from samo.executors.kept import Kept
from samo.executors.namespace import Isolation
from samo.executors.process_sandbox import IN_JOB, ProcessSandbox
from samo.executors.protocol import Difference
from samo.executors.python_image import cache_of, make_environment, version_of
from samo.executors.refusal import sandbox_error
from samo.executors.shell import BASH, default_shell
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import DockerExecutor, Image, Job, MachineExecutor, MacosExecutor
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind
from samo.pipeline.step import Checkout, SetupRemoteDocker

_IN_SETUP = Path(__file__).parent / "in_setup"
"""The programs that stand before the machine's in a pipeline that may be continued."""


@dataclass(frozen=True, slots=True)
class ProcessExecutor:
    """Opens a directory for each job, with its own HOME, temporary folder and environment.

    `caller` is the environment that samo was called with, `isolation` says how a job gets mounts
    of its own, or why it cannot; None asks for none. `images` are those of the settings. At the
    address `continue_at` jobs may continue their pipeline, "" where no job may (DYN-005).
    """

    caller: Mapping[str, str]
    continue_at: str = ""
    isolation: Isolation | NoIsolation | None = None
    images: tuple[Mapped, ...] = ()
    kept: Kept = field(default_factory=Kept, compare=False)

    def check(self, job: Job) -> tuple[Problem, ...]:
        """Return what cannot be had without a container or another machine."""
        match job.executor:
            case MacosExecutor(place=place):
                return (_unsupported(f"job '{job.name}' needs macOS", place),)
            case MachineExecutor(place=place) if job.resource_class.startswith("windows."):
                return (_unsupported(f"job '{job.name}' needs Windows", place),)
            case DockerExecutor(images=(_, second, *others)):
                names = ", ".join(image.image for image in (second, *others))
                message = f"job '{job.name}' needs secondary containers: {names}"
                return (_unsupported(message, second.place),)
        return tuple(
            _unsupported(f"job '{job.name}' needs a Docker engine of its own", step.place)
            for step in job.steps
            if isinstance(step, SetupRemoteDocker)
        )

    def differences(self, job: Job) -> tuple[Difference, ...]:
        """Say what stands in for the job's image, its shell and its working directory."""
        found = []
        match job.executor:
            case DockerExecutor(images=(image, *_)):
                message = self._stand_in(image.image)
                found.append(Difference(rule="LOC-003", message=message, place=image.place))
            case MachineExecutor(image=name, place=place):
                message = f"machine image {name or 'default'}: this machine stands in for it"
                found.append(Difference(rule="LOC-005", message=message, place=place))
        if lack := missing_hardware(job.resource_class):
            found.append(Difference(rule="LOC-006", message=lack))
        if isinstance(self.isolation, NoIsolation):
            message = f"jobs see this machine as it is, and may change it: {self.isolation.reason}"
            found.append(Difference(rule="LOC-003", message=message))
        if self._is_displaced(job):
            message = f"working directory {job.working_directory}: a folder of the job's own"
            found.append(Difference(rule="LOC-003", message=f"{message} stands in for it"))
        if not job.shell and default_shell() == "/bin/sh -e":
            message = f"no {BASH} here: steps run in /bin/sh -e, which has no pipefail"
            found.append(Difference(rule="STEP-006", message=message))
        view = View.MOUNTED if isinstance(self.isolation, Isolation) else View.AS_IT_IS
        return (*found, *unmet(job, job_path(self.caller), view))

    def open(self, job: Job, folder: Path, marker: str) -> ProcessSandbox:
        """Open a sandbox in `folder`; a Python image becomes a virtual environment there."""
        name, _, value = marker.partition("=")
        try:
            paths = self._paths(job, folder)
            binaries = [IN_JOB, *self._binaries(job, paths)]
            environment = {**self._environment(binaries), name: value}
            return ProcessSandbox(paths, environment, self._isolation(job), self.kept)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            what = f"cannot make a place for job '{job.name}'"
            raise sandbox_error(f"{what}: {error.strerror}: {error.filename}") from error

    def close(self) -> None:
        """End what is kept for further jobs."""
        self.kept.close()

    def _isolation(self, job: Job) -> Isolation | None:
        if not isinstance(self.isolation, Isolation):
            return None
        if any(isinstance(step, Checkout) for step in job.steps):
            return self.isolation
        return replace(self.isolation, borrowed=())

    def _environment(self, binaries: Sequence[Path]) -> Mapping[str, str]:
        if not self.continue_at:
            return job_environment(self.caller, binaries)
        environment = job_environment(self.caller, [_IN_SETUP, *binaries])
        return {**environment, "SAMO_CONTINUE_AT": self.continue_at}

    def _paths(self, job: Job, folder: Path) -> JobPaths:
        if isinstance(self.isolation, Isolation):
            return isolated_paths_of(folder, job.working_directory)
        return paths_of(folder, job.working_directory)

    def _is_displaced(self, job: Job) -> bool:
        """Whether another folder stands in for the one in which the job wants to work."""
        if not is_elsewhere(job.working_directory):
            return False
        seen = self._paths(job, Path("/dev/null")).working_directory
        return seen != normpath(job.working_directory)

    def _binaries(self, job: Job, paths: JobPaths) -> list[Path]:
        match job.executor:
            case DockerExecutor(images=(Image(image=name), *_)):
                if mapped := mapped_of(name, self.images):
                    return mapped.binaries
                if not (version := version_of(name)):
                    return []
                python = self._find(version) or own_interpreter()
                place, seen = Path(paths.folder) / "python", Path(paths.root) / "python"
                return [make_environment(python, place, cache_of(self.caller), seen)]
        return []

    def _find(self, version: str) -> Interpreter | None:
        return find_interpreter(version, job_path(self.caller), pyenv_of(self.caller))

    def _stand_in(self, image: str) -> str:
        mapped, version = mapped_of(image, self.images), version_of(image)
        if mapped or not version:
            return stand_in(image, job_path(self.caller), mapped)
        python = self._find(version)
        if python:
            return f"image {image}: a virtual environment of Python {python.version} stands in"
        own = own_interpreter().version
        lack = f"image {image}: no Python {version} on this machine"
        return f"{lack}, a virtual environment of Python {own} stands in"


def _unsupported(message: str, place: Place) -> Problem:
    return Problem(
        kind=ProblemKind.UNSUPPORTED_LOCALLY,
        message=message,
        place=place,
        hint="name the jobs that can run here: samo run --job NAME",
    )
