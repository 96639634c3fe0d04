"""The `.git` of a job's check-out, written by hand: four small files and no process."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.system.git import Repository

# git-check-ref-format(1): what no name of a branch or tag may contain.
_FORBIDDEN = r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[/-]|/\.|^\.|\.lock(/|$)|[/.]$|^@$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the check-out stands; detached where `branch` is ""."""

    branch: str
    tag: str
    revision: str
    origin_url: str


def lay_out(
    git_dir: Path,
    head: Head,
    source: Repository,
    refs: Iterable[tuple[str, str]],
    objects: Path,
) -> None:
    """Make `git_dir` anew, with all objects borrowed from `objects` and `source`.

    One that is there already goes: a job wrote it, and git would obey its configuration out
    here. Raises UsageError for a branch or tag that git would not have.
    """
    for name in (head.branch, head.tag):
        _require_name(name)
    _remove(git_dir)
    for name in ("refs/heads", "objects/info"):
        (git_dir / name).mkdir(parents=True)
    on_branch = f"ref: refs/heads/{head.branch}"
    (git_dir / "HEAD").write_text(f"{on_branch if head.branch else head.revision}\n")
    (git_dir / "config").write_text(_config(head, source.object_format))
    (git_dir / "packed-refs").write_text(_packed(_with_head(dict(refs), head)), newline="\n")
    borrowed = (objects, source.common_dir / "objects")
    (git_dir / "objects/info/alternates").write_text("".join(f"{path}\n" for path in borrowed))
    shallow = source.common_dir / "shallow"
    if shallow.is_file():
        shutil.copyfile(shallow, git_dir / "shallow")


def core_settings(object_format: str) -> list[str]:
    """Return what a git directory's configuration begins with; `[core]` is open at its end."""
    if object_format == "sha1":
        return ["[core]", "\trepositoryFormatVersion = 0", "\tbare = false"]
    extension = ["[extensions]", f"\tobjectFormat = {object_format}"]
    return [*extension, "[core]", "\trepositoryFormatVersion = 1", "\tbare = false"]


def quoted(value: str) -> str:
    """Return a value as git's configuration files quote it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _with_head(refs: dict[str, str], head: Head) -> dict[str, str]:
    refs.pop("refs/remotes/origin/HEAD", None)
    if head.origin_url:
        _push(refs)
    if head.tag:
        refs.setdefault(f"refs/tags/{head.tag}", head.revision)
    if head.branch:
        refs[f"refs/heads/{head.branch}"] = head.revision
        if head.origin_url:
            refs[f"refs/remotes/origin/{head.branch}"] = head.revision
    return refs


def _push(refs: dict[str, str]) -> None:
    """Let the user's own branches stand for those that origin was not seen to have (DYN-014).

    The base that a job compares with may be one of them: where the cloud runs, it has been pushed.
    """
    for name in [name for name in refs if name.startswith("refs/heads/")]:
        branch = name.removeprefix("refs/heads/")
        refs.setdefault(f"refs/remotes/origin/{branch}", refs.pop(name))


def _packed(refs: dict[str, str]) -> str:
    return "".join(f"{refs[name]} {name}\n" for name in sorted(refs))


def _config(head: Head, object_format: str) -> str:
    """Return a remote as a clone has it, and no garbage collection (STEP-025)."""
    lines = [*core_settings(object_format), "\tlogAllRefUpdates = true"]
    lines += ["[gc]", "\tauto = 0", "[maintenance]", "\tauto = false"]
    if head.origin_url:
        lines += ['[remote "origin"]', f"\turl = {quoted(head.origin_url)}"]
        lines += ["\tfetch = +refs/heads/*:refs/remotes/origin/*"]
    if head.branch and head.origin_url:
        merge = quoted(f"refs/heads/{head.branch}")
        lines += [f"[branch {quoted(head.branch)}]", "\tremote = origin", f"\tmerge = {merge}"]
    return "\n".join(lines) + "\n"


def _require_name(name: str) -> None:
    if name and re.search(_FORBIDDEN, name):
        hint = "see git help check-ref-format"
        message = f"'{name}' is no name that git allows a branch or tag"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
