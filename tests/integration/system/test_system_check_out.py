"""What a check-out of a snapshot is to the job that works in it, and to git."""

import shutil

import pytest
from system_repositories import COMMITTED, commit, frozen, git
from system_trees import files, read_tree, write_tree

from samo.pipeline.problem import SamoError, UsageError

pytestmark = pytest.mark.integration


def test_the_check_out_stands_at_the_revision_on_its_branch(repo, freeze):
    target = freeze(repo, branch="main")

    assert git(target, "rev-parse", "HEAD") == git(repo, "rev-parse", "HEAD")
    assert git(target, "symbolic-ref", "HEAD") == "refs/heads/main"


def test_origin_is_set_and_tracked(repo, freeze):
    target = freeze(repo, origin_url="https://example.org/x.git")

    assert git(target, "remote", "get-url", "origin") == "https://example.org/x.git"
    assert git(target, "rev-parse", "main@{upstream}") == git(repo, "rev-parse", "HEAD")


def test_a_tag_is_checked_out_detached(repo, freeze):
    git(repo, "tag", "v1")

    target = freeze(repo, branch="", tag="v1")

    assert git(target, "rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
    assert git(target, "tag", "--points-at", "HEAD") == "v1"


def test_a_job_may_commit_without_touching_the_repository(repo, freeze):
    before = frozen(repo)

    target = freeze(repo)
    commit(target, a="of the job\n")

    assert frozen(repo) == before


def test_a_check_out_is_brought_up_to_date_again(repo, freeze):
    target = freeze(repo)
    (target / "a").write_text("of the job\n")
    (target / "b").unlink()
    (target / "c").write_text("kept\n")

    freeze(repo, target=target)

    assert files(target) == {**COMMITTED, "c": b"kept\n"}


def test_what_a_job_made_of_git_is_not_obeyed_out_here(repo, freeze, tmp_path):
    target = freeze(repo)
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n")
    trap.chmod(0o755)
    git(target, "config", "core.fsmonitor", str(trap))
    (target / ".git" / "hooks").mkdir(exist_ok=True)
    shutil.copy(trap, target / ".git" / "hooks" / "post-checkout")

    freeze(repo, target=target)

    assert not (tmp_path / "sprung").exists()


def test_a_link_in_the_place_of_git_is_replaced(repo, freeze, tmp_path):
    target = tmp_path / "job"
    target.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (target / ".git").symlink_to(tmp_path / "elsewhere")

    freeze(repo, target=target)

    assert read_tree(tmp_path / "elsewhere") == {}
    assert files(target) == COMMITTED


def test_a_folder_that_is_not_empty_and_no_repository_is_a_problem(repo, freeze, tmp_path):
    write_tree(tmp_path / "job", {"x": "1"})

    with pytest.raises(SamoError) as caught:
        freeze(repo, target=tmp_path / "job")

    assert str(caught.value) == (
        f"error: cannot check out into {tmp_path / 'job'}: it is not empty and no git repository "
        "(checkout before anything else writes there, or give checkout another path)"
    )


def test_a_file_in_the_place_of_the_check_out_is_a_problem(repo, freeze, tmp_path):
    write_tree(tmp_path, {"job": "1"})

    with pytest.raises(SamoError) as caught:
        freeze(repo, target=tmp_path / "job")

    assert str(caught.value) == f"error: cannot check out into {tmp_path / 'job'}: File exists"


@pytest.mark.parametrize("branch", ["a..b", "-x", "a b", "x.lock", "../x", "a\nb", "@"])
def test_a_branch_that_git_would_not_have_is_a_problem(branch, repo, freeze):
    with pytest.raises(UsageError) as caught:
        freeze(repo, branch=branch)

    assert str(caught.value) == (
        f"error: '{branch}' is no name that git allows a branch or tag "
        "(see git help check-ref-format)"
    )


def test_settings_that_hold_quotes_come_through(repo, freeze):
    url = 'https://example.org/"x"\\y;#z'

    target = freeze(repo, origin_url=url)

    assert git(target, "remote", "get-url", "origin") == url


def test_tags_and_branches_of_origin_are_there(repo, freeze, tmp_path):
    git(repo, "tag", "--annotate", "--message", "x", "v1")
    git(tmp_path, "clone", "--quiet", repo, "clone")

    target = freeze(tmp_path / "clone", origin_url=str(repo))

    assert git(target, "tag") == "v1"
    assert git(target, "branch", "--remotes").split() == ["origin/main"]
    assert git(target, "describe") == "v1"


def test_branches_that_origin_was_not_seen_to_have_stand_for_its_own(repo, freeze, tmp_path):
    git(tmp_path, "clone", "--quiet", repo, "clone")
    git(tmp_path / "clone", "branch", "topic")
    git(tmp_path / "clone", "switch", "--quiet", "--create", "feature")

    target = freeze(tmp_path / "clone", branch="feature", origin_url=str(repo))

    remotes = git(target, "branch", "--remotes").split()
    assert remotes == ["origin/feature", "origin/main", "origin/topic"]
    assert git(target, "branch", "--format", "%(refname:short)") == "feature"


def test_without_an_origin_the_branches_are_there_themselves(repo, freeze):
    git(repo, "branch", "topic")

    target = freeze(repo, branch="main")

    assert git(target, "branch", "--format", "%(refname:short)").split() == ["main", "topic"]


def test_git_in_the_check_out_finds_nothing_wrong(repo, freeze):
    (repo / "new").write_text("untracked\n")

    target = freeze(repo)

    assert git(target, "fsck", "--full", "--strict", "--no-dangling") == ""
    assert git(target, "config", "gc.auto") == "0"
