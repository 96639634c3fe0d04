"""What a resource class promises of the machine beside cores and memory (LOC-006)."""

import os
from pathlib import Path

_ARM = frozenset({"aarch64", "arm64"})
_GPU = Path("/dev/nvidia0")


def missing_hardware(resource_class: str) -> str:
    """Return in words what this machine lacks of a class, "" where it has all of it."""
    if "/" in resource_class:
        return f"self-hosted class {resource_class}: this machine stands in for the runner's"
    if resource_class.startswith("gpu.") and not _GPU.exists():
        return f"resource class {resource_class}: there is no NVIDIA device here"
    machine = os.uname().machine
    if resource_class.startswith("arm.") and machine not in _ARM:
        return f"resource class {resource_class}: this machine is {machine}"
    if machine in _ARM and not resource_class.startswith("arm."):
        return f"this machine is {machine}, the cloud's would be x86_64"
    return ""
