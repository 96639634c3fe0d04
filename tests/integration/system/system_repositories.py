"""Real repositories for tests, made by git itself under a configuration of the test's own."""

import os
import subprocess

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Carl",
    "GIT_COMMITTER_EMAIL": "carl@example.org",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    "LC_ALL": "C",
}
COMMITTED = {".gitignore": b"*.log\nbuild/\n", "a": b"1\n", "b": b"2\n"}
"""What is committed in the repository `repo`."""


def git(at, *words, **environment):
    answer = subprocess.run(
        ["git", "-C", at, *words],
        env={**ENVIRONMENT, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return os.fsdecode(answer.stdout).strip()


def new_repository(path, *options):
    path.mkdir(parents=True, exist_ok=True)
    git(path, "init", "--quiet", "--initial-branch=main", *options)
    return path


def commit(at, message="change", **files):
    """Write the files, stage all that there is and commit it; return the revision."""
    for name, content in files.items():
        (at / name).write_text(content)
    git(at, "add", "--all")
    git(at, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(at, "rev-parse", "HEAD")


def frozen(root):
    """Return all files and folders below `root` with what a write to them changes.

    But for the times of objects: git sets those of an object that it would else write.
    """
    return {
        path.relative_to(root): (
            os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes(),  # noqa: PTH115
            path.lstat().st_mode,
            "objects" in path.parts or path.lstat().st_mtime_ns,
        )
        for path in root.rglob("*")
    }
