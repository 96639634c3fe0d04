"""What of this machine stands in for an image, and how that is told."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from samo.pipeline.dataclass import dataclass

_TIMEOUT_S = 20
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_TAG = re.compile(r"\d+(?:\.\d+)*")
_LANGUAGES = {
    "bun": ("bun", "--version"),
    "clojure": ("clojure", "--version"),
    "deno": ("deno", "--version"),
    "eclipse-temurin": ("java", "-version"),
    "elixir": ("elixir", "--version"),
    "go": ("go", "version"),
    "golang": ("go", "version"),
    "node": ("node", "--version"),
    "openjdk": ("java", "-version"),
    "php": ("php", "--version"),
    "ruby": ("ruby", "--version"),
    "rust": ("rustc", "--version"),
}
_PUBLISHERS = ("cimg/", "circleci/", "library/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """An image's entry in the settings; `folder` is None where the whole machine stands in."""

    pattern: str
    folder: Path | None

    @property
    def binaries(self) -> list[Path]:
        """Where the programs of the folder are: in its `bin`, if it has one."""
        if self.folder is None:
            return []
        within = self.folder / "bin"
        return [within if within.is_dir() else self.folder]


def mapped_of(image: str, mapped: Sequence[Mapped]) -> Mapped | None:
    """Return the first entry whose pattern is the image's, with or without its tag."""
    names = (image, _name_and_tag(image)[0])
    return next((each for each in mapped if any(fnmatchcase(n, each.pattern) for n in names)), None)


def stand_in(image: str, path: str, mapped: Mapped | None) -> str:
    """Say what stands in for an image that is no Python's; `path` is a job's PATH."""
    if mapped:
        what = f"{mapped.folder}" if mapped.folder else "this machine"
        return f"image {image}: {what} stands in for it, as the settings say"
    name, tag = _name_and_tag(image)
    language = _LANGUAGES.get(_without_publisher(name))
    if language is None:
        return f"image {image}: this machine's own programs stand in for it"
    program, version = language[0], _version(language, path)
    if not version:
        return f"image {image}: there is no {program} on this machine"
    wanted = _TAG.match(tag)
    if wanted and version.split(".")[: len(wanted[0].split("."))] != wanted[0].split("."):
        return f"image {image}: this machine's {program} {version}, another one, stands in for it"
    return f"image {image}: this machine's {program} {version} stands in for it"


def _name_and_tag(image: str) -> tuple[str, str]:
    folder, slash, last = image.partition("@")[0].rpartition("/")
    name, _, tag = last.partition(":")
    return f"{folder}{slash}{name}", tag


def _without_publisher(name: str) -> str:
    name = name.removeprefix("docker.io/")
    for publisher in _PUBLISHERS:
        name = name.removeprefix(publisher)
    return name


@cache
def _version(question: tuple[str, str], path: str) -> str:
    """Return the version that a program says it is, "" where there is none that says so."""
    program = shutil.which(question[0], path=path)
    if not program:
        return ""
    try:
        asked = subprocess.run(
            [program, question[1]],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    found = _VERSION.search(asked.stdout) if asked.returncode == 0 else None
    return found[0] if found else ""
