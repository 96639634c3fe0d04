from pathlib import Path

from samo.cli.state_dirs import caches_dir, scratch_dir, state_dir

ROOT = Path("/projects/app")


def test_state_lies_in_the_repository_and_all_else_in_the_users_cache():
    environ = {"XDG_CACHE_HOME": "/cache"}

    assert state_dir(ROOT, environ) == Path("/projects/app/.samo")
    assert caches_dir(ROOT, environ).parent == Path("/cache/samo/caches")
    assert scratch_dir(ROOT, environ).parent == Path("/cache/samo/scratch")


def test_samo_home_moves_everything():
    environ = {"SAMO_HOME": "/home/samo", "XDG_CACHE_HOME": "/cache"}

    assert state_dir(ROOT, environ).parent == Path("/home/samo/repositories")
    assert caches_dir(ROOT, environ).parent == Path("/home/samo/caches")
    assert scratch_dir(ROOT, environ).parent == Path("/home/samo/scratch")


def test_repositories_of_one_name_are_told_apart():
    other = Path("/elsewhere/app")

    assert caches_dir(ROOT, {}) != caches_dir(other, {})
    assert scratch_dir(ROOT, {}) != scratch_dir(other, {})
