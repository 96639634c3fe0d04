"""The program that jobs find on their PATH, with each awk of this machine."""

import json
import os
import shutil
import subprocess
from glob import glob
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samo.executors.process_sandbox import IN_JOB

pytestmark = pytest.mark.integration

AWKS = [name for name in ("mawk", "gawk", "original-awk", "busybox") if shutil.which(name)]
EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = st.text(st.sampled_from("abAB01.-_ä/"), min_size=1, max_size=6)


@pytest.fixture(params=AWKS or ["awk"])
def path(request, tmp_path):
    """A PATH on which `awk` is the one that a test is run with."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "awk").symlink_to(shutil.which(request.param))
    return f"{IN_JOB}:{tmp_path / 'bin'}:{os.environ['PATH']}"


@pytest.fixture
def work(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def circleci(path, work):
    def call(*arguments, stdin="", **variables):
        done = subprocess.run(
            ["circleci", *arguments],
            cwd=work,
            env={"PATH": path, **variables},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return call


def write(work, *names):
    for name in names:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text("")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("?.py", ["+.py", "].py", "^.py", "a.py", "ä.py"]),
        ("[]^].py", ["].py", "^.py"]),
        ("[!^a-z]].py", []),
        ("[!]a-z].py", ["+.py", "^.py"]),
        ("[a-]*", ["-.x", "a.py"]),
        (r"\[x\].py", ["[x].py"]),
        ("[[]x[]].py", ["[x].py"]),
        ("*'*", ["it's"]),
        ("./deep//er/./a.py", ["deep/er/a.py"]),
        ("{deep/{er,est}/a,a,}.py", ["a.py", "deep/er/a.py"]),
        ("deep/**", ["deep/er/a.py"]),
        (r"\{b\}", ["{b}"]),
    ],
)
def test_a_pattern_names_files(circleci, work, pattern, found):
    write(work, "+.py", "].py", "^.py", "a.py", "ä.py", "-.x", "[x].py", "it's", "{b}")
    write(work, "deep/er/a.py")
    assert circleci("tests", "glob", pattern) == (0, "".join(f"{name}\n" for name in found), "")


def test_absolute_patterns_and_those_of_a_neighbour_are_printed_as_such(circleci, work):
    write(work, "a.py")
    patterns = [f"{work}/*.py", "../work/a*"]
    assert circleci("tests", "glob", *patterns) == (0, f"../work/a.py\n{work}/a.py\n", "")


def test_links_to_files_are_files_and_those_to_folders_end_no_walk(circleci, work):
    write(work, "deep/a.py")
    (work / "b.py").symlink_to("deep/a.py")
    (work / "gone.py").symlink_to("nowhere")
    (work / "linked").symlink_to("deep")
    (work / "deep" / "loop").symlink_to("..")
    assert circleci("tests", "glob", "**/*.py") == (0, "b.py\ndeep/a.py\n", "")
    assert circleci("tests", "glob", "*/a.py") == (0, "deep/a.py\nlinked/a.py\n", "")


@pytest.mark.parametrize("pattern", ["a{b", "a[b"])
def test_a_pattern_that_is_none_is_told(circleci, work, pattern):
    write(work, "a")
    status, printed, told = circleci("tests", "glob", "*", pattern)
    assert (status, printed) == (1, "")
    assert told.startswith(f"circleci: tests glob: '{pattern}' is no pattern: ")


@EXAMPLES
@given(
    folders=st.sets(st.tuples(*[st.sampled_from(["a", "b.a", ".a", "ab"])] * 3), max_size=5),
    pattern=st.lists(st.sampled_from(["*", "**", "a*", "?", "*.a", "[ab]*", ".a"]), min_size=1),
)
def test_what_is_globbed_is_what_python_globs(circleci, work, folders, pattern):
    shutil.rmtree(work)
    work.mkdir()
    for folder in folders:
        write(work, "/".join((*folder, "file.a")), f"{folder[0]}/b/a")
    text = "/".join(pattern)
    found = glob(text, root_dir=work, recursive=True, include_hidden=True)  # noqa: PTH207
    names = sorted({name for name in found if (work / name).is_file()})
    assert circleci("tests", "glob", text) == (0, "".join(f"{name}\n" for name in names), "")


def parts(circleci, names, total, *options, **variables):
    """Return what each node gets of names."""
    found = []
    for index in range(total):
        node = (f"--index={index}", f"--total={total}")
        text = "\n".join(names)
        status, printed, _ = circleci("tests", "split", *node, *options, stdin=text, **variables)
        assert status == 0
        found.append(printed.splitlines())
    return found


@EXAMPLES
@given(names=st.lists(WORDS), total=st.integers(1, 4), seed=st.randoms(use_true_random=False))
def test_each_name_goes_to_one_node_whatever_the_order(circleci, names, total, seed):
    found = parts(circleci, names, total)
    assert sorted(name for part in found for name in part) == sorted(set(names))
    assert max(map(len, found)) - min(map(len, found)) <= 1

    seed.shuffle(names)
    assert parts(circleci, names, total) == found


@EXAMPLES
@given(
    times=st.dictionaries(WORDS.filter(lambda name: name[:2] != "./"), st.floats(0, 100)),
    total=st.integers(1, 4),
)
def test_no_node_has_more_than_its_share_and_the_longest_test(circleci, tmp_path, times, total):
    tests = [{"file": name, "run_time": time} for name, time in times.items()]
    (tmp_path / "timings.json").write_text(json.dumps({"tests": tests}))

    options = ("--split-by=timings", f"--timings-file={tmp_path / 'timings.json'}")
    found = parts(circleci, times, total, *options)

    assert sorted(name for part in found for name in part) == sorted(times)
    loads = [sum(times[name] for name in part) for part in found]
    assert max(loads) <= sum(loads) / total + max(times.values(), default=0) + 1e-6


@pytest.mark.parametrize(
    "name", ['quo"te', "back\\slash", "\\\\", "ä€😀", "tab", "}", '"', "\udce9", "a:1}"]
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_timings_are_found_by_names_of_any_characters(circleci, tmp_path, name, ascii_only):
    tests = [{"run_time": 9, "name": name, "file": None}, {"name": "b", "run_time": 1e0}]
    text = json.dumps({"tests": tests}, ensure_ascii=ascii_only)
    (tmp_path / "timings.json").write_bytes(text.encode(errors="surrogateescape"))
    options = (f"--timings-file={tmp_path / 'timings.json'}", "--time-default=4s", "--total=2")
    command = ("tests", "split", "--split-by=timings", *options)
    assert circleci(*command, stdin=f"b c {name}") == (0, f"{name}\n", "")


@pytest.mark.parametrize("content", ["", "{}", '{"tests": []}', "[1, 2", '"tests'])
def test_a_file_without_timings_is_none(circleci, tmp_path, content):
    (tmp_path / "circle-test-results").mkdir()
    (tmp_path / "circle-test-results" / "results.json").write_text(content)
    assert circleci(
        *("tests", "split", "--split-by=timings", "--total=2"),
        stdin="a b c",
        CIRCLE_INTERNAL_TASK_DATA=str(tmp_path),
    ) == (
        0,
        "a\nc\n",
        "Error auto-detecting timing type, falling back to weighting by name.\n",
    )


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("$A${A}x$Ax", "11x"),
        ("${E:-d}${E-d}${N-d}", "dd"),
        ("${N:-${A}${N:-$A}}}", "11}"),
        ("${N:-open", "${N:-open"),
        ("$$A $ ${} ${A:+x} $1", "$1 $ ${} ${A:+x} $1"),
        ("a\n$A\n\n", "a\n1\n\n"),
        ("\\n\\$A", "\\n\\1"),
        ("", ""),
    ],
)
def test_variables_are_replaced_and_all_else_is_left(circleci, text, replaced):
    variables = {"A": "1", "E": ""}
    assert circleci("env", "subst", text, **variables) == (0, replaced, "")
    assert circleci("env", "subst", stdin=text, **variables) == (0, replaced, "")


def test_a_value_is_taken_as_it_is(circleci):
    value = "$A \\n \\ & \n'\""
    assert circleci("env", "subst", "[$A]", A=value) == (0, f"[{value}]", "")


def test_both_names_are_one_program():
    assert Path(IN_JOB, "circleci-agent").resolve() == IN_JOB / "circleci"
