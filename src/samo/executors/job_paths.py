"""Where the paths of a config lie on this machine, for a job that has a folder and no image."""

import os.path
from dataclasses import replace
from pathlib import Path

from samo.pipeline.dataclass import dataclass

_CLOUD_HOMES = ("/home/circleci", "/root")
_SHARED = "/tmp"  # noqa: S108 - jobs name it, and without a container it is the machine's
_DEFAULT = "~/project"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPaths:
    """The folders of a job; `stand_ins` are pairs of a cloud's folder and the one here."""

    folder: str
    working_directory: str
    stand_ins: tuple[tuple[str, str], ...]

    @property
    def home(self) -> str:
        """The job's home."""
        return f"{self.folder}/home"

    @property
    def temporary(self) -> str:
        """The job's TMPDIR."""
        return f"{self.folder}/tmp"  # noqa: S108 - within its own folder

    def expand(self, path: str) -> str:
        """Return the absolute path here: `~` and the cloud's folders are the job's own (EXE-008).

        What is expanded already stays as it is, wherever the job's folder lies.
        """
        if path == "~" or path.startswith("~/"):
            path = self.home + path[1:]
        absolute = _absolute(self.working_directory, path)
        if _is_below(absolute, self.folder):
            return absolute
        for there, here in self.stand_ins:
            if _is_below(absolute, there):
                return here + absolute[len(there) :]
        return absolute

    def owns(self, path: str) -> bool:
        """Tell whether an absolute path lies in the job's own place, links followed."""
        own = (self.home, self.temporary, f"{self.folder}/work", _SHARED)
        real = os.path.realpath(path)
        return any(_is_below(real, os.path.realpath(folder)) for folder in own)


def paths_of(folder: Path, working_directory: str) -> JobPaths:
    """Return the paths of a job in `folder`, an absolute path; `working_directory` may be ""."""
    home = f"{folder}/home"
    stand_ins = tuple((there, home) for there in _CLOUD_HOMES)
    wanted = working_directory or _DEFAULT
    if is_elsewhere(wanted):
        stand_ins = ((_absolute("/", wanted), f"{folder}/work"), *stand_ins)
    at_home = JobPaths(folder=str(folder), working_directory=home, stand_ins=stand_ins)
    return replace(at_home, working_directory=at_home.expand(wanted))


def is_elsewhere(working_directory: str) -> bool:
    """Tell whether a job wants to work where only an image of its own could let it.

    A folder of the job's own then stands in for it: nothing is to be left on this machine.
    """
    if not working_directory.startswith("/"):
        return False
    wanted = _absolute("/", working_directory)
    return wanted != "/" and not any(
        _is_below(wanted, folder) for folder in (*_CLOUD_HOMES, _SHARED)
    )


def _absolute(start: str, path: str) -> str:
    """Return `path` from `start` without dots; POSIX would keep two slashes at its beginning."""
    return "/" + os.path.normpath(f"{start}/{path}" if path[:1] != "/" else path).lstrip("/")


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
