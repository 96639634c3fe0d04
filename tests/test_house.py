"""The house rules that no linter holds: lengths, names, docstrings, docs that tell the truth."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from samo.cli.commands import COMMANDS
from samo.cli.config import command as config

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FOLDERS = (
    "src", "tests", "docs", "scripts", "benchmarks", "examples", "requirements", ".circleci", ".ci",
)  # fmt: skip
SUFFIXES = {".py", ".md", ".yml", ".yaml", ".toml", ".txt", ".in", ".sh", ".html", ".js"}
BARE_NAMES = {"Makefile", "run"}  # text files without a suffix

FUNCTION_LINES = 60
MODULE_LINES = 400
VAGUE = {"Manager", "Handler", "Helper", "Service", "Utils", "Processor", "Base", "Impl"}
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "base"}
GIVEN_NAMES = {"ModelManager"}  # the pipeline guide tells its readers of it

LEFT_OVERS = re.compile(r"(?<![\w.])/(?:work|root|Users)/[\w.]|--index-url|\bTODO\b|\bFIXME\b")


def texts() -> Iterator[Path]:
    """Yield the project's text files but this one, which holds what it looks for."""
    paths = [*ROOT.glob("*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
    for path in paths:
        is_text = path.suffix in SUFFIXES or path.name in BARE_NAMES
        if is_text and path.is_file() and path != Path(__file__):
            yield path


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_in(page: Path) -> str:
    """Return what a page shows as code: its fenced blocks and its spans."""
    pieces = re.split(r"(^```.*?^```)", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    spans = [span for prose in pieces[::2] for span in re.findall(r"`[^`\n]+`", prose)]
    return "\n".join([*pieces[1::2], *spans])


PAGES = [path for path in texts() if path.suffix == ".md"]


def test_modules_are_short():
    lines = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in SOURCES}

    assert {name: count for name, count in lines.items() if count > MODULE_LINES} == {}


def test_functions_are_short():
    lines = {
        f"{name_of(path)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: count for name, count in lines.items() if count > FUNCTION_LINES} == {}


def test_names_say_what_a_thing_does():
    vague = [
        f"{name_of(path)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and node.name not in GIVEN_NAMES
        and VAGUE & set(re.findall(r"[A-Z][a-z0-9]*", node.name))
    ]

    assert vague == []
    assert [name_of(path) for path in SOURCES if path.stem in DRAWERS] == []


def test_nothing_is_left_over():
    found = {
        name_of(path): match[0]
        for path in texts()
        if (match := LEFT_OVERS.search(path.read_text(encoding="utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_only_files_that_exist(page):
    folders = "|".join(re.escape(folder) for folder in (*FOLDERS, "models"))
    named = re.findall(rf"(?<![\w./~-])(?:{folders})/[\w./*-]*[\w/*]", code_in(page))

    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_only_commands_that_exist(page):
    code = code_in(page)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z0-9.-]+):", makefile, re.MULTILINE)
    commands = re.findall(r"(?:^|[`$/] ?)samo ([a-z][\w-]*)", code, re.MULTILINE)

    assert set(commands) <= set(COMMANDS)
    assert set(re.findall(r"\bsamo config ([a-z]+)", code)) <= set(config.list_commands(None))
    assert set(re.findall(r"(?:^|[`$] ?)make ([a-z][\w.-]*)", code, re.MULTILINE)) <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_only_extras_that_exist(page):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = re.findall(r"(?:samo|\.)\[([a-z, ]+)\]", code_in(page))
    named = {extra for names in listed for extra in re.split(r", *", names)}

    assert named <= set(project["optional-dependencies"])
