"""A Python image's counterpart: a virtual environment of that Python."""

import re
from collections.abc import Mapping
from pathlib import Path

from samo.executors.interpreter import Interpreter
from samo.system import cache_home

_NAME = "python:"
_IMAGE = (
    r"(?:docker\.io/)?(?:(?:cimg|circleci|library)/)?python"
    r":(?P<version>\d+\.\d+)(?:\.\d+)?(?:(?:a|b|rc)\d+)?(?:-[\w.-]+)?(?:@sha256:[0-9a-f]{64})?"
)
# As a shebang the interpreter's path could neither be long nor have a space.
_PIP = """\
#!/bin/sh
'''exec' '{python}' "$0" "$@"
' '''
import sys
from pip._internal.cli.main import main
sys.exit(main())
"""


def version_of(image: str) -> str:
    """Return "X.Y" of a Python image of CircleCI's or Docker's, "" for any other image."""
    # To compile that pattern takes as long as half of a small job.
    match = re.fullmatch(_IMAGE, image) if _NAME in image else None
    return match["version"] if match else ""


def cache_of(environ: Mapping[str, str]) -> Path:
    """Return the folder where what all jobs share is kept between runs."""
    return cache_home(environ) / "python"


def make_environment(
    interpreter: Interpreter, folder: Path, cache: Path, seen: Path | None = None
) -> Path:
    """Make a virtual environment with pip in `folder`; return its `bin`.

    `seen` is the folder for who uses it, where that is another.

    By hand, as PEP 405 describes it, and with pip in `cache` for all: that takes half a
    millisecond, `python -m venv` two seconds. A pip that a job installs comes first.
    """
    minor = ".".join(interpreter.version.split(".")[:2])
    packages = folder / "lib" / f"python{minor}" / "site-packages"
    binaries = folder / "bin"
    packages.mkdir(parents=True)
    binaries.mkdir()
    (folder / "pyvenv.cfg").write_text(
        f"home = {interpreter.path.parent}\n"
        "include-system-site-packages = false\n"
        f"version = {interpreter.version}\n"
    )
    for name in ("python", "python3", f"python{minor}"):
        (binaries / name).symlink_to(interpreter.path)
    if interpreter.wheels:
        shared = [_unpacked(wheel, cache) for wheel in interpreter.wheels]
        (packages / "shared.pth").write_text("".join(f"{path}\n" for path in shared))
        _write_pip(binaries, minor, (seen or folder) / "bin" / "python")
    return (seen or folder) / "bin"


def _write_pip(binaries: Path, minor: str, python: Path) -> None:
    quoted = str(python).replace("'", "'\\''")
    script = binaries / "pip"
    script.write_text(_PIP.format(python=quoted))
    script.chmod(0o755)
    for name in ("pip3", f"pip{minor}"):
        (binaries / name).symlink_to("pip")


def _unpacked(wheel: Path, cache: Path) -> Path:
    """Return the folder in `cache` that has a wheel's content, made whole or not at all."""
    target = cache / wheel.stem
    if target.is_dir():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    # Once for an interpreter; each start of samo would pay for these.
    import tempfile  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=cache, prefix=".") as beside:
        fresh = Path(beside) / "wheel"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(fresh)
        try:
            fresh.rename(target)
        except OSError:
            if not target.is_dir():  # somebody else was faster
                raise
    return target
