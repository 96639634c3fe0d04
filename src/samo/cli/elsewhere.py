"""Values of variables that stand in the caller's environment or in the system's keyring."""

import importlib
from collections.abc import Mapping
from typing import NamedTuple

from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind, nearest


class InEnvironment(NamedTuple):
    """A value of the caller's environment; `title` is the variable that it is for."""

    title: str
    place: Place
    name: str


class InKeyring(NamedTuple):
    """A password of the system's keyring; `title` is the variable that it is for."""

    title: str
    place: Place
    service: str
    username: str


Elsewhere = InEnvironment | InKeyring


def found(value: Elsewhere, environ: Mapping[str, str]) -> str | Problem:
    """Return a value from where it stands, or why it is not to be had."""
    match value:
        case InEnvironment(name=name):
            if name in environ:
                return environ[name]
            return not_set(name, environ, f"{value.title}: ", value.place)
        case InKeyring():
            return _in_keyring(value)


def not_set(
    name: str, environ: Mapping[str, str], owner: str = "", place: Place | None = None
) -> Problem:
    """Return the problem of a variable that the caller's environment has not."""
    return Problem(
        kind=ProblemKind.USAGE,
        message=f"{owner}the variable '{name}' is not set where samo was called",
        place=place,
        hint=nearest(name, environ) or f"export {name}=...",
    )


def _in_keyring(value: InKeyring) -> str | Problem:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return _lacking(value, "the package 'keyring' is not installed", "pip install keyring")
    try:
        password = keyring.get_password(value.service, value.username)
    except keyring.errors.KeyringError as error:
        return _lacking(value, f"the keyring cannot be asked: {error}", "")
    if password is None:
        name = f"{value.service} {value.username}"
        return _lacking(value, f"the keyring has no '{name}'", f"keyring set {name}")
    return str(password)


def _lacking(value: InKeyring, reason: str, hint: str) -> Problem:
    message = f"{value.title}: {reason}"
    return Problem(kind=ProblemKind.USAGE, message=message, place=value.place, hint=hint)
