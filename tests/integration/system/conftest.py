"""A repository to freeze, and a check-out of what was frozen."""

import pytest
from system_repositories import commit, new_repository

from samo.system import find_repository, take_snapshot


@pytest.fixture
def repo(tmp_path):
    repo = new_repository(tmp_path / "repo")
    (repo / ".gitignore").write_text("*.log\nbuild/\n")
    commit(repo, a="1\n", b="2\n")
    return repo


@pytest.fixture
def freeze(tmp_path):
    """Take a snapshot and check it out."""

    def act(repo, *, revision=None, target=None, branch="main", tag="", origin_url=""):
        into = tmp_path / f"snapshot-{len(list(tmp_path.glob('snapshot-*')))}"
        snapshot = take_snapshot(find_repository(repo), into, revision=revision)
        target = target or tmp_path / f"job-{into.name}"
        snapshot.check_out(target, branch=branch, tag=tag, origin_url=origin_url)
        return target

    return act
