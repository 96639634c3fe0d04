"""Carry a case out: a real repository, a real `samo run`, and what came of it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance_cases import Case

TIMEOUT_S = 30.0
SAMO_RUN = (sys.executable, "-m", "samo", "run")
ORIGIN = "https://github.com/acme/widget.git"


@dataclass(frozen=True, slots=True)
class Done:
    """A finished run: its exit status, its events, and what is left behind."""

    exit: int
    events: list[dict[str, Any]]
    stderr: str
    root: Path
    processes: list[str]

    @property
    def workflows(self) -> dict[str, str]:
        return {each["workflow"]: each["status"] for each in self._of("workflow.finished")}

    @property
    def jobs(self) -> dict[str, dict[str, str]]:
        return {each["workflow"]: each["jobs"] for each in self._of("workflow.finished")}

    @property
    def started(self) -> dict[str, list[str]]:
        """The jobs of each workflow in the order in which they began, again and again."""
        found: dict[str, list[str]] = defaultdict(list)
        for each in self._of("job.started"):
            found[each["workflow"]].append(each["job"])
        return dict(found)

    @property
    def output(self) -> dict[str, str]:
        """The output of each job, its copies one after the other."""
        texts: dict[str, dict[int, str]] = defaultdict(lambda: defaultdict(str))
        for each in self._of("step.output"):
            texts[each["job"]][each["node"]] += each["text"]
        return {job: "\n".join(nodes.values()) for job, nodes in texts.items()}

    @property
    def told(self) -> dict[str, str]:
        """What a reader is told of each job: its output, and why steps and the job ended."""
        texts = defaultdict(str, self.output)
        for each in [*self._of("step.finished"), *self._of("job.finished")]:
            texts[each["job"]] += f"\n{each['reason']}"
        return texts

    @property
    def artifacts(self) -> dict[str, list[str]]:
        return self._by_job("artifact.stored", "path")

    @property
    def saved(self) -> dict[str, list[str]]:
        return self._by_job("cache.saved", "key")

    @property
    def restored(self) -> dict[str, list[str]]:
        return self._by_job("cache.restored", "key")

    @property
    def tests(self) -> dict[str, list[int]]:
        return {
            each["job"]: [each["total"], each["failed"], each["skipped"]]
            for each in self._of("tests.stored")
        }

    @property
    def transcript(self) -> str:
        return f"{self.stderr}\n" + "\n".join(f"{job}: {text}" for job, text in self.output.items())

    def repository(self, name: str) -> str | None:
        path = self.root / name
        return path.read_text() if path.exists() else None

    @property
    def differs(self) -> dict[str, str]:
        """What is told to be otherwise in the cloud: of each job, and of the run by ""."""
        texts: dict[str, str] = defaultdict(str)
        for each in self._of("difference.noted"):
            texts[each["job"]] += f"{each['rule']}: {each['message']}\n"
        return texts

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def _by_job(self, kind: str, field: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for each in self._of(kind):
            found[each["job"]].append(each[field])
        return dict(found)


def carry_out(case: Case, directory: Path) -> Done:
    """Make the case's repository, and run it there."""
    root = _repository(case, directory / "repository")
    contexts = directory / "contexts.toml"
    contexts.write_text(_toml(case.call.get("contexts", {})))
    environment = {
        **os.environ,
        **case.call.get("environment", {}),
        "SAMO_HOME": str(directory / "home"),
        "XDG_CONFIG_HOME": str(_own_contexts(case, root, directory / "config")),
    }
    command = [*SAMO_RUN, "--events=-", f"--context-file={contexts}", *_arguments(case)]
    if "before" in case.call:
        _run_before(case.call["before"], directory, root, environment)
    errors = directory / "stderr"
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        overdue = threading.Timer(TIMEOUT_S, process.kill)
        overdue.start()
        events = _read(process, case.call.get("interrupt"))
        status = process.wait()
        overdue.cancel()
    return Done(status, events, errors.read_text(), root, _processes())


def _run_before(config: str, directory: Path, root: Path, environment: dict[str, str]) -> None:
    path = directory / "before.yml"
    path.write_text(config)
    command = [*SAMO_RUN, f"--config={path}", "--branch=before"]
    subprocess.run(
        command, cwd=root, env=environment, check=True, capture_output=True, timeout=TIMEOUT_S
    )


def _processes() -> list[str]:
    """Return the command line of each process of this machine; none where there is no /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_text(errors="replace").rstrip("\0").replace("\0", " "))
    return found


def _read(process: "subprocess.Popen[str]", interrupt: str | None) -> list[dict[str, Any]]:
    events = []
    for line in process.stdout or ():
        event = json.loads(line)
        events.append(event)
        if interrupt and event["type"] == "step.output" and interrupt in event["text"]:
            process.send_signal(signal.SIGINT)
            interrupt = None
    return events


def _arguments(case: Case) -> list[str]:
    call = case.call
    return [
        *(f"--{name}={call[name]}" for name in ("branch", "tag", "schedule") if name in call),
        *(["--strict"] if call.get("strict") else []),
        *(f"--param={param}" for param in call.get("params", [])),
        *(f"--value={value}" for value in call.get("values", [])),
        *(f"--approve={job}" for job in call.get("approve", [])),
        *(f"--context={name}" for name in call.get("grant", [])),
        *(f"--pass-env={name}" for name in call.get("pass_env", [])),
    ]


def _own_contexts(case: Case, root: Path, home: Path) -> Path:
    """Write the user's own contexts, in which REPOSITORY stands for the folder of the case."""
    path = home / "samo/contexts.toml"
    path.parent.mkdir(parents=True)
    path.touch(mode=0o600)
    path.write_text(case.call.get("own_contexts", "").replace("REPOSITORY", str(root)))
    return home


def _toml(tables: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    )


def _repository(case: Case, root: Path) -> Path:
    files = dict(case.call.get("files", {}))
    if case.config is not None:
        files[".circleci/config.yml"] = case.config
    root.mkdir()
    _write(root, files)
    _git(root, "init", "-q", "-b", case.call.get("branch", "main"))
    _git(root, "remote", "add", "origin", ORIGIN)
    _git(root, "add", ".")
    message = case.call.get("message", "Begin")
    _git(root, "commit", "-q", "--allow-empty", "-m", message)
    if "tag" in case.call:
        _git(root, "tag", case.call["tag"])
    _write(root, case.call.get("dirty", {}))
    return root


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def _lines_found(done: Done, expected: dict[str, list[str]]) -> dict[str, list[str]]:
    lines = {job: done.output.get(job, "").splitlines() for job in expected}
    return {job: [line for line in expected[job] if line in lines[job]] for job in expected}


def _texts_found(done: Done, expected: dict[str, list[str]]) -> dict[str, list[str]]:
    return {job: [each for each in expected[job] if each in done.told[job]] for job in expected}


def _texts_absent(done: Done, expected: dict[str, list[str]]) -> dict[str, list[str]]:
    text = {job: done.output.get(job, "") for job in expected}
    return {job: [each for each in expected[job] if each not in text[job]] for job in expected}


CHECKS: dict[str, Callable[[Done, Any], Any]] = {
    "output": _lines_found,
    "says": _texts_found,
    "silent": _texts_absent,
    "differs": lambda done, expected: {
        job: [text for text in expected[job] if text in done.differs[job]] for job in expected
    },
    "errors": lambda done, texts: [each for each in texts if each in done.stderr],
    "repository": lambda done, names: {name: done.repository(name) for name in names},
    "gone": lambda done, args: [each for each in args if each not in done.processes],
}
"""What a run left of that which a case expects of it; all else is an attribute of `Done`."""
