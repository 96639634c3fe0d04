"""CircleCI's registry of orbs, asked over its public GraphQL API."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from samo.orbs.problems import unreachable, unresolved
from samo.orbs.reference import answers, is_exact, name_of, newest, version_of
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import ConfigError, Problem, ProblemKind, UsageError

_HOST = "https://circleci.com"
_ENDPOINT = "graphql-unstable"
_HOSTS = ("CIRCLECI_CLI_HOST", "CIRCLE_HOST")
_TOKENS = ("CIRCLECI_CLI_TOKEN", "CIRCLE_TOKEN")
_TIMEOUT_S = 10.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_VERSION = """
query($orbVersionRef: String!) {
  orbVersion(orbVersionRef: $orbVersionRef) { id version source }
}
"""
_VERSIONS = """
query($name: String!) {
  orb(name: $name) { id versions(count: 200) { version } }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An orb as it was published: its exact name, `namespace/orb@1.2.3`, and its text."""

    orb: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The registry at `host`; only it is sent the `token`, which private orbs need."""

    host: str = _HOST
    token: str = ""
    timeout_s: float = _TIMEOUT_S

    def fetch(self, reference: str) -> Published:
        """Return the orb that a reference stands for at this time.

        Raises UnreachableError where nobody answers, ConfigError where there is no such orb.
        """
        found = self._ask(_VERSION, orbVersionRef=reference).get("orbVersion")
        if not found:
            raise self._unknown(reference)
        version, text = _text(found, "version"), _text(found, "source")
        orb = f"{name_of(reference)}@{version}"
        if not _is_unicode(text) or not is_exact(orb) or not answers(orb, reference):
            raise unresolved(f"{self.host} answered with '{orb}' for the orb '{reference}'")
        return Published(orb=orb, text=text)

    def _ask(self, query: str, **variables: str) -> Mapping[str, Any]:
        from samo.orbs.http import Question, ask  # noqa: PLC0415 - only who asks pays for it

        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = self.token
        content = ask(
            Question(
                name=self.host,
                url=urljoin(f"{self.host}/", _ENDPOINT),
                body=json.dumps({"query": query, "variables": variables}).encode(),
                headers=headers,
                timeout_s=self.timeout_s,
            )
        )
        return self._data(content)

    def _data(self, content: bytes) -> Mapping[str, Any]:
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError) as error:
            # A portal that wants a password, or a proxy's page: no word of the registry.
            raise unreachable(f"{self.host} answered with something that is no JSON") from error
        data = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(data, dict) and any(data.values()):
            return data
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if errors:
            raise unresolved(f"{self.host} answered: {_told(errors)}")
        if isinstance(data, dict):
            return data
        raise unreachable(f"{self.host} answered with JSON that is no answer of a registry")

    def _unknown(self, reference: str) -> ConfigError:
        name = name_of(reference)
        orb = self._ask(_VERSIONS, name=name).get("orb")
        if not isinstance(orb, dict):
            hint = "" if self.token else f"a private orb needs {_TOKENS[0]}"
            return unresolved(f"{self.host} knows no orb '{name}'", hint)
        listed = orb.get("versions")
        versions = [_text(each, "version") for each in listed] if isinstance(listed, list) else []
        highest = newest(f"{name}@volatile", [f"{name}@{version}" for version in versions])
        message = f"the orb '{name}' has no version '{version_of(reference)}'"
        return unresolved(message, f"the newest is {version_of(highest)}" if highest else "")


def registry_for(environ: Mapping[str, str]) -> Registry:
    """Return the registry that the variables of CircleCI's own command name.

    Raises UsageError where its address is no https and not on this machine.
    """
    host = _first(environ, _HOSTS).rstrip("/") or _HOST
    try:
        parts = urlsplit(host)
        is_safe = parts.scheme == "https" or (
            parts.scheme == "http" and parts.hostname in _LOOPBACK
        )
    except ValueError:
        is_safe = False
    if not is_safe:
        message = f"the registry's address must begin with https://, found '{host}'"
        hint = f"set {_HOSTS[0]}, or leave it unset for {_HOST}"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    return Registry(host=host, token=_first(environ, _TOKENS))


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((environ[name] for name in names if environ.get(name)), "")


def _text(value: object, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _is_unicode(text: str) -> bool:
    """Whether a text is one: JSON lets half characters pass."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def _told(errors: object) -> str:
    messages = [_text(each, "message") for each in errors] if isinstance(errors, list) else []
    return "; ".join(filter(None, messages)) or "an error"
