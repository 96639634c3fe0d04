"""What there is to measure with: the program, the cores of this machine, and a real config."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMO = str(Path(sys.executable).parent / "samo")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
CORPUS = ROOT.parent / "shared" / "corpus" / "configs"


def largest_config() -> Path | None:
    """Return the largest real config; None where the corpus is not here."""
    return max(CORPUS.glob("*.yml"), key=lambda path: path.stat().st_size, default=None)
