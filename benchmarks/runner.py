"""samo against the floor and against its peers: the same graphs, in one run, as ratios.

`make bench` runs this. It prints what it measured, keeps it as JSON in benchmarks/results/, and
ends with status 1 where a limit is missed. A wall time is that of the whole command, from its start
to its end; only for the chains is samo's own figure judged, the duration that its event
`run.finished` gives: it says how jobs were scheduled, and leaves out how the program starts.
None of the peers isolates its jobs here, so the claims are of samo without; what mounts of a job's
own cost stands beside it.

Noise only ever adds, and on a busy machine it hits short commands hardest: read the load first.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import peers
import report
from claims import Claim, ratio
from graphs import (
    Graph,
    chains,
    flat,
    write_bare,
    write_circleci,
    write_github,
    write_gitlab,
    write_make,
)
from here import CORES, ROOT, SAMO, largest_config
from measuring import Contender, measure
from peers import Peer

FLAT_30_ROUNDS = 15
FLAT_300_ROUNDS = 5
CHAIN_ROUNDS = 3
START_ROUNDS = 20

Write = Callable[[Graph, Path], None]


def main() -> int:
    told = {**report.machine(CORES), "peers": f"{peers.ACT}, {peers.GITLAB_CI_LOCAL}"}
    found = {"act": peers.act(), "gitlab-ci-local": peers.gitlab_ci_local(), "make": peers.make()}
    with tempfile.TemporaryDirectory(prefix="samo-bench-") as folder:
        bench = Bench(Path(folder), found)
        small, large = bench.run(flat(30), FLAT_30_ROUNDS), bench.run(flat(300), FLAT_300_ROUNDS)
        unbalanced = bench.run(chains(), CHAIN_ROUNDS)
        starts = bench.starts()
    told["load average after"] = report.load()
    groups = {
        "30 no-op jobs": small,
        "300 no-op jobs": large,
        "two chains": unbalanced,
        "start": starts,
    }
    claims = [*flat_claims(small, large), *chain_claims(unbalanced), *start_claims(starts)]
    print("".join(f"{name}: {text}\n" for name, text in told.items()))
    print(report.measurements(groups), end="\n\n")
    print(report.verdicts(claims), end="\n\n")
    print(report.write(ROOT / "benchmarks/results", told, groups, claims).relative_to(ROOT))
    return 1 if any(not claim.stands for claim in claims) else 0


class Bench:
    """The runners in a scratch folder: a repository each, and a home where nothing is set."""

    def __init__(self, folder: Path, found: dict[str, Peer]) -> None:
        self.folder = folder
        self.peers = found
        home = folder / "home"
        # act asks which image it shall take until it has a file of settings.
        (home / ".config/act").mkdir(parents=True)
        (home / ".config/act/actrc").touch()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}

    def run(self, graph: Graph, rounds: int) -> list[Contender]:
        """Measure all runners on a graph."""
        events = self.folder / f"{graph.name}.jsonl"
        # Only of jobs that take time is the run's own duration judged.
        told = ("--events", str(events)) if graph.critical_path_s else ()
        samo = self.contender("samo", graph, (SAMO, "run", *told), write_bare)
        if told:
            samo.own_s = lambda: _duration_s(events)
        isolated = self.contender("samo, isolated", graph, (SAMO, "run"), write_circleci)
        if not shutil.which("bwrap"):
            isolated.absent = "not measured: bubblewrap is not installed"
        floor = (sys.executable, str(ROOT / "benchmarks/floor.py"), ".circleci/config.yml")
        contenders = [
            samo,
            self.contender("floor", graph, (*floor, str(CORES)), write_circleci),
            self.peer("act", graph, ("--concurrent-jobs", str(CORES)), write_github),
            self.peer("gitlab-ci-local", graph, ("--concurrency", str(CORES)), write_gitlab),
            self.peer("make", graph, ("-j", str(CORES)), write_make),
            isolated,
        ]
        measure(contenders, rounds)
        return contenders

    def peer(self, name: str, graph: Graph, options: tuple[str, ...], write: Write) -> Contender:
        peer = self.peers[name]
        contender = self.contender(name, graph, (*peer.command, *options), write)
        if peer.missing:
            contender.absent = f"not installed: {peer.missing}"
        return contender

    def contender(
        self, name: str, graph: Graph, command: tuple[str, ...], write: Write
    ) -> Contender:
        folder = self.folder / graph.name / name
        write(graph, folder)
        return Contender(name=name, command=command, folder=folder, environment=self.environment)

    def starts(self) -> list[Contender]:
        """Measure what users wait for before anything runs."""
        version = self.start("samo --version", (SAMO, "--version"))
        largest = largest_config()
        command = (SAMO, "config", "validate", str(largest))
        validate = self.start("samo config validate", command)
        # The largest file may have problems: then naming them is the work.
        validate.statuses = (0, 2)
        if largest is None:
            validate.absent = "not measured: the corpus is not here"
        measure([version, validate], START_ROUNDS)
        return [version, validate]

    def start(self, name: str, command: tuple[str, ...]) -> Contender:
        return Contender(
            name=name, command=command, folder=self.folder, environment=self.environment
        )


def flat_claims(small: list[Contender], large: list[Contender]) -> list[Claim]:
    samo, floor, act, gitlab, *_ = small
    samo_300, floor_300, *_ = large
    peaks = [sample.peak_kib * 1024 / 1e6 for sample in samo_300.samples]
    return [
        ratio("30 jobs: samo / floor", samo, floor, sign="<=", limit=1.5),
        ratio("30 jobs: act / samo", act, samo, sign=">=", limit=3),
        ratio("30 jobs: gitlab-ci-local / samo", gitlab, samo, sign=">=", limit=4),
        ratio("300 jobs: samo / floor", samo_300, floor_300, sign="<=", limit=2),
        Claim(
            text="300 jobs: peak memory of samo",
            figures=tuple(peaks),
            limit=150,
            unit="MB",
            note=samo_300.note,
        ),
    ]


def chain_claims(contenders: list[Contender]) -> list[Claim]:
    samo = contenders[0]
    path_s = chains().critical_path_s
    figures = tuple(sample.own_s / path_s for sample in samo.samples)
    text, note = "two chains: samo's run / critical path", samo.note
    if CORES < 2:
        figures, note = (), "not measured: two chains need two cores"
    return [Claim(text=text, figures=figures, limit=1.03, note=note)]


def start_claims(contenders: list[Contender]) -> list[Claim]:
    limits_ms = {"samo --version": 100, "samo config validate": 300}
    return [
        Claim(
            text=each.name,
            figures=tuple(sample.wall_s * 1000 for sample in each.samples),
            limit=limits_ms[each.name],
            unit="ms",
            note=each.note,
        )
        for each in contenders
    ]


def _duration_s(events: Path) -> float:
    """Return how long a run took by its last event."""
    last = json.loads(events.read_text(encoding="utf-8").splitlines()[-1])
    return float(last["duration_s"])


if __name__ == "__main__":
    sys.exit(main())
