"""A job's own mounts and processes: bubblewrap holds them, and each step enters them.

bubblewrap costs more than a step: one holds the place for all steps of a job, and `nsenter` brings
each step in. A step is a process of ours all the same, with its own group, output and exit status.
What it starts can leave its group, but not the place: when that ends, the kernel ends all in it.
"""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from subprocess import PIPE, STDOUT, Popen

from samo.executors.mounts import RAMDISK
from samo.executors.refusal import sandbox_error
from samo.pipeline.dataclass import dataclass
from samo.system.polling import ready

_END_S = 1.0
# Echoes when all is mounted; when we end, however that is, so does its input, and all else.
_HELD_BY = ("/bin/sh", "-c", "cat; kill -KILL -1")

_IN_DIRECTORY = ("/bin/sh", "-c", 'cd "$0" && exec "$@"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The programs that make a place of its own, by path.

    `shown` are paths of this machine that a job must find although its own /tmp hides them,
    `borrowed` those that one with a check-out must, `hidden` files that it must not read. An
    nsenter before util-linux 2.38 `changes_directory` outside alone.
    """

    bwrap: str
    nsenter: str
    changes_directory: bool = True
    shown: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class Namespace:
    """A place of its own, from when it is made until it is closed.

    Raises SandboxError where bubblewrap cannot make it. It ends with this process, should that be
    killed. `made_of` says which folders are mounted in it.
    """

    def __init__(
        self,
        isolation: Isolation,
        mounts: Sequence[str],
        environment: Mapping[str, str],
        made_of: tuple[tuple[int, int], ...] = (),
    ) -> None:
        self.made_of = made_of
        self._isolation = isolation
        reader, writer = os.pipe()
        try:
            self._holder = _holder([isolation.bwrap, *mounts], environment, writer)
            self._await_mounts()
            self._init: int = json.loads(os.read(reader, 1 << 12))["child-pid"]
        finally:
            os.close(reader)
        self._ended = os.pidfd_open(self._init)

    @property
    def is_over(self) -> bool:
        """Whether nothing can run in it any more."""
        return bool(ready([self._ended], 0))

    @property
    def is_as_made(self) -> bool:
        """Whether nothing runs in it, and nothing is left on its memory disk."""
        try:
            with open(f"/proc/{self._init}/task/{self._init}/children", "rb") as file:  # noqa: PTH123
                children = file.read().split()
            return len(children) == 1 and not os.listdir(f"/proc/{self._init}/root{RAMDISK}")  # noqa: PTH208
        except OSError:
            return False

    def entering(self, directory: str) -> list[str]:
        """Return the words that bring a program in and let it begin in `directory`.

        Raises SandboxError where the job has ended its place itself, as by `kill -9 -1`.
        """
        if self.is_over:
            raise sandbox_error("a step of the job has ended all that was running in its place")
        user = ["-U", "--preserve-credentials"] if os.geteuid() else []
        words = [self._isolation.nsenter, "-t", str(self._init), *user, "-m", "-p"]
        if self._isolation.changes_directory:
            return [*words, f"-W{directory}", "--"]
        return [*words, "--", *_IN_DIRECTORY, directory]

    def close(self) -> None:
        """End all that runs in the place, wait until it has, and give the place back."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._ended, signal.SIGKILL)
        # Who waits for the last of them is not always us: in some containers nobody does.
        ready([self._ended], _END_S)
        os.close(self._ended)
        self._end_holder()

    def _await_mounts(self) -> None:
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        with suppress(BrokenPipeError):
            self._holder.stdin.write(b"\n")
        answer = self._holder.stdout.read(1)
        if answer == b"\n":
            return
        text = (answer + self._holder.stdout.read()).decode(errors="replace").strip()
        self._end_holder()
        reason = text.removeprefix("bwrap: ").splitlines()[:1] or ["it was ended"]
        hint = "set isolation = 'off' in [tool.samo.process]"
        raise sandbox_error(f"bubblewrap cannot make the job's place: {reason[0]}", hint)

    def _end_holder(self) -> None:
        self._holder.kill()
        self._holder.wait()
        for stream in (self._holder.stdin, self._holder.stdout):
            assert stream is not None
            stream.close()


def _holder(words: Sequence[str], environment: Mapping[str, str], told: int) -> Popen[bytes]:
    """Start what holds a place; `told` is the descriptor for what it says of that, and closed."""
    try:
        return Popen(
            [*words, "--unshare-pid", "--info-fd", str(told), "--", *_HELD_BY],
            bufsize=0,
            stdin=PIPE,
            stdout=PIPE,
            stderr=STDOUT,
            env=environment,
            cwd="/",
            pass_fds=[told],
            start_new_session=True,
        )
    finally:
        os.close(told)
