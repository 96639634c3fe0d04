"""The shell of steps that name none."""

import subprocess
from functools import cache
from pathlib import Path

BASH = Path("/bin/bash")
SH = Path("/bin/sh")


@cache
def default_shell(bash: Path = BASH, sh: Path = SH) -> str:
    """Return the command line: bash where it is, else sh with what it can do (STEP-006)."""
    if bash.exists():
        return f"{bash} -eo pipefail"
    probe = [str(sh), "-o", "pipefail", "-c", "true"]
    rejects = subprocess.run(probe, check=False, capture_output=True).returncode
    return f"{sh} -e" if rejects else f"{sh} -eo pipefail"
