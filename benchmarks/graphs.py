"""One graph of jobs, written down for each runner that is measured."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    name: str
    command: str
    needs: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """`name` is also the folder's; `jobs` stand after those they need."""

    name: str
    jobs: tuple[Job, ...]

    @property
    def critical_path_s(self) -> float:
        """How long the jobs take at least, however many run at once."""
        ends: dict[str, float] = {}
        for job in self.jobs:
            ends[job.name] = job.seconds + max((ends[need] for need in job.needs), default=0.0)
        return max(ends.values())


def flat(count: int) -> Graph:
    """Return a graph of so many jobs that need nothing and do nothing."""
    jobs = tuple(Job(name=f"j{number:03}", command="true") for number in range(count))
    return Graph(name=f"flat-{count}", jobs=jobs)


def chains() -> Graph:
    """Return two chains whose long jobs are at opposite ends: waves of jobs wait for both."""
    jobs = []
    for chain, lengths in {"a": (0.7, 0.7, 2.8), "b": (2.8, 0.7, 0.7)}.items():
        needs: tuple[str, ...] = ()
        for number, seconds in enumerate(lengths):
            name = f"{chain}{number}"
            jobs.append(Job(name=name, command=f"sleep {seconds}", needs=needs, seconds=seconds))
            needs = (name,)
    return Graph(name="two-chains", jobs=tuple(jobs))


def write_circleci(graph: Graph, folder: Path) -> None:
    """Write the graph for samo and the floor: a job takes one core."""
    executor = {"docker": [{"image": "cimg/base:stable"}], "resource_class": "small"}
    jobs = {job.name: {**executor, "steps": [{"run": job.command}]} for job in graph.jobs}
    items = [{job.name: {"requires": list(job.needs)}} if job.needs else job.name
             for job in graph.jobs]  # fmt: skip
    config = {"version": 2.1, "jobs": jobs, "workflows": {"main": {"jobs": items}}}
    _commit(folder, ".circleci/config.yml", _yaml(config))


def write_bare(graph: Graph, folder: Path) -> None:
    """Write the graph for samo without mounts of a job's own: its peers give none either."""
    write_circleci(graph, folder)
    (folder / "samo.toml").write_text('[process]\nisolation = "off"\n', encoding="utf-8")


def write_github(graph: Graph, folder: Path) -> None:
    """Write the graph for act."""
    jobs = {
        job.name: {
            "runs-on": "ubuntu-latest",
            "needs": list(job.needs),
            "steps": [{"run": job.command}],
        }
        for job in graph.jobs
    }
    _commit(folder, ".github/workflows/ci.yml", _yaml({"name": "ci", "on": "push", "jobs": jobs}))


def write_gitlab(graph: Graph, folder: Path) -> None:
    """Write the graph for gitlab-ci-local."""
    jobs = {
        job.name: {"stage": "all", "needs": list(job.needs), "script": [job.command]}
        for job in graph.jobs
    }
    _commit(folder, ".gitlab-ci.yml", _yaml({"stages": ["all"], **jobs}))


def write_make(graph: Graph, folder: Path) -> None:
    """Write the graph for GNU make."""
    names = " ".join(job.name for job in graph.jobs)
    rules = [f"{job.name}: {' '.join(job.needs)}\n\t@{job.command}" for job in graph.jobs]
    text = "\n".join([f".PHONY: all {names}", f"all: {names}", "SHELL = /bin/bash", *rules, ""])
    _commit(folder, "Makefile", text)


def _yaml(tree: object) -> str:
    """Return a tree as block-style YAML, as people write it."""
    return "\n".join(_lines(tree, "")) + "\n"


def _lines(tree: object, indent: str) -> list[str]:
    if isinstance(tree, dict) and tree:
        return [line for key, value in tree.items() for line in _entry(f"{key}:", value, indent)]
    if isinstance(tree, list) and tree:
        return [line for value in tree for line in _entry("-", value, indent)]
    return [indent + json.dumps(tree)]


def _entry(head: str, value: object, indent: str) -> list[str]:
    if isinstance(value, dict | list) and value:
        below = _lines(value, indent + "  ")
        if head == "-":
            return [f"{indent}- {below[0].lstrip()}", *below[1:]]
        return [indent + head, *below]
    return [f"{indent}{head} {json.dumps(value)}"]


def _commit(folder: Path, name: str, text: str) -> None:
    """Make a git repository of one file; gitlab-ci-local wants a remote with a default branch."""
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    (folder / ".gitignore").write_text("/.samo/\n/.gitlab-ci-local/\n", encoding="utf-8")
    for arguments in (
        "init -q -b main",
        "add .",
        "-c user.name=A -c user.email=a@example.org commit -q -m Begin",
        "remote add origin https://gitlab.example/acme/demo.git",
        "update-ref refs/remotes/origin/main HEAD",
        "symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main",
    ):
        subprocess.run(["git", *arguments.split()], cwd=folder, check=True)
