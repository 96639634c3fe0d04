import pytest

from samo.cli.grants import grants_of
from samo.cli.run_call import RunCall
from samo.engine import Grants
from samo.pipeline.problem import SamoError


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.touch(mode=0o600)
    path.write_text(f"""\
[prod]
TOKEN = "t-prod"
[team]
TOKEN = {{ env = "TEAM" }}
[projects."{tmp_path}"]
grant = ["team"]
variables = {{ API = "a-project", HOOK = "h-project" }}
""")
    return path


def granted(own, environ=None, root=None, **call):
    return grants_of(RunCall(**call), own, root or own.parent, environ or {"TEAM": "t-team"})


def refused(own, **call):
    with pytest.raises(SamoError) as caught:
        granted(own, **call)
    return [str(each).replace(f"{own.parent}/", "") for each in caught.value.problems]


def test_nothing_is_granted_by_itself(own, tmp_path):
    assert granted(own, root=tmp_path / "other") == Grants(known=("prod", "team"))


def test_the_users_file_grants_and_gives_variables_by_project(own):
    assert granted(own) == Grants(
        contexts={"team": {"TOKEN": "t-team"}},
        known=("prod",),
        variables={"API": "a-project", "HOOK": "h-project"},
        secrets=frozenset({"t-team", "a-project", "h-project"}),
    )


def test_the_call_grants_by_name(own, tmp_path):
    assert granted(own, root=tmp_path / "other", contexts=("prod",)) == Grants(
        contexts={"prod": {"TOKEN": "t-prod"}}, known=("team",), secrets=frozenset({"t-prod"})
    )


def test_a_file_that_the_call_names_grants_all_of_it_and_comes_first(own, tmp_path):
    path = tmp_path / "given.toml"
    path.write_text('[prod]\nOTHER = "o"\n')

    assert granted(own, root=tmp_path / "other", context_file=path) == Grants(
        contexts={"prod": {"OTHER": "o"}}, known=("team",), secrets=frozenset({"o"})
    )


def test_a_variable_that_is_passed_is_the_projects_and_stronger(own):
    grants = granted(own, {"TEAM": "t-team", "API": "a-caller"}, pass_env=("API",))

    assert grants.variables == {"API": "a-caller", "HOOK": "h-project"}
    assert grants.passed == ("API",)
    assert "a-caller" in grants.secrets


def test_a_name_that_is_no_context_is_refused(own, tmp_path):
    assert refused(own, contexts=("prdo", "x")) == [
        "error: no context 'prdo' can be granted (did you mean 'prod'?)",
        "error: no context 'x' can be granted (there are: prod, team)",
    ]
    assert refused(tmp_path / "absent.toml", contexts=("x",)) == [
        "error: no context 'x' can be granted (define it in absent.toml)"
    ]


def test_values_that_are_not_to_be_had_are_told_together(own):
    own_problem, passed_problem = refused(own, environ={"TEAMS": "x"}, pass_env=("NOWHERE",))

    assert own_problem == (
        "own.toml:4:1: error: 'TOKEN' of context 'team': the variable 'TEAM' is not set where samo"
        " was called (did you mean 'TEAMS'?)"
    )
    assert passed_problem == (
        "error: the variable 'NOWHERE' is not set where samo was called (export NOWHERE=...)"
    )


def test_the_value_of_a_context_that_is_not_granted_is_not_looked_for(own, tmp_path):
    assert granted(own, {"A": "b"}, tmp_path / "other").contexts == {}
