"""The user's git repository, read and never written."""

from collections.abc import Callable
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.system.git_process import Answer, Call, ask, asking, last_line

_REVISION_SEPARATOR = "%x00"
_LOG = _REVISION_SEPARATOR.join(("%H", "%D", "%an", "%s", "%b"))
_USUAL_DEFAULTS = ("main", "master")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository with a work tree; `common_dir` differs from `git_dir` in a linked work tree."""

    root: Path
    git_dir: Path
    common_dir: Path
    object_format: str = "sha1"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFacts:
    """What HEAD is; `branch` is "" where it is detached, `tag` "" where it is on a branch.

    `revision` is the full hash, `origin_url` is "" where there is no remote `origin`.
    """

    branch: str
    tag: str
    revision: str
    origin_url: str
    default_branch: str
    subject: str
    body: str
    author: str


Reading = Callable[[], tuple[Repository, GitFacts]]
"""Waits for what git was asked for, so that other work can be done meanwhile."""


def find_repository(start: Path) -> Repository:
    """Return the repository that `start` is in.

    Raises UsageError where it is in none, where git will not read it, or is missing.
    """
    [answer] = ask(_whereabouts(start))
    return _repository(start, answer)


def read_repository(start: Path) -> tuple[Repository, GitFacts]:
    """Return the repository that `start` is in and what its HEAD is, asked for at once."""
    return reading_repository(start)()


def reading_repository(start: Path) -> Reading:
    """Ask git what `read_repository` returns, and return what waits for the answers."""
    answers = asking(_whereabouts(start), *_questions(start))

    def read() -> tuple[Repository, GitFacts]:
        answer, head, origin = answers()
        repository = _repository(start, answer)
        return repository, _facts(repository, head, origin)

    return read


def _whereabouts(start: Path) -> Call:
    wanted = ("--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--show-object-format")
    return Call(arguments=("rev-parse", *wanted), at=start)


def _questions(at: Path) -> tuple[Call, Call]:
    log = ("log", "-1", "--no-show-signature", "--no-color", f"--format={_LOG}", *_decorations())
    url = ("config", "--get", "remote.origin.url")
    return Call(arguments=log, at=at), Call(arguments=url, at=at)


def _repository(start: Path, answer: Answer) -> Repository:
    if answer.code:
        raise _not_here(start, answer)
    root, git_dir, common_dir, object_format = answer.lines()
    return Repository(
        root=Path(root),
        git_dir=Path(git_dir),
        common_dir=(start / common_dir).resolve(),
        object_format=object_format,
    )


def _facts(repository: Repository, head: Answer, origin: Answer) -> GitFacts:
    if head.code:
        raise _no_commit(repository, head)
    text = head.output.decode(errors="replace")
    revision, names, author, subject, body = text.split("\0", 4)
    branch, tag = _branch_and_tag(names)
    return GitFacts(
        branch=branch,
        tag=tag,
        revision=revision,
        origin_url=origin.output.decode(errors="replace").rstrip("\n"),
        default_branch=_default_branch(repository, branch),
        subject=subject,
        body=body.rstrip("\n"),
        author=author,
    )


def _decorations() -> list[str]:
    """Name what may decorate HEAD, so that the user's log.excludeDecoration has no say."""
    wanted = ("HEAD", "refs/heads/*", "refs/tags/*")
    return ["--decorate=full", *(f"--decorate-refs={name}" for name in wanted)]


def _branch_and_tag(decoration: str) -> tuple[str, str]:
    names = decoration.split(", ")
    if names[0].startswith("HEAD -> "):
        return names[0].removeprefix("HEAD -> refs/heads/"), ""
    tags = [name for name in names if name.startswith("tag: ")]
    return "", tags[0].removeprefix("tag: refs/tags/") if tags else ""


def _default_branch(repository: Repository, current: str) -> str:
    """Return the branch that `origin` calls its own, else the usual one, else the current."""
    refs = repository.common_dir / "refs"
    head = _text(refs / "remotes" / "origin" / "HEAD").strip()
    named = head.removeprefix("ref: refs/remotes/origin/")
    if named != head:
        return named
    packed = _text(repository.common_dir / "packed-refs")
    for name in _USUAL_DEFAULTS:
        if (refs / "heads" / name).is_file() or f" refs/heads/{name}\n" in packed:
            return name
    return current


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _not_here(start: Path, answer: Answer) -> UsageError:
    if "not a git repository" in answer.complaint:
        message, hint = f"{start} is in no git repository", "git init makes one"
    else:
        message, hint = f"git cannot read a work tree at {start}: {last_line(answer)}", ""
    return UsageError(Problem(kind=ProblemKind.REPOSITORY, message=message, hint=hint))


def _no_commit(repository: Repository, answer: Answer) -> UsageError:
    if "does not have any commits" in answer.complaint or "bad default" in answer.complaint:
        message, hint = f"{repository.root} has no commit yet", "git commit makes the first one"
    else:
        message, hint = f"git cannot read HEAD of {repository.root}: {last_line(answer)}", ""
    return UsageError(Problem(kind=ProblemKind.REPOSITORY, message=message, hint=hint))
