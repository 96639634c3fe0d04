import os
import re

import pytest

from samo.pipeline.problem import SamoError
from samo.stores.junit import read_results
from samo.stores.results import Results, TestResult, TestStatus, load_results, save_results

REPORT = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites>
  <testsuite name="pytest" file="tests/suite.py" errors="1">
    <properties><property name="a" value="b"/></properties>
    <testcase classname="tests.test_a" name="test_ok" file="tests/test_a.py" time="0.25"/>
    <testcase classname="tests.test_a" name="test_bad" time="1,001.5">
      <failure message="assert 1 == 2">def test_bad(): ...</failure>
      <system-out>noise</system-out>
    </testcase>
    <testcase classname="tests.test_a" name="test_error" time="x">
      <error>
        no fixture &lt;a&gt;
      </error>
    </testcase>
    <testcase name="test_skipped" time="-1"><skipped message="no GPU"/></testcase>
  </testsuite>
</testsuites>
"""


def result(**values):
    blank = {
        "name": "",
        "classname": "",
        "file": "",
        "result": TestStatus.SUCCESS,
        "message": "",
        "run_time_s": 0.0,
        "suite": "",
    }
    return TestResult(**{**blank, **values})


RESULTS = (
    result(
        name="test_ok",
        classname="tests.test_a",
        file="tests/test_a.py",
        run_time_s=0.25,
        suite="pytest",
    ),
    result(
        name="test_bad",
        classname="tests.test_a",
        file="tests/suite.py",
        result=TestStatus.FAILURE,
        message="assert 1 == 2",
        run_time_s=1001.5,
        suite="pytest",
    ),
    result(
        name="test_error",
        classname="tests.test_a",
        file="tests/suite.py",
        result=TestStatus.ERROR,
        message="no fixture <a>",
        suite="pytest",
    ),
    result(
        name="test_skipped",
        file="tests/suite.py",
        result=TestStatus.SKIPPED,
        message="no GPU",
        suite="pytest",
    ),
)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.xml"

    def write(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def names(results):
    return [test.name for test in results.tests]


def test_a_report_is_read(report):
    assert read_results(report(REPORT)) == Results(tests=RESULTS, problems=())


def test_a_suite_may_be_the_root_and_have_suites(report):
    path = report(
        '<testsuite name="a"><testsuite name="b"><testcase name="x"/></testsuite>'
        '<testcase name="y"/></testsuite>'
    )

    assert read_results(path).tests == (result(name="x", suite="b"), result(name="y", suite="a"))


def test_the_first_word_on_a_test_counts(report):
    path = report(
        '<testsuite><testcase name="x"><failure message="1"/><error message="2"/></testcase>'
        '<testcase name="y"/></testsuite>'
    )

    assert read_results(path).tests == (
        result(name="x", result=TestStatus.FAILURE, message="1"),
        result(name="y"),
    )


def test_names_may_stand_in_a_namespace(report):
    path = report('<j:testsuite xmlns:j="urn:j"><j:testcase name="x"/></j:testsuite>')

    assert names(read_results(path)) == ["x"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_report_may_be_in_another_encoding(encoding, report):
    text = f'<?xml version="1.0" encoding="{encoding}"?><testsuite><testcase name="é"/></testsuite>'

    assert names(read_results(report(text.encode(encoding)))) == ["é"]


def test_a_folder_is_searched_but_not_its_hidden_folders(tmp_path):
    for name in ("b.xml", "a/c.XML", "a/b/d.xml", ".git/e.xml", "a/.x/f.xml", "g.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'<testsuite><testcase name="{path.name}"/></testsuite>')

    assert names(read_results(tmp_path)) == ["d.xml", "c.XML", "b.xml"]


def test_one_bad_file_spoils_nothing_but_itself(tmp_path):
    (tmp_path / "a.xml").write_text("<testsuite><testcase name='x'></testsuite>")
    (tmp_path / "b.xml").write_text("<testsuite><testcase name='y'/></testsuite>")

    results = read_results(tmp_path)

    assert names(results) == ["y"]
    assert [problem.split(": line")[0] for problem in results.problems] == [
        "a.xml holds no test results: mismatched tag"
    ]


BOMB = """<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>"""
EXTERNAL = """<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite name="&a;"/>"""
PARAMETER = """<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/a">%a;]><testsuite/>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no element found"),
        ("nonsense", "syntax error"),
        ("<html/>", "its root is <html>, not <testsuites> or <testsuite>"),
        ("<testcase name='x'/>", "its root is <testcase>, not <testsuites> or <testsuite>"),
        ("<testsuite>", "no element found"),
        (b"<testsuite name='\xe9\xe9'/>", "not well-formed (invalid token)"),
        ("<?xml version='1.0' encoding='x'?><testsuite/>", "unknown encoding: x"),
        (
            "<?xml version='1.0' encoding='gb18030'?><testsuite/>",
            "multi-byte encodings are not supported",
        ),
        (BOMB, "it declares the entity 'a'"),
        (EXTERNAL, "it declares the entity 'a'"),
        (PARAMETER, "it declares the entity 'a'"),
        ("<testsuite name='&a;'/>", "undefined entity"),
    ],
)
def test_what_is_no_report_is_a_problem_in_words(content, reason, report):
    results = read_results(report(content))

    assert results.tests == ()
    # Where in the line it stands differs between versions of expat.
    assert [re.sub(": line 1, column [0-9]+", "", problem) for problem in results.problems] == [
        f"report.xml holds no test results: {reason}"
    ]


def test_a_type_of_document_elsewhere_is_not_fetched(report):
    path = report(
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><testsuite><testcase/></testsuite>'
    )

    assert read_results(path) == Results(tests=(result(),), problems=())


def test_deep_nesting_is_read(report):
    depth = 100_000

    path = report("<testsuite>" + "<a>" * depth + "</a>" * depth + "</testsuite>")

    assert read_results(path) == Results(tests=(), problems=())


def test_a_file_beyond_measure_is_not_read(tmp_path):
    with (tmp_path / "a.xml").open("wb") as file:
        file.truncate(257 << 20)

    assert read_results(tmp_path).problems == (
        "a.xml holds no test results: it is larger than 256 MiB",
    )


def test_long_messages_are_cut(report):
    path = report(f"<testsuite><testcase><failure>{'x' * 100_000}</failure></testcase></testsuite>")

    [test] = read_results(path).tests

    assert test.message == "x" * 65_536


def test_a_pipe_is_no_report(tmp_path):
    os.mkfifo(tmp_path / "a.xml")

    assert read_results(tmp_path) == Results(tests=(), problems=())


def test_results_are_saved_and_loaded(tmp_path):
    path = tmp_path / "tests" / "0.json"

    save_results(path, Results(tests=RESULTS, problems=()))

    assert load_results(path) == RESULTS


def test_results_of_a_second_step_are_added(tmp_path):
    path = tmp_path / "0.json"
    save_results(path, Results(tests=RESULTS[:1], problems=()))
    save_results(path, Results(tests=RESULTS[1:], problems=()))

    assert load_results(path) == RESULTS


def test_a_job_without_results_has_none(tmp_path):
    assert load_results(tmp_path / "0.json") == ()


@pytest.mark.parametrize("content", ["", "{}x", "[1]", "[{}]", '[{"result": "great"}]', "1"])
def test_damaged_results_are_a_problem(content, tmp_path):
    path = tmp_path / "0.json"
    path.write_text(content)

    with pytest.raises(SamoError) as caught:
        load_results(path)

    assert str(caught.value) == f"error: the test results in {path} are damaged"
