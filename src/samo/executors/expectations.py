"""What jobs expect of their image or virtual machine, and do not find where they run as you."""

import re
import shutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from samo.executors.job_paths import is_below, is_elsewhere
from samo.executors.mounts import RAMDISK, has_ramdisk
from samo.executors.protocol import Difference
from samo.pipeline.job import DockerExecutor, Image, Job, MachineExecutor
from samo.pipeline.step import Run, SaveCache, Step

_BEFORE_COMMAND = r"^[ \t]*|[;&|({!][ \t]*|\b(?:do|else|exec|if|then|until|while)[ \t]+"


class View(Enum):
    """How a job sees this machine: as it is, or read-only and with mounts of its own."""

    AS_IT_IS = "sudo would act on this machine itself"
    MOUNTED = "sudo finds this machine read-only"


def unmet(job: Job, path: str, view: View = View.AS_IT_IS) -> Iterator[Difference]:
    """Return what a job expects and does not find; `path` is that of its programs."""
    match job.executor:
        case DockerExecutor(images=(image, *_)):
            yield from _of_image(image)
        case MachineExecutor(docker_layer_caching=True, place=place):
            message = "docker_layer_caching has no effect here"
            yield Difference(rule="LOC-004", message=message, place=place)
    if job.resource_class and "/" not in job.resource_class:
        message = "resource classes: nothing holds a job to its cores and memory"
        yield Difference(rule="LOC-006", message=message, place=job.place)
    for step in job.steps:
        yield from _of_step(step, job, path, view)


def _of_image(image: Image) -> Iterator[Difference]:
    if image.user:
        message = f"image {image.image}: its steps run as you, not as {image.user}"
        yield Difference(rule="EXE-016", message=message, place=image.place)
    if image.entrypoint or image.command:
        message = f"image {image.image}: its entrypoint and command are not run"
        yield Difference(rule="EXE-014", message=message, place=image.place)


def _of_step(step: Step, job: Job, path: str, view: View) -> Iterator[Difference]:
    match step:
        case Run():
            yield from _of_command(step, job, path, view)
        case SaveCache():
            for each in step.paths:
                if is_elsewhere(each) and not is_below(each, job.working_directory or "~"):
                    message = f"cache path {each}: it is outside of the job's place, not cached"
                    yield Difference(rule="LOC-003", message=message, place=step.place)


def _of_command(step: Run, job: Job, path: str, view: View) -> Iterator[Difference]:
    if _calls("sudo", step.command):
        message = view.value if shutil.which("sudo", path=path) else "there is no sudo here"
        yield Difference(rule="EXE-023", message=message, place=step.place)
    if isinstance(job.executor, MachineExecutor) and _calls("docker", step.command):
        message = "docker asks this machine's own engine"
        message = message if shutil.which("docker", path=path) else "there is no docker here"
        yield Difference(rule="EXE-023", message=message, place=step.place)
    is_there = has_ramdisk() if view is View.MOUNTED else Path(RAMDISK).is_dir()
    if RAMDISK in step.command and not is_there:
        message = f"there is no {RAMDISK} here"
        yield Difference(rule="EXE-020", message=message, place=step.place)


def _calls(program: str, command: str) -> bool:
    """Whether a shell would come upon a program where commands begin: words elsewhere are text."""
    # Nearly no command has the word in it.
    pattern = rf"(?:{_BEFORE_COMMAND}){program}\s"
    return program in command and re.search(pattern, command, re.MULTILINE) is not None
