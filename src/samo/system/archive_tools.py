"""The system's tar and zstd, as processes that work side by side."""

import errno
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, BinaryIO

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_PIPE_BYTES = 1 << 20  # with the 64 kB of a pipe, reader and writer wait for each other in turns
_ENVIRONMENT = {"LC_ALL": "C", "COPYFILE_DISABLE": "1"}


def tar_words() -> tuple[str, ...]:
    """Return how to call the tar of this machine; none where it or zstd cannot do it."""
    tar, zstd = shutil.which("tar"), shutil.which("zstd")
    return _words_of(tar) if tar and zstd else ()


@lru_cache(maxsize=4)
def _words_of(tar: str) -> tuple[str, ...]:
    """Tell GNU's from BSD's, which looks for holes unasked, and from those that lack options."""
    done = subprocess.run([tar, "--version"], check=False, capture_output=True, text=True)
    if "GNU tar" in done.stdout:
        return (tar, "--sparse")
    return (tar,) if done.stdout.startswith("bsdtar") else ()


def pack_by_tools(words: Sequence[str], file: BinaryIO, root: Path, names: Sequence[str]) -> None:
    """Write `names` below `root` into `file`; raises OSError where a tool fails.

    Files instead of pipes carry names and complaints, so that nobody waits for a reader.
    """
    tar_call = [*words, "-C", str(root), "--no-recursion", "--null", "-T", "-", "-cf", "-"]
    zstd_call = ["zstd", "--quiet", "-3", "-T0", "-c"]
    with tempfile.TemporaryFile() as listing, tempfile.TemporaryFile() as complaints:
        listing.write(b"".join(os.fsencode(name) + b"\0" for name in names))
        listing.seek(0)
        tar = subprocess.Popen(
            tar_call,
            stdin=listing,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, **_ENVIRONMENT},
            pipesize=_PIPE_BYTES,
        )
        zstd = subprocess.Popen(zstd_call, stdin=tar.stdout, stdout=file, stderr=complaints)
        # zstd alone holds the pipe from here on: should it die, tar dies of that.
        assert tar.stdout is not None
        tar.stdout.close()
        zstd_code, tar_code = zstd.wait(), tar.wait()
        # GNU tar's 1: a file changed while it was read, as files of a running job do.
        if zstd_code or tar_code not in (0, 1):
            raise _complaint(complaints)


def _complaint(file: IO[bytes]) -> OSError:
    file.seek(0)
    text = file.read().decode(errors="replace").strip()
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        if os.strerror(number) in text:
            return OSError(number, os.strerror(number))
    lines = text.splitlines() or ["tar or zstd was ended"]
    return OSError(errno.EIO, lines[0])


@contextmanager
def unzstd(file: BinaryIO) -> Iterator[IO[bytes]]:
    """Yield what `file` holds, decompressed; raises ReadError at the end where it is damaged."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            ["zstd", "--quiet", "-dc"],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=complaints,
            bufsize=0,
            pipesize=_PIPE_BYTES,
        )
        with process:
            assert process.stdout is not None
            yield process.stdout
        if process.returncode:
            complaints.seek(0)
            text = complaints.read().decode(errors="replace").strip()
            raise tarfile.ReadError(text.removeprefix("/*stdin*\\ : ") or "zstd was ended")
