"""The pages tell the truth: samo takes their commands, their links lead somewhere."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from samo.cli.commands import COMMANDS, group
from samo.cli.config import command as config
from samo.cli.settings import load_settings

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SAMO = str(Path(sys.executable).parent / "samo")
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")

CONFIG = """\
version: 2.1
jobs:
  greet:
    docker: [{image: cimg/base:stable}]
    steps:
      - run: echo hello
      - run: echo bye
workflows:
  all:
    jobs: [greet]
"""


def blocks(page, language):
    text = page.read_text(encoding="utf-8")
    return [body for named, body in FENCED.findall(text) if named == language]


def command_lines(text, prompt):
    """Return the lines that call samo, without what continues or comments them."""
    lines = text.replace("\\\n", " ").splitlines()
    return [
        line.strip().removeprefix("$ ")
        for line in lines
        if line.strip().startswith(f"{prompt}samo ")
    ]


def calls_of(page):
    """Yield the calls of samo that a page shows: in blocks, and in the run of its text."""
    for language, prompt in (("sh", ""), ("console", "$ ")):
        for block in blocks(page, language):
            yield from command_lines(block, prompt)
    yield from re.findall(r"`(samo [a-z][^`]*)`", FENCED.sub("", page.read_text(encoding="utf-8")))


def parse(line):
    """Let samo take a command line, just short of calling it; click raises where it does not."""
    words = shlex.split(line.partition(" > ")[0], comments=True)  # where it goes is the shell's
    command, (_, *arguments) = group, words
    while isinstance(command, click.Group) and (arguments or not command.invoke_without_command):
        context = click.Context(command)
        _, command, arguments = command.resolve_command(context, arguments)
    command.make_context("samo", arguments)


def name_of(page):
    return str(page.relative_to(ROOT))


SHOWN = [
    pytest.param(line, id=f"{name_of(page)}: {line}")
    for page in PAGES
    for line in dict.fromkeys(calls_of(page))
]
HELPED = [
    *([name] for name in COMMANDS if name != "config"),
    *(["config", name] for name in config.list_commands(click.Context(config))),
]


@pytest.mark.parametrize("line", SHOWN)
def test_samo_takes_each_call_that_a_page_shows(line):
    parse(line)


@pytest.mark.parametrize("command", HELPED, ids=" ".join)
def test_the_help_of_a_command_has_an_example_that_samo_takes(command):
    call = [SAMO, *command, "--help"]
    shown = subprocess.run(call, check=True, capture_output=True, text=True, timeout=60).stdout
    examples = command_lines(shown.partition("Example")[2].partition("Options:")[0], "")

    assert examples
    for line in examples:
        parse(line)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_links_of_a_page_lead_somewhere(page):
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if ":" not in link]

    assert [link for link in links if not (page.parent / link.partition("#")[0]).exists()] == []


def test_every_page_is_listed_in_the_index():
    index = ROOT / "docs/index.md"
    linked = {(index.parent / link).resolve() for link in LINK.findall(index.read_text())}

    assert [name_of(page) for page in PAGES if page not in (*linked, index)] == []


@pytest.mark.parametrize("page", [README, ROOT / "docs/index.md"], ids=name_of)
def test_two_commands_head_the_page(page):
    head = blocks(page, "sh")[0].splitlines()

    assert [line.partition("#")[0].strip() for line in head] == ["make run", "make test"]


def test_samo_takes_the_settings_that_the_readme_shows(tmp_path):
    settings = next(block for block in blocks(README, "toml") if "tool.samo" in block)
    (tmp_path / "pyproject.toml").write_text(settings)
    machine = load_settings(tmp_path).machine

    assert tomllib.loads(settings)["tool"]["samo"] == {
        "resources": {"cores": machine.cores, "memory_gb": machine.memory_mib // 1024}
    }


def test_a_run_can_be_drawn_from_its_events(tmp_path):
    (tmp_path / ".circleci").mkdir()
    (tmp_path / ".circleci/config.yml").write_text(CONFIG)
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    subprocess.run(
        [SAMO, "run", "--events", "run.jsonl"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=60,
    )

    draw = [
        sys.executable,
        ROOT / "scripts/draw_run.py",
        "run.jsonl",
        "--at",
        "60",
        "--to",
        "a.svg",
    ]
    subprocess.run(draw, cwd=tmp_path, check=True, timeout=60)

    picture = (tmp_path / "a.svg").read_text()
    shown = re.sub(r"<[^>]*>", "", picture).replace("&#160;", " ")
    assert "greet  success" in shown
    assert "https://cdnjs" not in picture
