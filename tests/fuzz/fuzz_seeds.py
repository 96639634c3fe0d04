"""What the mutations begin with: real configs where they are here, and the conformance cases'."""

import random
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "configs"
CASES = ROOT / "tests" / "conformance" / "cases"
_POINTERS = re.compile("[▸▹]")


def seeds() -> list[str]:
    """Return the configs, always in the same order."""
    real = [path.read_bytes().decode("utf-8") for path in sorted(CORPUS.glob("*.yml"))]
    return [*real, *_written()]


def _written() -> list[str]:
    documents = [
        document
        for path in sorted(CASES.glob("*.yml"))
        for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    ]
    return [_POINTERS.sub("", each["config"]) for each in documents if each["config"]]


def chosen(rng: random.Random, known: list[str]) -> str:
    """Return one of them: mostly a small one, of which many can be tried."""
    return min(rng.choices(known, k=rng.choice((1, 3, 3, 3))), key=len)
