"""What a reference asks for, and which version answers it (ORB-002, ORB-003)."""

import re
from collections.abc import Iterable

_EXACT = re.compile(r"\d{1,9}(?:\.\d{1,9}){2}", re.ASCII)
_PARTIAL = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
VOLATILE = "volatile"


def is_address(reference: str) -> bool:
    """Whether a reference is the address of an orb, which has no version (ORB-013)."""
    return reference.startswith("https://")


def name_of(reference: str) -> str:
    """Return `namespace/orb` of a registry reference; an address is its own name."""
    return reference if is_address(reference) else reference.partition("@")[0]


def version_of(reference: str) -> str:
    """Return what a registry reference has behind the `@`; of an address, ""."""
    return "" if is_address(reference) else reference.partition("@")[2]


def is_fixed(reference: str) -> bool:
    """Whether a reference always means the same text: an exact version."""
    return not is_address(reference) and bool(_EXACT.fullmatch(version_of(reference)))


def is_exact(orb: str) -> bool:
    """Whether a name is that of one published text, at least for now: a label may move."""
    return is_fixed(orb) or version_of(orb).startswith("dev:")


def answers(exact: str, reference: str) -> bool:
    """Whether an exact orb is one that a reference may stand for."""
    if exact == reference:
        return True
    if is_address(reference) or name_of(exact) != name_of(reference):
        return False
    wanted, version = version_of(reference), version_of(exact)
    if not _EXACT.fullmatch(version):
        return False
    return wanted == VOLATILE or (
        _PARTIAL.fullmatch(wanted) is not None and version.startswith(f"{wanted}.")
    )


def newest(reference: str, known: Iterable[str]) -> str:
    """Return the highest of the known exact orbs that a reference may stand for, or ""."""
    fitting = [each for each in known if answers(each, reference)]
    return reference if reference in fitting else max(fitting, key=_order, default="")


def _order(exact: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version_of(exact).split("."))
