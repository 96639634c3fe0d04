"""The executor that needs nothing but this machine."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from samo.executors.hardware import missing_hardware
from samo.executors.interpreter import Interpreter, find_interpreter, own_interpreter
from samo.executors.job_environment import job_environment, job_path
from samo.executors.job_paths import is_elsewhere, paths_of
from samo.executors.process_sandbox import IN_JOB, ProcessSandbox
from samo.executors.protocol import Difference
from samo.executors.python_image import cache_of, make_environment, version_of
from samo.executors.refusal import sandbox_error
from samo.executors.shell import BASH, default_shell
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import DockerExecutor, Job, MachineExecutor, MacosExecutor
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind
from samo.pipeline.step import SetupRemoteDocker


@dataclass(frozen=True, slots=True)
class ProcessExecutor:
    """Opens a directory for each job, with its own HOME, temporary folder and environment.

    `caller` is the environment that samo was called with.
    """

    caller: Mapping[str, str]

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
                found.append(Difference(rule="LOC-003", message=self._stand_in(image.image)))
            case MachineExecutor(image=name):
                message = f"machine image {name or 'default'}: this machine stands in for it"
                found.append(Difference(rule="LOC-005", message=message))
        if lack := missing_hardware(job.resource_class):
            found.append(Difference(rule="LOC-006", message=lack))
        if is_elsewhere(job.working_directory):
            message = f"working directory {job.working_directory}: a folder of the job's own"
            found.append(Difference(rule="LOC-003", message=f"{message} stands in for it"))
        if not job.shell and default_shell() == "/bin/sh -e":
            message = f"no {BASH} here: steps run in /bin/sh -e, which has no pipefail"
            found.append(Difference(rule="STEP-006", message=message))
        return tuple(found)

    def open(self, job: Job, folder: Path, marker: str) -> ProcessSandbox:
        """Open a sandbox in `folder`; a Python image becomes a virtual environment there."""
        name, _, value = marker.partition("=")
        try:
            binaries = [IN_JOB, *self._python(job, folder)]
            environment = {**job_environment(self.caller, binaries), name: value}
            return ProcessSandbox(paths_of(folder, job.working_directory), environment)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            what = f"cannot make a place for job '{job.name}'"
            raise sandbox_error(f"{what}: {error.strerror}: {error.filename}") from error

    def _python(self, job: Job, folder: Path) -> list[Path]:
        match job.executor:
            case DockerExecutor(images=(image, *_)) if version := version_of(image.image):
                python = self._find(version) or own_interpreter()
                return [make_environment(python, folder / "python", cache_of(self.caller))]
        return []

    def _find(self, version: str) -> Interpreter | None:
        pyenv = Path(self.caller.get("PYENV_ROOT") or Path.home() / ".pyenv")
        return find_interpreter(version, job_path(self.caller), pyenv)

    def _stand_in(self, image: str) -> str:
        version = version_of(image)
        if not version:
            return f"image {image}: this machine's own programs stand in for it"
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
