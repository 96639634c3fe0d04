"""Cache keys: the templates between `{{ }}`, evaluated at step time (CACHE-003 to 007)."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from samo.engine.masking import MASK, Secrets
from samo.pipeline.dataclass import dataclass

_SEAL = re.compile(re.escape(MASK) + "[0-9a-f]{8}")
_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_CHECKSUM = re.compile(r'checksum\s+(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)')
_ENVIRONMENT = re.compile(r"\.Environment\.(\w+)")
_NAMES = ".Branch, .Revision, .BuildNum, .CheckoutKey, .Environment.NAME, checksum, epoch, arch"


MAX_KEY = 900
"""How many characters a key may have (CACHE-008)."""


class CacheKeyError(Exception):
    """A template that cannot be evaluated; the message says which, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts:
    """What templates may name; `fetch` gives the file at a path as the config writes it."""

    variables: Mapping[str, str]
    fetch: Callable[[str], AbstractContextManager[Path]]
    epoch_s: int
    arch: str


def cache_key(template: str, facts: KeyFacts) -> str:
    """Return the key that a template means now; raises CacheKeyError."""
    key = _TEMPLATE.sub(lambda match: _value(match[1].strip(), facts), template)
    if len(key) > MAX_KEY:
        raise CacheKeyError(f"a key of {len(key)} characters is longer than {MAX_KEY}")
    return key


def sealed(key: str, secrets: Secrets) -> str:
    """Return a key that holds no secret, and yet another one for another secret (ENV-016).

    A cache is kept under it: a few bits of a digest stand in for each secret. `shown` leaves out
    even these.
    """
    return secrets.replaced(
        key, lambda secret: MASK + hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()[:8]
    )


def shown(key: str) -> str:
    """Return a sealed key as everybody may read it."""
    return _SEAL.sub(MASK, key)


def _value(words: str, facts: KeyFacts) -> str:
    if found := _CHECKSUM.fullmatch(words):
        return _checksum(found[1] or found[2] or "", facts)
    if found := _ENVIRONMENT.fullmatch(words):
        return facts.variables.get(found[1], "")
    known = {
        ".Branch": facts.variables.get("CIRCLE_BRANCH", ""),
        ".Revision": facts.variables.get("CIRCLE_SHA1", ""),
        ".BuildNum": facts.variables.get("CIRCLE_BUILD_NUM", ""),
        ".CheckoutKey": "",  # CircleCI's own key to the repository; here nothing is fetched by one
        "epoch": str(facts.epoch_s),
        "arch": facts.arch,
    }
    if words in known:
        return known[words]
    raise CacheKeyError(f"unknown template '{{{{ {words} }}}}' (known: {_NAMES})")


def _checksum(path: str, facts: KeyFacts) -> str:
    """CACHE-004: base64 of the SHA-256, not hexadecimal."""
    digest = hashlib.sha256()
    try:
        with facts.fetch(path) as found, found.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise CacheKeyError(f'checksum "{path}": {error.strerror}') from error
    return base64.b64encode(digest.digest()).decode()
