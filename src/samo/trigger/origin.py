"""Where a repository's `origin` points: host, owner, name and web address, no credentials."""

import re

from samo.pipeline.dataclass import dataclass

_URL = re.compile(
    r"(?P<scheme>https?|ssh|git)://(?:[^/@]*@)?(?P<host>[^/:]+)(?P<port>:\d+)?/(?P<path>.+)"
)
_SCP = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/:]+):(?!//)(?P<path>.+)")
_KINDS = {"github": "gh", "bitbucket": "bb", "gitlab": "gl"}
_COMMIT_PATHS = {"github": "commit", "bitbucket": "commits", "gitlab": "-/commit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A repository on a host; `kind` is github, bitbucket, gitlab, or "" for any other."""

    kind: str
    owner: str
    name: str
    url: str

    @property
    def slug(self) -> str:
        """CircleCI's short name of the project, or "" on a host that it does not know."""
        return f"{_KINDS[self.kind]}/{self.owner}/{self.name}" if self.kind else ""

    def commit_url(self, revision: str) -> str:
        """Return the web address of a commit, as the host writes it."""
        return f"{self.url}/{_COMMIT_PATHS.get(self.kind, 'commit')}/{revision}"


def parse_origin(url: str) -> Origin | None:
    """Return what a remote's address says, or None where it names no repository on a host.

    Takes `https://`, `ssh://`, `git://` and `user@host:owner/name`; user names, passwords and
    tokens are dropped, for the result ends in logs and variables.
    """
    match = _URL.fullmatch(url) or ("://" not in url and _SCP.fullmatch(url)) or None
    if match is None:
        return None
    path = match["path"].strip("/").removesuffix(".git")
    owner, _, name = path.rpartition("/")
    if not owner or not name:
        return None
    parts = match.groupdict()
    port = parts.get("port") or ""
    web_port = port if parts.get("scheme") in ("http", "https") else ""
    host = match["host"].lower()
    web = f"https://{host}{web_port}/{owner}/{name}"
    return Origin(kind=_kind(host), owner=owner, name=name, url=web)


def without_credentials(url: str) -> str:
    """Return a remote's address without the password or token that it may hold."""
    return re.sub(r"^(\w+://)[^/@]*@", r"\1", url) if not url.startswith("ssh://") else url


def _kind(host: str) -> str:
    labels = host.split(".")
    return next((kind for kind in _KINDS if kind in labels), "")
