"""Start a program in a process group of its own, read what it prints, and end all of it."""

import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.system.cancel import Cancel
from samo.system.polling import ready

_CHUNK_BYTES = 1 << 16
_PIPE_BYTES = 1 << 20
"""The most that a pipe can hold (for root it may be more)."""
_LINGER_S = 0.2
"""How long output is awaited whose program has ended: `exec > >(tee log)` prints that late."""
_GRACE_S = 0.5

Output = Callable[[bytes], None]


class Ending(StrEnum):
    """Why a process is no longer waited for."""

    EXITED = "exited"
    SILENT = "silent"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How a process ended; `code` is 128 + N after signal N, as shells report it.

    `signal` names what killed the program itself ("SIGKILL"): a shell that reports the end of
    its child has the same code and no signal.
    """

    code: int
    ending: Ending = Ending.EXITED
    signal: str = ""


class Process:
    """A program in its own session, so that all that it starts can be ended with it.

    The program stays unreaped until `reap`: its id, and with it the id of its group, can then not
    have been given to anybody else when the group is killed.
    """

    def __init__(
        self, argv: Sequence[str], *, environment: Mapping[str, str], cwd: str | Path
    ) -> None:
        """Start `argv`. Raises OSError or ValueError where it cannot be started."""
        self._popen = subprocess.Popen(
            argv,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=cwd,
            start_new_session=True,
        )
        assert self._popen.stdout is not None
        self._stdout = self._popen.stdout
        self._output = self._stdout.fileno()
        os.set_blocking(self._output, False)

    @property
    def pid(self) -> int:
        """The program's id, which is that of its group too."""
        return self._popen.pid

    @property
    def is_open(self) -> bool:
        """Whether the program, or a child of it, may still print."""
        return not self._stdout.closed

    def wait(self, output: Output, *, cancel: Cancel, silence_s: float) -> Exit:
        """Pass on what is printed until the program ends; end it on cancel or on silence.

        The exit status is known as soon as the program itself ends, whoever still holds its
        output open: what its children print later is for `drain`. An `output` that raises ends
        all as well.
        """
        try:
            with _exit_signal(self.pid) as exited:
                ending = self._follow(output, exited, cancel, silence_s)
                if ending is not Ending.EXITED:
                    self._stop(output, exited)
        except BaseException:
            self.kill()
            raise
        self._read_rest(output, _LINGER_S if ending is Ending.EXITED else 0)
        return self._exit(ending)

    def drain(self, output: Output, *, until: Cancel) -> None:
        """Pass on what is printed until nobody holds the output open, or `until` is set."""
        while self.is_open and until.fileno() not in ready([self._output, until.fileno()]):
            self._read_once(output)
        self._read_rest(output, 0)

    def kill(self) -> None:
        """Kill the whole group at once."""
        _signal_group(self.pid, signal.SIGKILL)

    def reap(self) -> None:
        """Give the process back to the system; call it last."""
        self._popen.wait()
        self._stdout.close()

    def _follow(self, output: Output, exited: int, cancel: Cancel, silence_s: float) -> Ending:
        while heard := ready([exited, cancel.fileno(), *self._if_open()], silence_s):
            if exited in heard:
                return Ending.EXITED
            if cancel.fileno() in heard:
                return Ending.CANCELED
            self._read_once(output)
        return Ending.SILENT

    def _stop(self, output: Output, exited: int) -> None:
        """End the group: politely, then after a moment of grace for good.

        The grace is for the children too. Reading goes on, as who writes a full pipe cannot end.
        """
        _signal_group(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_S
        awaited = [exited]
        while (awaited or self.is_open) and (left_s := deadline - time.monotonic()) > 0:
            heard = ready([*awaited, *self._if_open()], left_s)
            if self._output in heard:
                self._read_once(output)
            awaited = [descriptor for descriptor in awaited if descriptor not in heard]
        self.kill()
        ready([exited])

    def _if_open(self) -> list[int]:
        return [self._output] if self.is_open else []

    def _read_once(self, output: Output) -> int:
        try:
            chunk = os.read(self._output, _CHUNK_BYTES)
        except BlockingIOError:
            return 0
        if chunk:
            output(chunk)
        else:
            self._stdout.close()
        return len(chunk)

    def _read_rest(self, output: Output, linger_s: float) -> None:
        """Pass on what lies in the pipe and what comes within a moment, but no endless stream."""
        deadline = time.monotonic() + linger_s
        budget = _PIPE_BYTES
        while self.is_open and budget > 0 and ready([self._output], deadline - time.monotonic()):
            budget -= self._read_once(output)

    def _exit(self, ending: Ending) -> Exit:
        result = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        assert result is not None
        if result.si_code == os.CLD_EXITED:
            return Exit(code=result.si_status, ending=ending)
        name = _signal_name(result.si_status)
        return Exit(code=128 + result.si_status, ending=ending, signal=name)


def argv_of(shell: str, script: str | Path) -> list[str]:
    """Return the command line that runs `script` by `shell`, a full command line (STEP-007).

    Raises ValueError where `shell` names no program or has an open quote.
    """
    words = _words(shell)
    if not words:
        raise ValueError("the shell's command line is empty")
    return [*words, str(script)]


@lru_cache(maxsize=64)
def _words(command_line: str) -> list[str]:
    return shlex.split(command_line)


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # nobody is left (macOS answers EPERM for a group of zombies)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"  # a real-time signal between the two that have names


@contextmanager
def _exit_signal(pid: int) -> Iterator[int]:
    """Give a descriptor that becomes readable when a child has ended (it stays unreaped)."""
    if hasattr(os, "pidfd_open"):
        descriptor = os.pidfd_open(pid)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    else:
        with _exit_watched(pid) as descriptor:
            yield descriptor


@contextmanager
def _exit_watched(pid: int) -> Iterator[int]:
    """Watch a child in a thread: macOS has no descriptor of a process."""
    reader, writer = os.pipe()

    def watch() -> None:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        os.close(writer)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield reader
    except BaseException:
        _signal_group(pid, signal.SIGKILL)
        raise
    finally:
        thread.join()
        os.close(reader)
