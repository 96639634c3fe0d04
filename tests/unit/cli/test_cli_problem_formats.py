"""Problems as lines, as JSON and as GitHub's workflow commands."""

from samo.cli.problem_formats import github_lines, pretty_json, problem_json, text_lines
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind, Related, Severity

WRONG = Problem(
    kind=ProblemKind.SCHEMA,
    message="unknown key 'env' in an image",
    place=Place("c.yml", 4, 7),
    hint="allowed: image",
    related=(Related(message="the alias", place=Place("c.yml", 9, 3)),),
)
WARNED = Problem(
    kind=ProblemKind.UNUSED,
    message="the job 'a' is not used",
    place=Place("c.yml", 2, 3),
    severity=Severity.WARNING,
)
OF_THE_CALL = Problem(kind=ProblemKind.PARAM_UNEXPECTED, message="no parameter 'x'")


def test_a_line_tells_place_severity_message_and_hint():
    assert list(text_lines((WRONG, WARNED, OF_THE_CALL))) == [
        "c.yml:4:7: error: unknown key 'env' in an image (allowed: image)",
        "c.yml:2:3: warning: the job 'a' is not used",
        "error: no parameter 'x'",
    ]


def test_a_line_is_one_line_whatever_the_path_holds():
    problem = Problem(
        kind=ProblemKind.SCHEMA, message="bad", place=Place("a\nb\x1b[31m\udcff.yml", 1, 1)
    )

    assert list(text_lines((problem,))) == ["a b\N{REPLACEMENT CHARACTER}.yml:1:1: error: bad"]


def test_json_has_all_that_is_known():
    assert problem_json(WRONG) == {
        "kind": "schema",
        "message": "unknown key 'env' in an image",
        "path": "c.yml",
        "line": 4,
        "column": 7,
        "hint": "allowed: image",
        "related": [{"message": "the alias", "path": "c.yml", "line": 9, "column": 3}],
    }


def test_json_of_a_problem_that_stands_nowhere_has_nulls():
    assert problem_json(OF_THE_CALL) == {
        "kind": "param-unexpected",
        "message": "no parameter 'x'",
        "path": None,
        "line": None,
        "column": None,
        "hint": "",
        "related": [],
    }


def test_json_is_ascii():
    assert pretty_json({"a": "\x1b\N{SNOWMAN}"}) == '{\n  "a": "\\u001b\\u2603"\n}'


def test_github_is_told_where_and_how_bad():
    assert list(github_lines((WRONG, WARNED, OF_THE_CALL))) == [
        (
            "::error file=c.yml,line=4,col=7,title=schema::unknown key 'env' in an image"
            " (allowed: image)"
        ),
        "::warning file=c.yml,line=2,col=3,title=unused::the job 'a' is not used",
        "::error title=param-unexpected::no parameter 'x'",
    ]


def test_what_means_something_to_github_is_escaped():
    problem = Problem(
        kind=ProblemKind.SCHEMA,
        message="100%: a, b\r\n::error::c",
        place=Place("a,b:c%\n.yml", 1, 2),
    )

    assert list(github_lines((problem,))) == [
        "::error file=a%2Cb%3Ac%25%0A.yml,line=1,col=2,title=schema::100%25: a, b%0D%0A::error::c"
    ]
