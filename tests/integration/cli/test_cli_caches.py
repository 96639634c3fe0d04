import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from samo.cli.state_dirs import caches_dir
from samo.stores import CachePart, Caches

pytestmark = pytest.mark.integration


@pytest.fixture
def repo(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMO_HOME", str(tmp_path / "home"))
    root = tmp_path / "repository"
    root.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


@pytest.fixture
def caches(repo):
    return Caches(caches_dir(repo, os.environ))


def save(caches, *keys):
    """Save nothing under each key; all were used at the begin of the year 2001."""
    for key in keys:
        caches.save(key, [])
    for mark in Path(os.environ["SAMO_HOME"]).glob("**/used"):
        os.utime(mark, (978_307_200, 978_307_200))


def samo(repo, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "samo", "caches", *arguments],
        cwd=repo,
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


def test_caches_are_listed_with_the_place_where_they_are(repo, caches):
    save(caches, "deps-1", "other\n")

    status, out, _ = samo(repo)

    assert status == 0
    assert out.splitlines() == [
        "0 B  2001-01-01 00:00Z  other",
        "0 B  2001-01-01 00:00Z  deps-1",
        f"2 caches, 0 B of at most 10.0 GB, in {caches_dir(repo, os.environ)}",
    ]


def test_the_cap_is_a_setting(repo):
    (repo / "samo.toml").write_text("[caches]\nmax_gb = 3\n")

    _, out, _ = samo(repo)

    assert out == f"0 caches, 0 B of at most 3.0 GB, in {caches_dir(repo, os.environ)}\n"


def test_caches_are_listed_as_json(repo, caches):
    save(caches, "k")

    _, out, _ = samo(repo, "--json")

    assert json.loads(out) == {
        "items": [{"key": "k", "size_bytes": 0, "last_used_at": "2001-01-01T00:00:00.000Z"}],
        "next_page_token": None,
    }


def test_caches_are_cleared_by_the_begin_of_their_key(repo, caches):
    save(caches, "a-1", "a-2", "b-1")

    assert samo(repo, "clear", "a-") == (0, "removed a-2\nremoved a-1\n", "")
    assert [cache.key for cache in caches.all()] == ["b-1"]


def test_without_a_key_all_are_cleared(repo, caches):
    save(caches, "a", "b")

    assert samo(repo, "clear") == (0, "removed b\nremoved a\n", "")
    assert samo(repo, "clear") == (0, "", "")


def test_a_key_that_no_cache_begins_with_is_an_error(repo, caches):
    save(caches, "deps-v1")

    assert samo(repo, "clear", "depz-v1") == (
        2,
        "",
        "error: no cache begins with 'depz-v1' (did you mean 'deps-v1'?)\n",
    )


def test_a_cache_in_use_stays(repo, caches, tmp_path):
    (tmp_path / "file").touch()
    caches.save("k", [CachePart(at="~", root=tmp_path, names=("file",))])

    with caches.using(["k"], pytest.fail):
        assert samo(repo, "clear") == (1, "", "a job uses k at this moment: it stays\n")


def test_an_unknown_subcommand_is_an_error(repo):
    status, out, err = samo(repo, "clera")

    assert (status, out) == (2, "")
    assert "clera" in err
    assert "Traceback" not in err
