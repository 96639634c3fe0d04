"""A real repository with a config, and the real program run in it."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

BASE = "docker: [{image: cimg/base:stable}]"


def git(directory, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True)


def make_repository(root, config, **files):
    """Commit the config and the files on branch main; return a Repository."""
    (root / ".circleci").mkdir(parents=True)
    (root / ".circleci/config.yml").write_text(textwrap.dedent(config))
    for name, text in files.items():
        (root / name).write_text(text)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    return Repository(root)


def jobs_config(**steps):
    """Return a config whose jobs run these commands side by side; a list is several steps."""
    lines = ["version: 2.1", "jobs:"]
    for name, commands in steps.items():
        lines += [f"  {name}:", f"    {BASE}", "    steps:"]
        for command in [commands] if isinstance(commands, str) else commands:
            lines.append("      - run: " + json.dumps(command))
    return "\n".join([*lines, "workflows:", "  all:", f"    jobs: [{', '.join(steps)}]", ""])


class Done:
    """A call that has ended: its status, what it printed, and its events where it wrote them."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind, **wanted):
        return [
            event
            for event in self.events
            if event["type"] == kind and wanted.items() <= event.items()
        ]

    def output(self, job):
        return "".join(event["text"] for event in self.of("step.output", job=job))

    def statuses(self, workflow="all"):
        [end] = self.of("workflow.finished", workflow=workflow)
        return end["jobs"]


class Repository:
    """A repository, its state kept beside it and not in the user's home."""

    def __init__(self, root):
        self.root = root
        self.environment = {
            **os.environ,
            "XDG_CACHE_HOME": str(root.parent / f"{root.name}-cache"),
            "XDG_CONFIG_HOME": str(root.parent / f"{root.name}-config"),
        }
        self.environment.pop("SAMO_HOME", None)

    def samo(self, *arguments, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "samo", *arguments],
            check=False,
            cwd=self.root,
            env={**self.environment, **environment},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def run(self, *arguments, **environment):
        """Run with events on standard output."""
        return self.samo("run", "--events", "-", *arguments, **environment)

    def start(self, *arguments):
        """Start a run with events on standard output; the caller waits for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "samo", "run", "--events", "-", *arguments],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def scratch(self):
        """What runs have left where jobs run, but for the locks."""
        cache = Path(self.environment["XDG_CACHE_HOME"]) / "samo" / "scratch"
        left = [*cache.glob("*/*"), *cache.glob("*/snapshots/*")]
        return [path for path in left if path.suffix != ".lock" and path.name != "snapshots"]


def events_until(process, kind, **wanted):
    """Read a started run's events up to the first of a kind; return it."""
    for line in process.stdout:
        event = json.loads(line)
        if event["type"] == kind and wanted.items() <= event.items():
            return event
    raise AssertionError(f"the run ended without {kind}: {process.stderr.read()}")


def end(process, number=signal.SIGINT):
    """Send a signal; return the exit status, the rest of the events, and the errors."""
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return Done(process.returncode, out, err)
