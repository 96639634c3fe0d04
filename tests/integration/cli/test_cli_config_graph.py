"""Drawings by the real program, read by the programs that they are for."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.integration

BODY = "docker: [{image: cimg/base:stable}], steps: [checkout]"
CONFIG = f"""\
version: 2.1
jobs: {{build: {{{BODY}}}, test: {{{BODY}}}, deploy: {{{BODY}}}}}
workflows:
  all:
    jobs:
      - build
      - test: {{requires: [build]}}
      - hold: {{type: approval, requires: [test]}}
      - deploy: {{requires: [hold, build], context: aws, filters: {{branches: {{only: main}}}}}}
      - build: {{name: 'report "x" <y>\\', requires: [test: failed]}}
  other: {{when: false, jobs: [build]}}
"""


def samo(directory, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "samo", "config", "graph", *arguments],
        check=False,
        cwd=directory,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8", **environment},
    )


def lines(done):
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().splitlines()


@pytest.fixture
def project(tmp_path):
    (tmp_path / ".circleci").mkdir()
    (tmp_path / ".circleci" / "config.yml").write_text(CONFIG)
    return tmp_path


def needs(program):
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


def test_the_tree_is_what_one_sees_first(project):
    assert lines(samo(project, "--branch", "main")) == [
        "for branch 'main':",
        "workflow all",
        "└─ build",
        "   └─ test",
        "      ├─ hold  (approval)",
        "      │  └─ deploy  (context aws; also after build)",
        '      └─ report "x" <y>\\  (on failed)',
        "workflow other  (does not run: workflow condition `false` does not hold)",
        "└─ build",
    ]


def test_the_trigger_decides_what_runs(project):
    found = lines(samo(project, "--branch", "feature/x"))

    assert found[5].endswith(
        "deploy  (context aws; also after build; does not run: "
        "branch filter `only: main` does not match 'feature/x')"
    )


def test_a_terminal_that_knows_no_strokes_gets_ascii(project):
    done = samo(project, ".circleci/config.yml", "other", PYTHONIOENCODING="ascii")

    assert lines(done)[2] == "`- build"


def test_a_name_that_the_terminal_cannot_say_does_not_stop_it(project):
    config = CONFIG.replace("  other:", "  日本:")
    (project / ".circleci" / "config.yml").write_text(config, encoding="utf-8")
    done = samo(project, PYTHONIOENCODING="ascii")

    assert lines(done)[7].startswith("workflow ??  (does not run")


def test_a_workflow_that_is_not_there_is_refused(project):
    done = samo(project, ".circleci/config.yml", "al")

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == "error: unknown workflow 'al' (did you mean 'all'?)\n"


def test_a_wrong_config_is_not_drawn(project):
    (project / ".circleci" / "config.yml").write_text(CONFIG.replace("- build\n", "- biuld\n"))
    done = samo(project, "--format", "svg")

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b".circleci/config.yml:6:9: error: ")


@pytest.mark.parametrize("form", ["tree", "mermaid", "dot", "svg"])
def test_a_drawing_is_the_same_each_time(project, form):
    first = samo(project, "--format", form, PYTHONHASHSEED="1")
    second = samo(project, "--format", form, PYTHONHASHSEED="2")

    assert first.returncode == 0
    assert first.stdout == second.stdout


@needs("dot")
def test_graphviz_reads_the_dot(project):
    text = samo(project, "--format", "dot", "--branch", "main").stdout
    done = subprocess.run(["dot", "-Tplain"], check=True, input=text, capture_output=True)
    nodes = re.findall(r"^node \S+ \S+ \S+ \S+ \S+ (\S+|\".*?[^\\]\") ", done.stdout.decode(), re.M)

    assert nodes[:3] == ["build", "test", r'"hold\napproval"']
    assert done.stdout.count(b"\nedge ") == 5


def test_the_svg_is_xml(project):
    root = ElementTree.fromstring(samo(project, "--format", "svg").stdout)
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]

    assert 'report "x" <y>\\' in texts


@needs("chromium")
def test_a_browser_shows_the_svg(project):
    picture = project / "graph.svg"
    picture.write_bytes(samo(project, "--format", "svg").stdout)
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={project}/c"]
    page = subprocess.run(
        ["chromium", *options, "--dump-dom", picture.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert page.stdout.startswith("<svg ")
    assert "parsererror" not in page.stdout
    assert page.stdout.count("<rect ") == 7


@pytest.mark.parametrize("form", ["tree", "svg"])
def test_ten_thousand_jobs_are_drawn_in_seconds(project, form):
    """Each job waits for the one before it and for the first: the most lines and columns."""
    jobs = ["  - build: {name: j0}", "  - build: {name: j1, requires: [j0]}"]
    jobs += [
        f"  - build: {{name: j{number}, requires: [j0, j{number - 1}]}}"
        for number in range(2, 10_000)
    ]
    text = f"version: 2.1\njobs: {{build: {{{BODY}}}}}\nworkflows:\n w:\n  jobs:\n"
    (project / "big.yml").write_text(text + "\n".join(jobs) + "\n")
    begin = time.monotonic()
    done = samo(project, "big.yml", "--format", form)

    assert done.returncode == 0
    assert len(done.stdout) < 10_000_000
    assert time.monotonic() - begin < 30  # 3 on a machine that does nothing else


def test_real_configs_are_drawn(tmp_path):
    corpus = Path(__file__).parents[4] / "shared" / "corpus" / "configs"
    if not corpus.is_dir():
        pytest.skip("the corpus of real configs is not here")
    for path in sorted(corpus.iterdir(), key=lambda path: path.stat().st_size)[-5:]:
        done = samo(tmp_path, str(path), "--format", "svg")
        assert done.returncode in (0, 2)
        assert b"bug of samo" not in done.stderr
        if done.returncode == 0:
            ElementTree.fromstring(done.stdout)
