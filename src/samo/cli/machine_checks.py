"""What this machine has of what runs need, one function a thing."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from samo.cli.packages import installing
from samo.cli.settings import whole_machine
from samo.executors import NoIsolation, find_isolation
from samo.executors.hardware import missing_hardware
from samo.executors.interpreter import installed_versions
from samo.pipeline.dataclass import dataclass
from samo.system import cache_home

_LEAST_FREE_BYTES = 2_000_000_000
_LEAST_GIT = (2, 24)
_WAIT_S = 0.1
_TIMEOUT_S = 5


class State(StrEnum):
    """How far a thing is there."""

    OK = "ok"
    LIMITED = "limited"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A thing: what was found of it, what it is for, and how to get what lacks.

    Without one that `is_needed` nothing can run.
    """

    name: str
    state: State
    found: str
    purpose: str
    remedy: str = ""
    is_needed: bool = False


def checks(environ: Mapping[str, str]) -> Iterator[Check]:
    """Look at everything; `environ` is the environment that samo was called with."""
    path = environ.get("PATH", os.defpath)
    yield _git(path)
    yield _shell()
    yield _disk(cache_home(environ))
    yield _isolation(environ)
    yield _archives(path)
    yield _pythons(environ)
    yield _program("uv", path, "jobs that install with uv", "pip install uv")
    yield _docker(environ)
    yield _gpu()
    yield _capacity()
    yield _encoding()


def _git(path: str) -> Check:
    purpose = "every run: what is checked out, and what the jobs get of it"
    version = _answer(["git", "--version"], path).removeprefix("git version ")
    state = State.OK if _numbers(version) >= _LEAST_GIT else State.MISSING
    least = ".".join(map(str, _LEAST_GIT))
    return Check(
        name="git",
        state=state,
        found=version or "not found",
        purpose=purpose,
        remedy="" if state is State.OK else f"{installing('git')} ({least} or newer)",
        is_needed=True,
    )


def _shell() -> Check:
    """Steps run in /bin/bash, without it in /bin/sh (STEP-006)."""
    found = next((path for path in ("/bin/bash", "/bin/sh") if Path(path).exists()), "")
    states = {"/bin/bash": State.OK, "/bin/sh": State.LIMITED, "": State.MISSING}
    return Check(
        name="shell",
        state=states[found],
        found=found or "not found",
        purpose="every step that names no shell of its own",
        remedy="" if found == "/bin/bash" else installing("bash"),
        is_needed=True,
    )


def _disk(home: Path) -> Check:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    is_writable = there.is_dir() and os.access(there, os.W_OK)
    state = State.OK if free >= _LEAST_FREE_BYTES else State.LIMITED
    return Check(
        name="disk",
        state=state if is_writable else State.MISSING,
        found=f"{free / 1e9:.1f} GB free for {home}" + ("" if is_writable else ", not writable"),
        purpose="caches, and the folders in which jobs run",
        remedy="" if state is State.OK and is_writable else "SAMO_HOME names another place",
        is_needed=True,
    )


def _isolation(environ: Mapping[str, str]) -> Check:
    purpose = "jobs at CircleCI's paths, with the machine read-only and a /tmp of their own"
    found = find_isolation(environ)
    if not isinstance(found, NoIsolation):
        return Check(name="isolation", state=State.OK, found="bubblewrap works", purpose=purpose)
    lacking = [name for name in ("bwrap", "nsenter") if not shutil.which(name)]
    packages = {"bwrap": "bubblewrap", "nsenter": "util-linux"}
    remedy = installing(packages[lacking[0]]) if lacking else found.remedy or _namespaces()
    return Check(
        name="isolation",
        state=State.MISSING,
        found=found.reason,
        purpose=purpose,
        remedy=remedy if sys.platform == "linux" else "Linux alone has it",
    )


def _namespaces() -> str:
    """Return what forbids them most often, by what the kernel says of it."""
    for switch, value in (
        ("kernel/apparmor_restrict_unprivileged_userns", "1"),
        ("kernel/unprivileged_userns_clone", "0"),
    ):
        file = Path("/proc/sys", switch)
        if file.is_file() and file.read_text().strip() == value:
            name = switch.replace("/", ".")
            return f"allow user namespaces: sysctl -w {name}={1 - int(value)}"
    return "allow user namespaces; in a container: those and mounts of its own"


def _archives(path: str) -> Check:
    lacking = [name for name in ("tar", "zstd") if not shutil.which(name, path=path)]
    return Check(
        name="archives",
        state=State.LIMITED if lacking else State.OK,
        found=f"no {' and no '.join(lacking)}" if lacking else "tar and zstd",
        purpose="caches and workspaces at full speed (Python packs them otherwise)",
        remedy=installing(" ".join(lacking)) if lacking else "",
    )


def _pythons(environ: Mapping[str, str]) -> Check:
    versions = installed_versions(environ)
    return Check(
        name="python",
        state=State.OK,
        found=", ".join(versions),
        purpose="images of Python, as virtual environments; the own one stands in for others",
    )


def _program(name: str, path: str, purpose: str, remedy: str) -> Check:
    found = shutil.which(name, path=path)
    state = State.OK if found else State.MISSING
    remedy = "" if found else remedy
    return Check(name=name, state=state, found=found or "not found", purpose=purpose, remedy=remedy)


def _docker(environ: Mapping[str, str]) -> Check:
    address = environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    answers = address.startswith("unix://") and _listens(address.removeprefix("unix://"))
    if not address.startswith("unix://"):
        state, found = State.LIMITED, f"{address}, which is not asked"
    else:
        state = State.OK if answers else State.MISSING
        found = f"a daemon listens at {address}" if answers else f"nobody listens at {address}"
    return Check(
        name="docker",
        state=state,
        found=found,
        purpose="steps that call docker themselves",
        remedy="" if state is State.OK else "start a Docker or Podman daemon",
    )


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.settimeout(_WAIT_S)
        try:
            end.connect(path)
        except OSError:
            return False
    return True


def _gpu() -> Check:
    is_there = not missing_hardware("gpu.nvidia.small")
    return Check(
        name="gpu",
        state=State.OK if is_there else State.MISSING,
        found="an NVIDIA device" if is_there else "no NVIDIA device",
        purpose="resource classes gpu.*",
        remedy="" if is_there else "a machine with an NVIDIA GPU and its driver",
    )


def _capacity() -> Check:
    machine = whole_machine()
    return Check(
        name="capacity",
        state=State.OK,
        found=f"{machine.cores:g} cores, {machine.memory_mib / 1024:.1f} GB",
        purpose="how many jobs run side by side; no job is held to its resource class",
    )


def _encoding() -> Check:
    encoding = sys.stdout.encoding or "ascii"
    is_utf8 = encoding.lower().replace("-", "") == "utf8"
    return Check(
        name="encoding",
        state=State.OK if is_utf8 else State.LIMITED,
        found=encoding,
        purpose="what jobs print, as they print it",
        remedy="" if is_utf8 else "export LANG=C.UTF-8",
    )


def _answer(words: list[str], path: str) -> str:
    program = shutil.which(words[0], path=path)
    if not program:
        return ""
    try:
        done = subprocess.run(
            [program, *words[1:]], check=True, capture_output=True, text=True, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))
