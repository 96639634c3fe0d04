"""The work tree as git sees it, frozen, and checked out as often as there are jobs.

The snapshot is a tree object in an object directory of our own, which borrows all that is
committed from the user's. Nothing of the user's is written, not even a refreshed index: git runs
with a git directory of ours, a copy of the index (so that unchanged files are not read again) and
attributes that switch every conversion and filter off, so that bytes stay what they are. A
check-out borrows from both object directories, writes its few control files itself and leaves
the work tree and its index to one `read-tree`.
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, SamoError, UsageError
from samo.system.git import Repository
from samo.system.git_job import Head, core_settings, lay_out, quoted
from samo.system.git_process import NO_USER_CONFIG, Answer, Call, ask, git, last_line, require

_OVERRIDES = (
    "core.attributesFile=/dev/null",
    "core.compression=1",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sparseCheckout=false",
    "core.splitIndex=false",
    "core.fsync=none",
)
_RAW = "* -text -eol -filter -ident -working-tree-encoding\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A frozen work tree; `folder` must last as long as its check-outs.

    `tree` has the files, `index_tree` what the user had staged; both are the commit's own tree
    unless something `is_uncommitted`. `refs` are the tags, origin's branches and the user's own.
    """

    repository: Repository
    folder: Path
    revision: str
    tree: str
    index_tree: str
    refs: tuple[tuple[str, str], ...]
    is_uncommitted: bool = False

    def check_out(self, target: Path, *, branch: str, tag: str, origin_url: str) -> None:
        """Make `target` a work tree of the snapshot, on `branch`, or detached where it is "".

        `git status` there shows what was uncommitted. A repository that is there already is
        brought to this state (STEP-024), its other files stay. Raises SamoError where `target`
        is not empty and no repository or cannot be written, or git fails.
        """
        head = Head(branch=branch, tag=tag, revision=self.revision, origin_url=origin_url)
        with _told(f"cannot check out into {target}"):
            _require_place(target)
            lay_out(target / ".git", head, self.repository, self.refs, self.folder / "objects")
        self._read_tree(target, "-u", "--reset", self.tree)
        if self.index_tree != self.tree:
            # In the index alone: where an attribute converts a file, git calls it not up to date.
            self._read_tree(target, "-i", "-m", self.index_tree)

    def _read_tree(self, target: Path, *arguments: str) -> None:
        where = (f"--git-dir={target / '.git'}", f"--work-tree={target}")
        words = (*where, "-c", "checkout.workers=2", "read-tree", *arguments)
        git(Call(arguments=words, at=target, environment=NO_USER_CONFIG))


def take_snapshot(repository: Repository, into: Path, *, revision: str | None = None) -> Snapshot:
    """Freeze the work tree, uncommitted changes and untracked files included (STEP-026).

    With a `revision`, freeze that commit as it is. `into` is a folder for the snapshot alone.
    Raises UsageError for an unknown revision, SamoError where a file cannot be read or written.
    """
    with _told(f"cannot take a snapshot of {repository.root}"):
        _prepare(repository, into)
    if revision is None:
        return _of_work_tree(repository, into)
    head, refs = ask(_commit(repository, revision), _refs(repository))
    commit, tree = _two_hashes(head, revision)
    return Snapshot(
        repository=repository,
        folder=into,
        revision=commit,
        tree=tree,
        index_tree=tree,
        refs=_pairs(refs),
    )


def _of_work_tree(repository: Repository, into: Path) -> Snapshot:
    with _told(f"cannot copy the index of {repository.root}"):
        for name in ("index", "staged"):
            _copy_index(repository, into / name)
    add = _on_copy(repository, into, "index", "add", "--all", "--", ".")
    write_staged = _on_copy(repository, into, "staged", "write-tree", "--missing-ok")
    write = _on_copy(repository, into, "index", "write-tree", "--missing-ok")
    head, refs, staged, added = ask(
        _commit(repository, "HEAD"), _refs(repository), write_staged, add
    )
    commit, committed_tree = _two_hashes(head, "HEAD")
    if added.code:
        _add_all_but_nested_repositories(repository, into, add, added)
    # An index with merge conflicts has no tree: its job sees all changes as not staged.
    index_tree = committed_tree if staged.code else staged.lines()[0]
    tree = git(write).lines()[0]
    return Snapshot(
        repository=repository,
        folder=into,
        revision=commit,
        tree=tree,
        index_tree=index_tree,
        refs=_pairs(refs),
        is_uncommitted=tree != committed_tree,
    )


def _add_all_but_nested_repositories(
    repository: Repository, into: Path, add: Call, added: Answer
) -> None:
    """Add again without repositories in the work tree that have no commit: git gives up on them."""
    listing = _on_copy(repository, into, "index", "ls-files", "-z", "-o", "--exclude-standard")
    names = git(listing).output.decode(errors="surrogateescape").split("\0")
    nested = [f":(exclude,literal,top){name}" for name in names if name.endswith("/")]
    if not nested:
        require(add, added)
    git(_on_copy(repository, into, "index", "add", "--all", "--", ".", *nested))


def _prepare(repository: Repository, into: Path) -> None:
    """Make `into` a git directory that borrows all objects of the user's."""
    for name in ("refs", "info", "objects/info"):
        (into / name).mkdir(parents=True, exist_ok=True)
    (into / "HEAD").write_text("ref: refs/heads/snapshot\n")
    (into / "objects/info/alternates").write_text(f"{repository.common_dir / 'objects'}\n")
    (into / "info/attributes").write_text(_RAW)
    exclude = repository.common_dir / "info/exclude"
    if exclude.is_file():
        shutil.copyfile(exclude, into / "info/exclude")
    (into / "config").write_text(_config(repository))


def _config(repository: Repository) -> str:
    """Return settings of our own over the user's, which say how stat data compares."""
    lines = ["[include]", f"\tpath = {quoted(str(repository.common_dir / 'config'))}"]
    return "\n".join([*core_settings(repository.object_format), *lines]) + "\n"


def _copy_index(repository: Repository, copy: Path) -> None:
    """Copy the index with its times: git takes a file for clean that is older than the index."""
    index = repository.git_dir / "index"
    if not index.is_file():
        return
    shutil.copy2(index, copy)
    for shared in repository.git_dir.glob("sharedindex.*"):
        shutil.copy2(shared, copy.parent / shared.name)


def _on_copy(repository: Repository, into: Path, index: str, *words: str) -> Call:
    overrides = [word for setting in _OVERRIDES for word in ("-c", setting)]
    return Call(
        arguments=(*overrides, *words),
        at=repository.root,
        environment={
            "GIT_DIR": str(into),
            "GIT_WORK_TREE": str(repository.root),
            "GIT_INDEX_FILE": str(into / index),
            "GIT_ATTR_NOSYSTEM": "1",
        },
    )


def _commit(repository: Repository, revision: str) -> Call:
    log = ("log", "-1", "--no-show-signature", "--format=%H %T", "--end-of-options", revision, "--")
    return Call(arguments=log, at=repository.root)


def _refs(repository: Repository) -> Call:
    wanted = ("refs/tags", "refs/remotes/origin", "refs/heads")
    words = ("for-each-ref", "--format=%(objectname) %(refname)", *wanted)
    return Call(arguments=words, at=repository.root)


def _two_hashes(answer: Answer, revision: str) -> tuple[str, str]:
    words = answer.output.decode().split()
    if answer.code or not words:
        hint = "git log shows the commits there are"
        message = f"there is no commit '{revision}': {last_line(answer)}"
        raise UsageError(Problem(kind=ProblemKind.REPOSITORY, message=message, hint=hint))
    return words[0], words[1]


def _pairs(answer: Answer) -> tuple[tuple[str, str], ...]:
    pairs = (line.split(" ", 1) for line in answer.lines())
    return tuple((name, value) for value, name in pairs)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Raise as a SamoError what the system says, with the remedy for a full disk."""
    try:
        yield
    except OSError as error:
        hint = "free some space and run again" if error.errno == errno.ENOSPC else ""
        message = f"{what}: {error.strerror or error}"
        raise SamoError(Problem(kind=ProblemKind.REPOSITORY, message=message, hint=hint)) from error


def _require_place(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    names = [path.name for path in target.iterdir()]
    if names and ".git" not in names:
        hint = "checkout before anything else writes there, or give checkout another path"
        message = f"cannot check out into {target}: it is not empty and no git repository"
        raise SamoError(Problem(kind=ProblemKind.REPOSITORY, message=message, hint=hint))
