"""Caches of a virtual environment against the bare pipe of tar and zstd, side by side in one job.

`make bench` runs this after the runners. A job copies the packages of this environment until it
has 640 MB, then saves and restores them: by the steps of the config, and by `tar | zstd -3 -T0` in
a step of its own. Who begins changes from round to round. It all happens in memory where there is
room: a disk serves whoever comes first out of its buffers, and the next one at its own pace, many
times slower. Ends with status 1 where a limit is missed.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import report
from claims import ratio
from here import CORES, ROOT, SAMO
from measuring import Contender, Sample

IDENTITY = "-c user.name=A -c user.email=a@example.org"
ROUNDS = 5
SIZE_MB = 640
LIMIT = 1.2  # a pass more for the digest, and what one round differs from another by

Step = dict[str, object]


def main() -> int:
    told = report.machine(CORES)
    with tempfile.TemporaryDirectory(prefix="samo-bench-", dir=in_memory()) as folder:
        groups = measure(Path(folder))
    told["load average after"] = report.load()
    claims = [
        ratio(f"{name}: samo / tar, zstd", *contenders, sign="<=", limit=LIMIT)
        for name, contenders in groups.items()
    ]
    print("".join(f"{name}: {text}\n" for name, text in told.items()))
    print(report.measurements(groups), end="\n\n")
    print(report.verdicts(claims), end="\n\n")
    path = report.write(ROOT / "benchmarks/results", told, groups, claims, name="stores")
    print(path.relative_to(ROOT))
    return 1 if any(not claim.stands for claim in claims) else 0


def in_memory() -> str | None:
    """Return a folder that no disk slows down, if there is one with room; else None."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 5 * SIZE_MB * 10**6
    return str(memory) if has_room else None


def measure(folder: Path) -> dict[str, list[Contender]]:
    """Let samo run the job, and read how long its steps took."""
    times = run(folder, config())
    groups = {}
    for what in ("save", "restore"):
        contenders = [
            Contender(name=name, command=(), folder=folder, environment={})
            for name in ("samo", "pipe")
        ]
        for each in contenders:
            for number in range(ROUNDS):
                wall_s = times[f"{each.name} {what} {number}"]
                each.samples.append(Sample(wall_s=wall_s, cpu_s=0.0, peak_kib=0))
        groups[f"{what} {SIZE_MB} MB"] = contenders
    return groups


def config() -> Step:
    """Return the config of the job; the names of its steps say what is measured."""
    steps: list[Step] = [shell("copy", copying())]
    for number in range(ROUNDS):
        turns = [samo_turn(number), pipe_turn(number)]
        for turn in turns if number % 2 == 0 else reversed(turns):
            steps += turn
    job = {"docker": [{"image": "cimg/base:stable"}], "steps": steps}
    return {"version": 2.1, "jobs": {"build": job}}


def copying() -> str:
    """Return a script that fills ~/venv with packages, the largest part of any environment."""
    packages = sysconfig.get_path("purelib")
    return (
        f"mkdir ~/venv && cd ~/venv\n"
        f"for round in 1 2 3 4 5 6 7 8 9; do for each in {packages}/*; do\n"
        f"  if test $(du -sm . | cut -f1) -ge {SIZE_MB}; then exit; fi\n"
        f'  mkdir -p $round && cp -a "$each" $round/\n'
        f"done; done\n"
    )


def samo_turn(number: int) -> list[Step]:
    key = f"venv-{number}"
    return [
        shell("settle", "sync"),
        {"save_cache": {"name": f"samo save {number}", "key": key, "paths": ["~/venv"]}},
        shell("clear", "mv ~/venv ~/other; sync"),
        {"restore_cache": {"name": f"samo restore {number}", "key": key}},
        shell("compare", "diff -r ~/venv ~/other; rm -rf ~/other"),
    ]


def pipe_turn(number: int) -> list[Step]:
    return [
        shell("settle", "sync"),
        shell(f"pipe save {number}", "tar -C ~ -cf - venv | zstd -q -3 -T0 -f -o ~/pipe"),
        shell("clear", "mv ~/venv ~/other; sync"),
        shell(f"pipe restore {number}", "zstd -q -dc ~/pipe | tar -C ~ -xf -"),
        shell("compare", "diff -r ~/venv ~/other; rm -rf ~/other ~/pipe"),
    ]


def shell(name: str, command: str) -> Step:
    return {"run": {"name": name, "command": command}}


def run(folder: Path, tree: Step) -> dict[str, float]:
    """Run a config; return how long each of its steps took, by its name."""
    path = folder / "repository/.circleci/config.yml"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(tree), encoding="utf-8")
    repository = path.parents[1]
    for words in ("init -q -b main", f"{IDENTITY} commit -q --allow-empty -m Begin"):
        subprocess.run(["git", *words.split()], cwd=repository, check=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [SAMO, "run", "--events", "-"],
        cwd=repository,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        sys.exit("".join(event["text"] for event in events if event["type"] == "step.output"))
    ended = [event for event in events if event["type"] == "step.finished"]
    return {event["name"]: event["duration_s"] for event in ended}


if __name__ == "__main__":
    sys.exit(main())
