"""`samo-orbs.lock`: which exact text each reference stands for, committed with the config."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samo.orbs.reference import answers
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind
from samo.system import write_atomically

LOCK_NAME = "samo-orbs.lock"
_FORMAT = 1
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The exact orb (`namespace/orb@1.2.3`, or an address) and the SHA-256 of its text."""

    orb: str
    sha256: str


def read_lock(path: Path) -> Mapping[str, Pin]:
    """Return the pins by reference, none where there is no lock.

    Raises ConfigError where the file is no lock: what pins nothing must not look as if it did.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        message = f"the lock cannot be read: {error.strerror}"
        raise _fault(message, Place(str(path), 1, 1)) from error
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError) as error:
        place = Place(str(path), getattr(error, "lineno", 1), getattr(error, "colno", 1))
        raise _fault("the lock is not valid JSON", place) from error
    place = Place(str(path), 1, 1)
    orbs = tree.get("orbs") if isinstance(tree, dict) else None
    if not isinstance(orbs, dict) or tree.get("format") != _FORMAT:
        raise _fault(f"the lock is not of format {_FORMAT}", place)
    return {reference: _pin(reference, found, place) for reference, found in orbs.items()}


def write_lock(path: Path, pins: Mapping[str, Pin]) -> None:
    """Write the pins, in the order of their references, so that changes merge line by line."""
    orbs = {
        reference: {"orb": pin.orb, "sha256": pin.sha256} for reference, pin in sorted(pins.items())
    }
    text = json.dumps({"format": _FORMAT, "orbs": orbs}, indent=2, ensure_ascii=False)
    write_atomically(path, f"{text}\n".encode())


def _pin(reference: str, found: Any, place: Place) -> Pin:  # noqa: ANN401 - what JSON holds
    orb, sha256 = (found.get("orb"), found.get("sha256")) if isinstance(found, dict) else (0, 0)
    if not isinstance(orb, str) or not isinstance(sha256, str) or not _DIGEST.fullmatch(sha256):
        raise _fault(f"'{reference}' needs an 'orb' and a 'sha256' of 64 hexadecimal digits", place)
    if not answers(orb, reference):
        raise _fault(f"'{orb}' is no version that '{reference}' may stand for", place)
    return Pin(orb=orb, sha256=sha256)


def _fault(message: str, place: Place) -> ConfigError:
    hint = "restore the file, or remove it and run 'samo config vendor'"
    kind = ProblemKind.ORB_RESOLVE
    return ConfigError(Problem(kind=kind, message=message, place=place, hint=hint))
