"""How long commands take and what they use, measured in turns."""

import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One call: `cpu_s` counts all processes below it, `peak_kib` is that of the largest one."""

    wall_s: float
    cpu_s: float
    peak_kib: int
    own_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Contender:
    """A command that is measured, or is `absent` for a reason; `fault` says how it failed.

    `own_s` reads what the command itself said of how long it took.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    own_s: Callable[[], float] | None = None
    statuses: tuple[int, ...] = (0,)
    samples: list[Sample] = field(default_factory=list)
    absent: str = ""
    fault: str = ""

    @property
    def note(self) -> str:
        """Why there are no samples."""
        return f"FAILED: {self.fault}" if self.fault else self.absent

    @property
    def best_s(self) -> float:
        return min(sample.wall_s for sample in self.samples)

    @property
    def median_s(self) -> float:
        return statistics.median(sample.wall_s for sample in self.samples)

    @property
    def worst_s(self) -> float:
        return max(sample.wall_s for sample in self.samples)

    @property
    def cpu_s(self) -> float:
        return statistics.median(sample.cpu_s for sample in self.samples)

    @property
    def peak_mb(self) -> float:
        return max(sample.peak_kib for sample in self.samples) * 1024 / 1e6


def measure(contenders: Sequence[Contender], rounds: int) -> None:
    """Call each once to warm up, then in turns, so that noise of the machine hits all alike."""
    here = [contender for contender in contenders if not contender.absent]
    for contender in here:
        _call(contender)
    for number in range(rounds):
        for contender in _rotated(here, number):
            if not contender.fault and (sample := _call(contender)):
                contender.samples.append(sample)


def _rotated(contenders: Sequence[Contender], number: int) -> Iterator[Contender]:
    """Begin each round with another one: nobody always follows the heaviest."""
    for index in range(len(contenders)):
        yield contenders[(index + number) % len(contenders)]


def _call(contender: Contender) -> Sample | None:
    """Run the command once; note a fault where it fails."""
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            contender.command,
            cwd=contender.folder,
            env=contender.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        timer = Timer(TIMEOUT_S, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, wait_status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        wall_s = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(wait_status)
        if process.returncode not in contender.statuses:
            output.seek(0)
            tail = output.read().decode(errors="replace").strip().splitlines()[-1:]
            contender.fault = f"exit status {process.returncode}: {' '.join(tail)}"
            contender.samples.clear()
            return None
    return Sample(
        wall_s=wall_s,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_kib=usage.ru_maxrss,
        own_s=contender.own_s() if contender.own_s else 0.0,
    )
