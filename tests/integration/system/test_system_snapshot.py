import os
import shutil

import pytest
from system_repositories import COMMITTED, commit, frozen, git, new_repository
from system_trees import files, mode, write_tree

from samo.pipeline.problem import SamoError, UsageError
from samo.system import find_repository, take_snapshot

pytestmark = pytest.mark.integration


def test_a_clean_work_tree_is_checked_out_clean(repo, freeze):
    target = freeze(repo)

    assert files(target) == COMMITTED
    assert git(target, "status", "--porcelain") == ""


def test_uncommitted_changes_are_there_and_shown_as_such(repo, freeze):
    (repo / "a").write_text("changed\n")
    (repo / "b").unlink()
    (repo / "new").write_text("untracked\n")

    target = freeze(repo)

    assert files(target) == {
        ".gitignore": COMMITTED[".gitignore"],
        "a": b"changed\n",
        "new": b"untracked\n",
    }
    assert git(target, "status", "--porcelain").split("\n") == ["M a", " D b", "?? new"]


def test_ignored_files_stay_out(repo, freeze):
    write_tree(repo, {"x.log": "1", "build": {"y": "2"}, "src": {"z.log": "3"}})
    (repo / ".git" / "info" / "exclude").write_text("secret\n")
    (repo / "secret").write_text("4")

    assert files(freeze(repo)) == COMMITTED


def test_a_tracked_file_is_there_though_ignored(repo, freeze):
    (repo / "kept.log").write_text("1")
    git(repo, "add", "--force", "kept.log")
    git(repo, "commit", "--quiet", "--message", "x")
    (repo / "kept.log").write_text("2")

    assert files(freeze(repo)) == {**COMMITTED, "kept.log": b"2"}


def test_what_is_staged_is_staged_in_the_check_out(repo, freeze):
    (repo / "a").write_text("staged\n")
    git(repo, "add", "a")
    (repo / "a").write_text("and changed again\n")
    (repo / "n").write_text("new\n")
    git(repo, "add", "n")

    target = freeze(repo)

    assert git(target, "status", "--porcelain").split("\n") == ["MM a", "A  n"]
    assert git(target, "show", ":a") == "staged"
    assert (target / "a").read_text() == "and changed again\n"


def test_what_is_only_intended_to_be_added_is_there(repo, freeze):
    (repo / "n").write_text("new\n")
    git(repo, "add", "--intent-to-add", "n")

    assert files(freeze(repo)) == {**COMMITTED, "n": b"new\n"}


def test_a_commit_is_checked_out_as_it_is(repo, freeze):
    first = git(repo, "rev-parse", "HEAD")
    commit(repo, a="later\n")
    (repo / "a").write_text("uncommitted\n")

    target = freeze(repo, revision=first)

    assert files(target) == COMMITTED
    assert git(target, "status", "--porcelain") == ""
    assert git(target, "rev-parse", "HEAD") == first


@pytest.mark.parametrize("revision", ["nowhere", "-p", "--all", ""])
def test_an_unknown_commit_is_a_problem_with_a_remedy(revision, repo, freeze):
    with pytest.raises(UsageError) as caught:
        freeze(repo, revision=revision)

    assert str(caught.value).startswith(f"error: there is no commit '{revision}': ")
    assert str(caught.value).endswith(" (git log shows the commits there are)")


def test_a_repository_without_a_commit_is_a_problem(tmp_path, freeze):
    repo = new_repository(tmp_path / "empty")

    with pytest.raises(UsageError):
        freeze(repo)


def test_links_are_links(repo, freeze):
    write_tree(repo, {"l": ("a",), "broken": ("nowhere",), "out": ("/etc",), "up": ("..",)})

    target = freeze(repo)

    assert files(target) == {
        **COMMITTED,
        "l": ("a",),
        "broken": ("nowhere",),
        "out": ("/etc",),
        "up": ("..",),
    }


def test_programs_may_be_run(repo, freeze):
    (repo / "tool").write_text("#!/bin/sh\n")
    (repo / "tool").chmod(0o755)
    (repo / "a").chmod(0o755)

    target = freeze(repo)

    assert [mode(target / name) & 0o111 for name in ("tool", "a", "b")] == [0o111, 0o111, 0]


def test_changed_files_keep_their_bytes_whatever_attributes_and_settings_say(repo, freeze):
    git(repo, "config", "core.autocrlf", "true")
    git(repo, "config", "filter.x.clean", "false")
    git(repo, "config", "filter.x.required", "true")
    changed = {"a": b"1\r\n2\n", "mixed.bat": b"1\r\n", "x.f": b"1", "utf": b"\xff\xfea\x00"}
    for name, content in changed.items():
        (repo / name).write_bytes(content)
    (repo / ".gitattributes").write_text(
        "* text=auto eol=lf\n*.bat text eol=crlf\n*.f filter=x\nutf working-tree-encoding=UTF-16\n"
    )

    tree = files(freeze(repo))

    assert {name: tree[name] for name in changed} == changed


def test_unchanged_files_are_checked_out_as_their_attributes_say(repo, freeze):
    (repo / ".gitattributes").write_text("*.bat text eol=crlf\n")
    (repo / "x.bat").write_bytes(b"1\r\n")
    commit(repo)

    target = freeze(repo)

    assert (target / "x.bat").read_bytes() == b"1\r\n"
    assert git(target, "status", "--porcelain") == ""


def test_a_file_that_an_attribute_converts_does_not_hinder(repo, freeze):
    (repo / ".gitattributes").write_text("*.id ident\n")
    (repo / "x.id").write_bytes(b"$Id: 1 $\n")

    assert git(freeze(repo), "status", "--porcelain") == "?? .gitattributes\n?? x.id"


def test_names_may_be_of_any_bytes(repo, freeze):
    tree = {"-rf": "1", "a b": "2", "é\n": "3", os.fsdecode(b"\xff"): "4", ":(top)": "5"}
    write_tree(repo, tree)

    expected = {name: content.encode() for name, content in tree.items()}
    assert files(freeze(repo)) == {**COMMITTED, **expected}


def test_a_nested_repository_is_left_out_of_the_files(repo, freeze):
    commit(new_repository(repo / "nested"), x="1\n")

    assert files(freeze(repo)) == {**COMMITTED, "nested": {}}


def test_a_nested_repository_without_a_commit_does_not_hinder(repo, freeze):
    new_repository(repo / "nested [1]")
    (repo / "new").write_text("3")

    assert files(freeze(repo)) == {**COMMITTED, "new": b"3"}


def test_a_submodule_is_not_fetched(repo, freeze, tmp_path):
    commit(new_repository(tmp_path / "other"), x="1\n")
    allow = ("-c", "protocol.file.allow=always")
    git(repo, *allow, "submodule", "--quiet", "add", tmp_path / "other", "sub")
    git(repo, "commit", "--quiet", "--message", "sub")

    target = freeze(repo)

    assert files(target)["sub"] == {}
    assert git(target, "status", "--porcelain") == ""


def test_a_submodule_may_itself_be_frozen(repo, freeze, tmp_path):
    commit(new_repository(tmp_path / "other"), x="1\n")
    allow = ("-c", "protocol.file.allow=always")
    git(repo, *allow, "submodule", "--quiet", "add", tmp_path / "other", "sub")
    (repo / "sub" / "y").write_text("untracked\n")
    before = frozen(repo)

    target = freeze(repo / "sub")

    assert files(target) == {"x": b"1\n", "y": b"untracked\n"}
    assert frozen(repo) == before


def test_a_linked_work_tree_is_frozen_as_it_is(repo, freeze, tmp_path):
    git(repo, "worktree", "add", "--quiet", tmp_path / "linked", "-b", "topic")
    (tmp_path / "linked" / "a").write_text("linked\n")

    target = freeze(tmp_path / "linked", branch="topic")

    assert files(target) == {**COMMITTED, "a": b"linked\n"}
    assert git(target, "symbolic-ref", "--short", "HEAD") == "topic"


def test_a_split_index_is_read(repo, freeze):
    git(repo, "update-index", "--split-index")
    (repo / "a").write_text("changed\n")
    git(repo, "add", "a")

    assert files(freeze(repo)) == {**COMMITTED, "a": b"changed\n"}


def test_a_merge_with_conflicts_is_frozen_as_it_lies_there(repo, freeze):
    git(repo, "switch", "--quiet", "--create", "topic")
    commit(repo, a="topic\n")
    git(repo, "switch", "--quiet", "main")
    commit(repo, a="main\n")
    with pytest.raises(Exception, match="merge"):
        git(repo, "merge", "--quiet", "topic")

    target = freeze(repo)

    assert (target / "a").read_bytes() == (repo / "a").read_bytes()
    assert b"<<<<<<<" in (target / "a").read_bytes()


def test_a_sparse_work_tree_keeps_what_is_not_checked_out(repo, freeze):
    write_tree(repo, {"in": {"x": "1"}, "out": {"y": "2"}})
    commit(repo)
    git(repo, "sparse-checkout", "set", "in")

    assert files(freeze(repo)) == {**COMMITTED, "in": {"x": b"1"}, "out": {"y": b"2"}}


def test_a_shallow_clone_is_frozen(repo, freeze, tmp_path):
    commit(repo, a="later\n")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", "shallow")

    target = freeze(tmp_path / "shallow")

    assert files(target) == {**COMMITTED, "a": b"later\n"}
    assert git(target, "rev-list", "--count", "HEAD") == "1"


def test_a_repository_with_sha256_is_frozen(tmp_path, freeze):
    repo = new_repository(tmp_path / "sha256", "--object-format=sha256")
    commit(repo, a="1\n")
    (repo / "a").write_text("2\n")

    assert files(freeze(repo)) == {"a": b"2\n"}


def test_the_repository_is_left_as_it_was_byte_for_byte(repo, freeze):
    (repo / "a").write_text("staged\n")
    git(repo, "add", "a")
    (repo / "a").write_text("changed\n")
    (repo / "new").write_text("untracked\n")
    os.utime(repo / "b", (1, 1))
    before = frozen(repo)

    freeze(repo)

    assert frozen(repo) == before


def test_no_hook_and_no_program_of_the_repository_runs(repo, freeze, tmp_path):
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n")
    trap.chmod(0o755)
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(trap, repo / ".git" / "hooks" / name)
    git(repo, "config", "core.fsmonitor", str(trap))
    git(repo, "config", "filter.x.smudge", str(trap))
    git(repo, "config", "filter.x.clean", str(trap))
    (repo / ".gitattributes").write_text("* filter=x\n")

    freeze(repo)

    assert not (tmp_path / "sprung").exists()


def test_a_snapshot_that_cannot_be_written_is_a_problem(repo, tmp_path):
    write_tree(tmp_path, {"file": "1"})

    with pytest.raises(SamoError) as caught:
        take_snapshot(find_repository(repo), tmp_path / "file")

    assert str(caught.value) == f"error: cannot take a snapshot of {repo}: Not a directory"
