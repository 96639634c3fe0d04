import os

import pytest

from samo.cli.own_contexts import NO_PROJECT, OwnContexts, OwnProject, read_own_contexts
from samo.pipeline.problem import ConfigError, UsageError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "contexts.toml"
    path.touch(mode=0o600)
    return path


def test_without_a_file_the_user_has_nothing(tmp_path):
    nothing = OwnContexts(contexts={}, project=NO_PROJECT)

    assert read_own_contexts(tmp_path / "absent.toml", tmp_path) == nothing


def test_a_project_is_known_by_its_folder(file, tmp_path):
    file.write_text(f"""\
[prod]
TOKEN = "t"
[projects."{tmp_path}/widget"]
grant = ["prod"]
variables = {{ API = "a" }}
[projects."{tmp_path}/widget-2"]
""")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "widget")
    contexts = {"prod": {"TOKEN": "t"}}
    known = OwnProject(grant=("prod",), variables={"API": "a"})

    assert read_own_contexts(file, link) == OwnContexts(contexts=contexts, project=known)
    assert read_own_contexts(file, tmp_path) == OwnContexts(contexts=contexts, project=NO_PROJECT)


def test_a_project_may_be_named_from_the_home_directory(file, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    file.write_text('[projects."~/widget".variables]\nAPI = "a"\n')

    own = read_own_contexts(file, tmp_path / "widget")
    assert own.project == OwnProject(variables={"API": "a"})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610])
def test_a_file_that_is_open_to_others_is_refused(file, tmp_path, mode):
    file.chmod(mode)

    with pytest.raises(UsageError) as caught:
        read_own_contexts(file, tmp_path)
    assert str(caught.value) == (
        f"error: {file} is open to others than you: no context is read (chmod 600 '{file}')"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(file, tmp_path):
    os.chown(file, 12345, -1)

    with pytest.raises(UsageError, match="belongs to another user: no context is read"):
        read_own_contexts(file, tmp_path)


def test_what_is_wrong_is_told_with_its_place_and_no_value_is(file, tmp_path):
    file.write_text("""\
[prod]
[projects]
"/loose" = "hunter22"
"~no-such-user/x" = {}
"/null\\u0000" = {}
[projects."/a/b"]
grant = ["prdo"]
grants = { A = "hunter22" }
variables = "hunter22"
""")

    with pytest.raises(ConfigError) as caught:
        read_own_contexts(file, tmp_path)
    assert [(each.place.line, each.message, each.hint) for each in caught.value.problems] == [
        (2, "project '/null ' must be a whole path", "/home/me/project or ~/project"),
        (3, "project '/loose' must be a table", "[/loose]"),
        (
            4,
            "project '~no-such-user/x' must be a whole path",
            "/home/me/project or ~/project",
        ),
        (6, "project '/a/b' is granted 'prdo', which is no context here", "did you mean 'prod'?"),
        (
            8,
            "unknown key 'grants' in project '/a/b'",
            "did you mean 'grant'? allowed: grant, variables",
        ),
        (9, "the variables of project '/a/b' must be a table", "[variables]"),
    ]
