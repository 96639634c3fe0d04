"""One orb: from this repository, else pinned or remembered in the cache, else from outside."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path

from samo.config.document import Document, Source
from samo.config.orbs import OrbFault, read_orb
from samo.orbs.cache import OrbCache, digest_of
from samo.orbs.local_orb import read_local
from samo.orbs.lock import LOCK_NAME, Pin
from samo.orbs.problems import UnreachableError, unresolved
from samo.orbs.reference import is_address, is_fixed, newest
from samo.orbs.registry import Published, Registry
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import ConfigError


class Origin(StrEnum):
    """Where an orb's text was taken from."""

    SETTINGS = "settings"
    CACHE = "cache"
    REGISTRY = "registry"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An orb's tree, or what is wrong with it, and where it is from.

    `pin` is None for an orb of this repository, which needs none: `path` is where it lies.
    """

    orb: Document | OrbFault
    origin: Origin
    exact: str
    pin: Pin | None = None
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrbSources:
    """All that an orb can come from; `local` are paths of this repository by reference.

    With `asks_anew`, nothing is taken from the cache without a question.
    """

    cache: OrbCache
    registry: Registry
    local: Mapping[str, Path] = field(default_factory=dict)
    pins: Mapping[str, Pin] = field(default_factory=dict)
    asks_anew: bool = False

    def find(self, reference: str) -> Found:
        """Return the orb that a reference stands for (ORB-021).

        Raises ConfigError where there is none, and UnreachableError where only a network has it.
        """
        if named := newest(reference, self.local):
            path = self.local[named]
            return Found(orb=read_local(path), origin=Origin.SETTINGS, exact=named, path=str(path))
        pin = self.pins.get(reference)
        return self._pinned(pin) if pin else self._unpinned(reference)

    def _pinned(self, pin: Pin) -> Found:
        text = self.cache.text(pin)
        if text is not None:
            return _read(text, pin, Origin.CACHE)
        known = self.cache.answer(pin.orb)
        if known and is_fixed(pin.orb):
            raise _difference("the cached text", pin, known.sha256)
        published = self._fetch(pin.orb)
        if (found := digest_of(published.text)) != pin.sha256:
            raise _difference("the published text", pin, found)
        return self._kept(pin.orb, published)

    def _unpinned(self, reference: str) -> Found:
        """Ask each time for what may change (ORB-005); without a network the last answer holds."""
        pin = None if self.asks_anew else self.cache.answer(reference)
        text = self.cache.text(pin) if pin else None
        if pin is None or text is None:
            return self._kept(reference, self._fetch(reference))
        if is_fixed(reference) or is_address(reference):
            return _read(text, pin, Origin.CACHE)
        try:
            return self._kept(reference, self._fetch(reference))
        except UnreachableError:
            return _read(text, pin, Origin.CACHE)

    def _fetch(self, reference: str) -> Published:
        if not is_address(reference):
            return self.registry.fetch(reference)
        from samo.orbs.http import Question, ask  # noqa: PLC0415 - only who asks pays for it

        content = ask(Question(name=reference, url=reference, timeout_s=self.registry.timeout_s))
        try:
            return Published(orb=reference, text=content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise unresolved(f"{reference} is no UTF-8") from error

    def _kept(self, reference: str, published: Published) -> Found:
        pin = Pin(orb=published.orb, sha256=digest_of(published.text))
        self.cache.keep(reference, pin, published.text)
        origin = Origin.ADDRESS if is_address(reference) else Origin.REGISTRY
        return _read(published.text, pin, origin)


def _read(text: str, pin: Pin, origin: Origin) -> Found:
    orb = read_orb(Source(path=pin.orb, text=text))
    return Found(orb=orb, origin=origin, exact=pin.orb, pin=pin)


def _difference(what: str, pin: Pin, found: str) -> ConfigError:
    message = f"{what} of '{pin.orb}' has the sha256 {found}, but {LOCK_NAME} pins {pin.sha256}"
    return unresolved(message, "'samo config vendor --update' pins it anew, if that is meant")
