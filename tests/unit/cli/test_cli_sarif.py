"""Problems as SARIF 2.1.0, as section 3 of its specification wants them."""

import samo
from samo.cli.sarif import sarif_log
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind, Related, Severity


def problem(kind, path="c.yml", **more):
    return Problem(kind=kind, message="m", place=Place(path, 1, 2), **more)


def test_a_log_names_the_tool_its_rules_and_how_columns_are_counted():
    log = sarif_log(())

    assert log == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "samo", "version": samo.__version__, "rules": []}},
                "columnKind": "unicodeCodePoints",
                "results": [],
            }
        ],
    }


def test_a_result_has_its_rule_level_message_and_places():
    related = (Related(message="the alias", place=Place("c.yml", 9, 3)),)
    found = problem(ProblemKind.SCHEMA, hint="h", related=related)

    assert sarif_log((found,))["runs"][0]["results"] == [
        {
            "ruleId": "schema",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "m (h)"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "c.yml"},
                        "region": {"startLine": 1, "startColumn": 2},
                    }
                }
            ],
            "relatedLocations": [
                {
                    "id": 1,
                    "message": {"text": "the alias"},
                    "physicalLocation": {
                        "artifactLocation": {"uri": "c.yml"},
                        "region": {"startLine": 9, "startColumn": 3},
                    },
                }
            ],
        }
    ]


def test_each_rule_is_listed_once_and_found_by_its_index():
    kinds = (ProblemKind.GRAPH, ProblemKind.UNUSED, ProblemKind.GRAPH)
    run = sarif_log([problem(kind) for kind in kinds])["runs"][0]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["graph", "unused"]
    assert [each["ruleIndex"] for each in run["results"]] == [0, 1, 0]


def test_a_warning_has_its_level():
    found = problem(ProblemKind.UNUSED, severity=Severity.WARNING)

    assert sarif_log((found,))["runs"][0]["results"][0]["level"] == "warning"


def test_what_stands_nowhere_has_no_location():
    found = Problem(kind=ProblemKind.PARAM_UNEXPECTED, message="m")

    assert "locations" not in sarif_log((found,))["runs"][0]["results"][0]


def test_paths_become_uris():
    paths = (
        ".circleci/a b#1.yml",
        "/tmp/c.yml",
        "caf\N{LATIN SMALL LETTER E WITH ACUTE}\udcff.yml",
    )
    results = sarif_log([problem(ProblemKind.SCHEMA, path) for path in paths])["runs"][0]["results"]

    assert [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results
    ] == [".circleci/a%20b%231.yml", "file:///tmp/c.yml", "caf%C3%A9%FF.yml"]


def test_every_kind_of_problem_with_a_config_is_described():
    outside = {"usage", "repository", "store", "machine"}
    kinds = [kind for kind in ProblemKind if kind not in outside]
    rules = sarif_log([problem(kind) for kind in kinds])["runs"][0]["tool"]["driver"]["rules"]

    assert [
        rule["id"] for rule in rules if rule["shortDescription"]["text"] == f"{rule['id']}."
    ] == []
