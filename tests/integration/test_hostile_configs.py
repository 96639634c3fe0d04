"""Configs that are made to exhaust a machine end in one clear error, soon and in little memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

SAMO = str(Path(sys.executable).parent / "samo")
CPU_S = 3.0  # two, where nothing else is running
PEAK_BYTES = 500_000_000
# Of a process's most memory the system counts what its parent had when it was forked, so a small
# one stands between.
BETWEEN = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
done = subprocess.run(sys.argv[1:], stdout=sys.stderr)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
DOCKER = "docker: [{image: cimg/base:stable}]"


def with_steps(steps, head=""):
    return f"version: 2.1\njobs:\n  build:\n    {DOCKER}\n    steps: {steps}\n{head}"


def with_jobs(items, body, head=""):
    """Return a config that invokes a job with the parameter `a`, as the items say."""
    return (
        f"version: 2.1\n{head}jobs:\n  m: {{parameters: {{a: {{type: string}}}}, {body}}}\n"
        f"workflows: {{w: {{jobs: [{items}]}}}}\n"
    )


def matrix(count):
    return f"{{m: {{matrix: {{parameters: {{a: [{', '.join(f'x{i}' for i in range(count))}]}}}}}}}}"


def chain(count, body):
    """Return commands that each do twice what the one before does."""
    commands = "".join(
        f"  c{i}: {{steps: {body.replace('BEFORE', f'c{i - 1}')}}}\n" for i in range(1, count)
    )
    return f"commands:\n  c0: {{steps: [checkout]}}\n{commands}"


def aliases(depth, width):
    lines = ["a0: &a0 [x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * width)}]" for i in range(1, depth)]
    return "\n".join(lines)


def nested(levels, inner, outer):
    for _ in range(levels):
        inner = outer.replace("INNER", inner)
    return inner


HOSTILE = {
    "aliases": (
        lambda: aliases(30, 10),
        "aliases make this grow to more than 2,000,000 values",
    ),
    "100 MB": (lambda: "# 45678\n" * 12_500_000, "the file has 100,000,000 characters"),
    "a scalar of 10 MB": (lambda: with_steps(f"[run: {'x' * 10_000_000}]"), "characters (at most"),
    "lists in lists": (lambda: "a: " + "[" * 10_000, "nested more than 250 levels deep"),
    "blocks in blocks": (
        lambda: "".join(f"{' ' * i}a:\n" for i in range(2400)),
        "nested more than 250 levels deep",
    ),
    "conditions in conditions": (
        lambda: with_steps(nested(70, "[checkout]", "[{when: {condition: 1, steps: INNER}}]")),
        "steps are nested more than 60 levels deep",
    ),
    "logic in logic": (
        lambda: with_steps(f"[{{when: {{condition: {nested(101, 'true', '{not: INNER}')}}}}}]"),
        "nested more than 100 levels deep",
    ),
    "a million jobs": (
        lambda: with_jobs(
            "{m: {matrix: {parameters: {"
            + ", ".join(f"p{i}: [a, b, c, d, e, f, g, h, i, j]" for i in range(6))
            + "}}}}",
            f"{DOCKER}, steps: []",
        ),
        "grows to more than 10,000 jobs",
    ),
    "commands that double": (
        lambda: with_steps("[c40]", chain(41, "[BEFORE, BEFORE]")),
        "grows to more than 100,000 steps",
    ),
    "steps that double": (
        lambda: with_steps(
            nested(12, "[checkout]", "[{c: {s: INNER}}]"),
            "commands:\n  c: {parameters: {s: {type: steps}},"
            " steps: [{steps: << parameters.s >>}, {steps: << parameters.s >>},"
            " {steps: << parameters.s >>}]}\n",
        ),
        "grows to more than 100,000 steps",
    ),
    "jobs times variables": (
        lambda: with_jobs(
            matrix(9999),
            f"{DOCKER}, steps: [checkout], environment: {{"
            + ", ".join(f"V{i}: << parameters.a >>" for i in range(1000))
            + "}",
        ),
        "values (commands, parameters or matrices multiply each other here)",
    ),
    "jobs times images": (
        lambda: with_jobs(
            matrix(9999),
            f"docker: [{', '.join(['{image: << parameters.a >>}'] * 1000)}], steps: [checkout]",
        ),
        "values (commands, parameters or matrices multiply each other here)",
    ),
    "jobs times conditions": (
        lambda: with_jobs(
            matrix(9999),
            f"{DOCKER}, steps: [{{when: {{condition: {{or: [{', '.join(['false'] * 1000)}]}},"
            " steps: [checkout]}}]",
        ),
        "values (commands, parameters or matrices multiply each other here)",
    ),
    "jobs that require all others": (
        lambda: with_jobs(
            ", ".join(
                f"{{m: {{name: n{i}, a: x, requires: [{', '.join(f'n{k}' for k in range(i))}]}}}}"
                for i in range(700)
            ),
            f"{DOCKER}, steps: []",
        ),
        "grows to more than 200,000 requirements",
    ),
    "jobs one by one": (
        lambda: with_jobs(", ".join(["{m: {a: x}}"] * 10_001), f"{DOCKER}, steps: []"),
        "grows to more than 10,000 jobs",
    ),
    "an endless circle": (
        lambda: with_jobs(
            ", ".join(
                f"{{m: {{name: n{i}, a: x, requires: [n{(i + 1) % 3000}]}}}}" for i in range(3000)
            ),
            f"{DOCKER}, steps: []",
        ),
        "jobs of workflow 'w' require each other",
    ),
    "commands in an endless circle": (
        lambda: with_steps(
            "[c0]",
            "commands:\n"
            + "".join(f"  c{i}: {{steps: [c{(i + 1) % 25_000}]}}\n" for i in range(25_000)),
        ),
        "commands call each other without end",
    ),
    "jobs that all read null": (
        lambda: (
            "version: 2.1\njobs:\n"
            + "".join(
                f"  j{i}: {{{DOCKER}, steps: [run: x << pipeline.name >>]}}\n" for i in range(3000)
            )
            + f"workflows: {{w: {{jobs: [{', '.join(f'j{i}' for i in range(3000))}, nope]}}}}\n"
        ),
        "unknown job 'nope'",
    ),
    "many operators": (
        lambda: (
            with_steps("[checkout]")
            + f"workflows: {{w: {{when: '{' and '.join(['true'] * 10_000)}', jobs: [build]}}}}\n"
        ),
        "more than 150 operators",
    ),
    "a huge integer": (
        lambda: (
            with_steps("[checkout]")
            + f"workflows: {{w: {{when: 'pipeline.number > {'9' * 100_000}', jobs: [build]}}}}\n"
        ),
        "the number is too large",
    ),
    "tags without an end": (
        lambda: with_steps(f"[run: '{'<<' * 1_400_000}']"),
        "'<<' opens a tag that no '>>' closes",
    ),
    "problems without end": (
        lambda: "version: 2.1\njobs:\n" + "".join(f"  j{i}: {{x: []}}\n" for i in range(50_000)),
        "more than 1,000 problems: the config was read no further",
    ),
    "names without end": (
        lambda: (
            "version: 2.1\njobs:\n"
            + "".join(f"  j{i}: {{{DOCKER}, steps: [nope{i}]}}\n" for i in range(20_000))
            + "commands:\n"
            + "".join(f"  command-{i}: {{steps: []}}\n" for i in range(20_000))
        ),
        "more than 1,000 problems: the config was read no further",
    ),
    "an alias of itself": (lambda: "a: &a {b: *a}\n", "the anchor '&a' contains itself"),
    "an object of Python": (
        lambda: with_steps("!!python/object/apply:os.system ['exit 1']"),
        "unknown step 'exit 1'",
    ),
    "a map as a key": (lambda: "? {a: b}\n: c\n", "a mapping or list cannot be a key"),
    "two documents": (lambda: "version: 2.1\n---\nversion: 2.1\n", "a second document begins here"),
    "a NUL": (lambda: "version: 2.1\n\0", "a character that YAML does not allow"),
    "UTF-16": (lambda: "version: 2.1\n".encode("utf-16"), "1:1: error: the byte 0xff is no UTF-8"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("make", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_config_is_refused_soon_and_in_little_memory(tmp_path, make, message):
    text = make()
    config = tmp_path / "config.yml"
    config.write_bytes(text if isinstance(text, bytes) else text.encode())
    del text

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BETWEEN, SAMO, "config", "validate", config],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        # To measure the coverage takes more time than the rest.
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
    )
    status, cpu_s, peak_kib = map(float, done.stdout.split())

    assert message in done.stderr.decode()
    assert status == 2
    assert cpu_s < CPU_S
    assert peak_kib * 1024 < PEAK_BYTES


@pytest.mark.parametrize(
    "text",
    [
        with_steps("[checkout]") + "x: !!binary aGVsbG8=\n",
        "x: &x 1\ny: &x 2\n" + with_steps("[{run: *x}]").replace("*x", "'1'"),
        "\ufeff" + with_steps("[checkout]"),
        "true: a\n1: b\n2001-01-01: c\nnull: d\n" + with_steps("[checkout]"),
        with_steps("[checkout]") + f"    parallelism: 1{'0' * 20}\n",
    ],
    ids=["binary", "an anchor twice", "byte order mark", "keys of all types", "parallelism"],
)
def test_an_odd_config_is_taken(tmp_path, text):
    config = tmp_path / "config.yml"
    config.write_text(text, encoding="utf-8")

    done = subprocess.run(
        [SAMO, "config", "validate", config],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.returncode) == (f"{config}: valid (1 workflow, 1 job)\n", 0)
