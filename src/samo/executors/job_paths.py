"""Where the paths of a config lie on this machine, for a job that has a folder and no image."""

import os
from dataclasses import replace
from pathlib import Path

from samo.pipeline.dataclass import dataclass

HOME = "/home/circleci"
"""The home in CircleCI's images."""
_CLOUD_HOMES = (HOME, "/root")
_SHARED = "/tmp"  # noqa: S108 - jobs name it, and without a container it is the machine's
_DEFAULT = "~/project"
_ROOT = "/home/.samo"
_MOST_LINKS = 40
"""How many links Linux follows on the way to a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPaths:
    """The folders of a job, as it sees them; `folder` is what holds them on this machine.

    `root` is that folder as the job sees it. `stand_ins` are pairs of a cloud's folder and the
    job's, `mounts` pairs of a folder that the job sees and the one here, where these differ.
    """

    folder: str
    root: str
    home: str
    temporary: str
    working_directory: str
    stand_ins: tuple[tuple[str, str], ...]
    mounts: tuple[tuple[str, str], ...] = ()

    @property
    def agent(self) -> str:
        """The folder of the scripts, BASH_ENV and what `circleci-agent` leaves."""
        return f"{self.root}/agent"

    def expand(self, path: str) -> str:
        """Return the absolute path: `~` and the cloud's folders are the job's own (EXE-008).

        What is expanded already stays as it is, wherever the job's folder lies.
        """
        if path == "~" or path.startswith("~/"):
            path = self.home + path[1:]
        absolute = _absolute(self.working_directory, path)
        if is_below(absolute, self.root):
            return absolute
        for there, here in self.stand_ins:
            if is_below(absolute, there):
                return here + absolute[len(there) :]
        return absolute

    def here(self, path: str) -> str:
        """Return where on this machine an absolute path of the job's leads, its links followed."""
        return self._mounted(self._followed(path)) if self.mounts else path

    def owns(self, path: str) -> bool:
        """Tell whether an absolute path lies in the job's own place, links followed."""
        if self.mounts:
            real = self._followed(path)
            return any(is_below(real, seen) for seen, _ in self.mounts if seen != self.root)
        own = (self.home, self.temporary, f"{self.folder}/work", _SHARED)
        real = os.path.realpath(path)
        return any(is_below(real, os.path.realpath(folder)) for folder in own)

    def _mounted(self, path: str) -> str:
        for seen, here in self.mounts:
            if is_below(path, seen):
                return here + path[len(seen) :]
        return path

    def _followed(self, path: str) -> str:
        """Follow links as the job would: an absolute one may lead to what is mounted for it."""
        names, followed = path.split("/")[::-1], ""
        links = 0
        while names:
            name = names.pop()
            if name == "..":
                followed = os.path.dirname(followed)  # noqa: PTH120 - plain strings, as above
            elif name not in ("", "."):
                link = _link(self._mounted(f"{followed}/{name}")) if links < _MOST_LINKS else ""
                links += bool(link)
                names += link.split("/")[::-1]
                followed = "" if link[:1] == "/" else followed if link else f"{followed}/{name}"
        return followed or "/"


def paths_of(folder: Path, working_directory: str) -> JobPaths:
    """Return the paths of a job in `folder`, an absolute path; `working_directory` may be ""."""
    home = f"{folder}/home"
    stand_ins = tuple((there, home) for there in _CLOUD_HOMES)
    wanted = working_directory or _DEFAULT
    if is_elsewhere(wanted):
        stand_ins = ((_absolute("/", wanted), f"{folder}/work"), *stand_ins)
    at_home = JobPaths(
        folder=str(folder),
        root=str(folder),
        home=home,
        temporary=f"{folder}/tmp",  # noqa: S108 - within its own folder
        working_directory=home,
        stand_ins=stand_ins,
    )
    return replace(at_home, working_directory=at_home.expand(wanted))


def isolated_paths_of(folder: Path, working_directory: str) -> JobPaths:
    """Return the paths of a job that sees its folders where CircleCI's images have them.

    It works elsewhere, too, unless this machine has something of its own at that path.
    """
    wanted = working_directory or _DEFAULT
    work = _absolute("/", wanted) if is_elsewhere(wanted) else ""
    stand_ins = tuple((there, HOME) for there in _CLOUD_HOMES if there != HOME)
    temporary = f"{folder}/tmp"  # noqa: S108 - within its own folder
    mounts: tuple[tuple[str, str], ...] = ((HOME, f"{folder}/home"), (_SHARED, temporary))
    if work and os.path.lexists(work):
        # The home stays where it is, should it lie below (`/home`).
        stand_ins = ((HOME, HOME), (work, f"{_ROOT}/work"), *stand_ins)
        work = f"{_ROOT}/work"
    if work:
        mounts = ((work, f"{folder}/work"), *mounts)
    at_home = JobPaths(
        folder=str(folder),
        root=_ROOT,
        home=HOME,
        temporary=_SHARED,
        working_directory=HOME,
        stand_ins=stand_ins,
        mounts=(*mounts, (_ROOT, str(folder))),
    )
    return replace(at_home, working_directory=at_home.expand(wanted))


def is_elsewhere(working_directory: str) -> bool:
    """Tell whether a job wants to work where only an image of its own could let it.

    A folder of the job's own then stands in for it: nothing is to be left on this machine.
    """
    if not working_directory.startswith("/"):
        return False
    wanted = _absolute("/", working_directory)
    return wanted != "/" and not any(
        is_below(wanted, folder) for folder in (*_CLOUD_HOMES, _SHARED)
    )


def _absolute(start: str, path: str) -> str:
    """Return `path` from `start` without dots; POSIX would keep two slashes at its beginning."""
    return "/" + os.path.normpath(f"{start}/{path}" if path[:1] != "/" else path).lstrip("/")


def is_below(path: str, folder: str) -> bool:
    """Tell whether an absolute path is that of `folder` or of something in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115
    except OSError:
        return ""
