import os

import pytest
from system_repositories import commit, git, new_repository

from samo.pipeline.problem import UsageError
from samo.system import GitFacts, Repository, find_repository, read_repository

pytestmark = pytest.mark.integration


@pytest.fixture
def repo(tmp_path):
    return new_repository(tmp_path / "repo")


def test_a_repository_is_found_from_a_folder_in_it(repo):
    (repo / "a" / "b").mkdir(parents=True)

    assert find_repository(repo / "a" / "b") == Repository(
        root=repo, git_dir=repo / ".git", common_dir=repo / ".git", object_format="sha1"
    )


def test_a_linked_work_tree_shares_the_repository_of_another(repo, tmp_path):
    commit(repo)
    git(repo, "worktree", "add", "--quiet", tmp_path / "linked")

    assert find_repository(tmp_path / "linked") == Repository(
        root=tmp_path / "linked",
        git_dir=repo / ".git" / "worktrees" / "linked",
        common_dir=repo / ".git",
    )


def test_a_repository_may_have_sha256(tmp_path):
    new_repository(tmp_path / "repo", "--object-format=sha256")

    assert find_repository(tmp_path / "repo").object_format == "sha256"


def test_the_place_may_have_a_name_that_is_no_plain_text(tmp_path):
    repo = new_repository(tmp_path / os.fsdecode(b"caf\xe9 'x'"))

    assert find_repository(repo).root == repo


def test_a_folder_in_no_repository_is_a_problem_with_a_remedy(tmp_path):
    with pytest.raises(UsageError) as caught:
        find_repository(tmp_path)

    assert str(caught.value) == (f"error: {tmp_path} is in no git repository (git init makes one)")


def test_a_folder_that_is_missing_is_a_problem(tmp_path):
    with pytest.raises(UsageError) as caught:
        find_repository(tmp_path / "missing")

    assert str(caught.value) == (
        f"error: git cannot read a work tree at {tmp_path / 'missing'}: "
        f"cannot change to '{tmp_path / 'missing'}': No such file or directory"
    )


def test_a_bare_repository_has_no_work_tree(tmp_path):
    new_repository(tmp_path / "bare", "--bare")

    with pytest.raises(UsageError) as caught:
        find_repository(tmp_path / "bare")

    assert str(caught.value).startswith(
        f"error: git cannot read a work tree at {tmp_path / 'bare'}: "
    )


def test_without_git_there_is_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UsageError) as caught:
        find_repository(tmp_path)

    assert str(caught.value) == (
        "error: git is not on this machine's PATH (install git; samo reads the repository with it)"
    )


def test_what_git_sets_for_its_hooks_names_no_other_repository(repo, tmp_path, monkeypatch):
    other = new_repository(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))

    assert find_repository(repo).root == repo


def facts(repo, **values):
    blank = {
        "branch": "main",
        "tag": "",
        "revision": git(repo, "rev-parse", "HEAD"),
        "origin_url": "",
        "default_branch": "main",
        "subject": "change",
        "body": "",
        "author": "Ann",
    }
    return GitFacts(**{**blank, **values})


def test_the_facts_of_a_branch_are_read(repo):
    commit(repo, "Subject, with é\n\nBody,\n\ntwo paragraphs\n")
    git(repo, "remote", "add", "origin", "https://example.org/x.git")

    assert read_repository(repo)[1] == facts(
        repo,
        origin_url="https://example.org/x.git",
        subject="Subject, with é",
        body="Body,\n\ntwo paragraphs",
    )


@pytest.mark.parametrize("branch", ["feature/gpu-1", "a,b", "HEAD-2", "tag", "é"])
def test_a_branch_may_have_any_name(branch, repo):
    commit(repo)
    git(repo, "switch", "--quiet", "--create", branch)
    git(repo, "tag", "v1")

    assert read_repository(repo)[1] == facts(repo, branch=branch)


def test_a_tag_that_is_checked_out_is_read(repo):
    commit(repo)
    git(repo, "tag", "--annotate", "--message", "x", "v1.0")
    git(repo, "switch", "--quiet", "--detach", "v1.0")

    assert read_repository(repo)[1] == facts(repo, branch="", tag="v1.0")


def test_a_detached_head_has_neither_branch_nor_tag(repo):
    commit(repo)
    git(repo, "switch", "--quiet", "--detach")

    assert read_repository(repo)[1] == facts(repo, branch="")


def test_what_the_user_set_for_git_log_has_no_say(repo):
    commit(repo)
    git(repo, "config", "log.excludeDecoration", "refs/heads/*")
    git(repo, "config", "log.showSignature", "true")
    git(repo, "config", "color.ui", "always")

    assert read_repository(repo)[1] == facts(repo)


def test_the_default_branch_is_what_origin_calls_its_own(repo, tmp_path):
    commit(repo)
    git(repo, "branch", "trunk")
    git(repo, "symbolic-ref", "HEAD", "refs/heads/trunk")
    git(tmp_path, "clone", "--quiet", repo, "clone")
    git(tmp_path / "clone", "switch", "--quiet", "--create", "topic")

    assert read_repository(tmp_path / "clone")[1] == facts(
        repo, branch="topic", default_branch="trunk", origin_url=str(repo)
    )


def test_the_default_branch_is_else_the_usual_one_also_when_packed(repo):
    commit(repo)
    git(repo, "branch", "--move", "master")
    git(repo, "switch", "--quiet", "--create", "topic")
    git(repo, "pack-refs", "--all")

    assert read_repository(repo)[1] == facts(repo, branch="topic", default_branch="master")


def test_the_default_branch_is_else_the_current(repo):
    commit(repo)
    git(repo, "branch", "--move", "topic")

    assert read_repository(repo)[1] == facts(repo, branch="topic", default_branch="topic")


def test_a_repository_without_a_commit_is_a_problem_with_a_remedy(repo):
    with pytest.raises(UsageError) as caught:
        read_repository(repo)[1]

    assert str(caught.value) == (
        f"error: {repo} has no commit yet (git commit makes the first one)"
    )
