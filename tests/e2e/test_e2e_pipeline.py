"""A three-stage pipeline from the first push to the approval, as its owner would drive it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue

import pytest

pytestmark = pytest.mark.e2e

CONFIG = """\
version: 2.1
parameters:
  greeting: {type: string, default: hello}
executors:
  small: {docker: [{image: cimg/base:stable}], resource_class: small}
jobs:
  unit-tests:
    parameters: {suite: {type: string}}
    executor: small
    steps:
      - checkout
      - restore_cache: {keys: ['deps-{{ checksum "deps.txt" }}', deps-]}
      - run: {name: Install, command: "[ -e deps ] || { mkdir deps; echo fresh > deps/state; }"}
      - save_cache: {key: 'deps-{{ checksum "deps.txt" }}', paths: [deps]}
      - run:
          name: Test
          command: |
            mkdir -p reports out
            cat > reports/<< parameters.suite >>.xml <<XML
            <testsuite name="<< parameters.suite >>">
              <testcase classname="t" name="good" time="0.25"/>
              <testcase classname="t" name="old" time="0"><skipped message="later"/></testcase>
            </testsuite>
            XML
            words="<< pipeline.parameters.greeting >> from << parameters.suite >>"
            echo "$words" > out/<< parameters.suite >>
      - store_test_results: {path: reports}
      - store_artifacts: {path: reports, destination: junit}
      - persist_to_workspace: {root: out, paths: ["*"]}
  package:
    executor: small
    steps:
      - attach_workspace: {at: parts}
      - run: {name: Pack, command: "cat parts/* > package.txt; cat package.txt"}
      - store_artifacts: {path: package.txt}
      - persist_to_workspace: {root: ., paths: [package.txt]}
  deploy:
    executor: small
    steps:
      - attach_workspace: {at: .}
      - run: {name: Deploy, command: 'cat package.txt > /dev/tcp/$TARGET'}
workflows:
  delivery:
    jobs:
      - unit-tests: {matrix: {parameters: {suite: [fast, slow]}}}
      - package: {requires: [unit-tests]}
      - approve: {type: approval, requires: [package], filters: {branches: {only: main}}}
      - deploy: {requires: [approve], context: production, filters: {branches: {only: main}}}
"""


class Owner:
    """Somebody with a repository and the installed `samo`."""

    def __init__(self, root):
        self.root = root
        self.program = shutil.which("samo", path=str(Path(sys.executable).parent)) or "samo"
        self.environment = {**os.environ, "SAMO_HOME": str(root.parent / "home")}

    def does(self, *command):
        return subprocess.run(
            command,
            check=False,
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def samo(self, *arguments):
        return self.does(self.program, *arguments)

    def json(self, *arguments):
        return json.loads(self.samo(*arguments, "--json").stdout)


@pytest.fixture
def owner(tmp_path):
    (tmp_path / "app/.circleci").mkdir(parents=True)
    owner = Owner(tmp_path / "app")
    # The config's heredoc would be a tag: in 2.1 a literal `<<` is written `\\<<` (PAR-022).
    config = CONFIG.replace(".xml <<XML", ".xml \\<<XML")
    (owner.root / ".circleci/config.yml").write_text(config)
    (owner.root / "deps.txt").write_text("numpy\n")
    owner.does("git", "init", "-q", "-b", "main")
    owner.does("git", "add", ".")
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    assert owner.does("git", *identity, "commit", "-q", "-m", "Begin").returncode == 0
    return owner


@pytest.fixture
def production():
    """A place beyond the job's own machine: it keeps what it is sent."""
    received = Queue()
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_receive, args=(server, received), daemon=True).start()
        yield server.getsockname()[1], received


def _receive(server, received):
    connection, _ = server.accept()
    with connection, connection.makefile() as sent:
        received.put(sent.read())


def test_a_change_goes_from_the_first_run_to_production(owner, production, tmp_path):
    port, received = production
    contexts = tmp_path / "contexts.toml"
    contexts.write_text(f'[production]\nTARGET = "127.0.0.1/{port}"\n')

    assert owner.samo("config", "validate").returncode == 0
    held = owner.samo("run")
    assert held.returncode == 3, held.stdout + held.stderr
    assert received.empty()
    assert "approve: samo approve 1 approve" in held.stdout

    done = owner.samo(
        "run", "--approve", "approve", "--context-file", str(contexts), "--param", "greeting=hi"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert received.get(timeout=10) == "hi from fast\nhi from slow\n"
    assert "restored deps-" in done.stdout
    assert f"127.0.0.1/{port}" not in done.stdout  # a context's value


def test_what_a_run_left_can_be_read_afterwards(owner):
    owner.samo("run")

    [run] = owner.json("runs")["items"]
    assert (run["number"], run["status"], run["vcs"]["branch"]) == (1, "on_hold", "main")
    [workflow] = owner.json("show", "last")["workflows"]
    assert {job["name"]: job["status"] for job in workflow["jobs"]} == {
        "unit-tests-fast": "success",
        "unit-tests-slow": "success",
        "package": "success",
        "approve": "on_hold",
        "deploy": "blocked",
    }
    assert owner.samo("logs", "1", "package", "Pack").stdout == "hello from fast\nhello from slow\n"
    artifacts = owner.json("artifacts", "last")["items"]
    assert {(each["job"], each["path"]) for each in artifacts} == {
        ("unit-tests-fast", "junit/fast.xml"),
        ("unit-tests-slow", "junit/slow.xml"),
        ("package", "package.txt"),
    }
    tests = owner.json("tests", "last")["items"]
    assert sorted((each["job"], each["name"], each["result"]) for each in tests) == [
        ("unit-tests-fast", "good", "success"),
        ("unit-tests-fast", "old", "skipped"),
        ("unit-tests-slow", "good", "success"),
        ("unit-tests-slow", "old", "skipped"),
    ]


def test_another_branch_runs_without_deployment_and_samo_says_why(owner):
    owner.does("git", "checkout", "-q", "-b", "feature/x")
    done = owner.samo("run")
    why = owner.samo("why", "deploy")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "deploy" not in done.stdout
    assert (
        "deploy does not run: branch filter `only: main` does not match 'feature/x'" in why.stdout
    )
    assert f".circleci/config.yml:{len(CONFIG.splitlines())}:" in why.stdout
