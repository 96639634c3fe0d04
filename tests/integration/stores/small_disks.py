"""Disks of a few megabytes, mounted for a test: they fill up, and can be made read-only."""

import subprocess
from contextlib import contextmanager

import pytest


@contextmanager
def small_disk(path, *, megabytes):
    """Yield a folder that is a disk of its own; skips the test where none may be mounted."""
    path.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path)]
    try:
        done = subprocess.run(words, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("no mount here")
    if done.returncode:
        pytest.skip(f"nobody lets us mount a disk: {done.stderr.strip()}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


@contextmanager
def remounted_read_only(path):
    subprocess.run(["mount", "-o", "remount,ro", str(path)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(path)], check=True)
