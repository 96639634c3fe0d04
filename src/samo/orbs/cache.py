"""The texts of orbs in the user's cache, by their digest, and what references last stood for."""

import hashlib
import json
from pathlib import Path

from samo.orbs.lock import Pin
from samo.orbs.problems import unresolved
from samo.orbs.reference import answers
from samo.system import write_atomically


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, as the lock has it."""
    return hashlib.sha256(text.encode()).hexdigest()


class OrbCache:
    """The cache below `folder`.

    A file is there whole or not at all. Two processes that write the same file at once write the
    same text, or two answers of which either will do: so nobody waits for anybody.
    """

    def __init__(self, folder: Path) -> None:
        self._texts = folder / "texts"
        self._answers = folder / "answers"

    def text(self, pin: Pin) -> str | None:
        """Return a text, None where it is not here.

        Raises ConfigError where its digest is another than the one it is kept by.
        """
        path = self._texts / f"{pin.sha256}.yml"
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        found = hashlib.sha256(content).hexdigest()
        if found != pin.sha256:
            message = f"the cached text of '{pin.orb}' was changed: its sha256 is {found}"
            raise unresolved(message, f"it should be {pin.sha256}: remove {path}")
        return content.decode()

    def answer(self, reference: str) -> Pin | None:
        """Return what a reference last stood for, None where nobody has asked."""
        try:
            found = json.loads(self._answer_path(reference).read_bytes())
            pin = Pin(orb=str(found["orb"]), sha256=str(found["sha256"]))
        except (FileNotFoundError, ValueError, LookupError, TypeError):
            return None
        return pin if answers(pin.orb, reference) else None

    def keep(self, reference: str, pin: Pin, text: str) -> None:
        """Keep a text, and that a reference stands for it now."""
        for folder in (self._texts, self._answers):
            folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._texts / f"{pin.sha256}.yml", text.encode())
        for each in {reference, pin.orb}:
            told = {"reference": each, "orb": pin.orb, "sha256": pin.sha256}
            write_atomically(self._answer_path(each), json.dumps(told).encode())

    def _answer_path(self, reference: str) -> Path:
        # Bytes that are no text reach us in a parameter, and end up in a reference.
        name = hashlib.sha256(reference.encode(errors="surrogatepass")).hexdigest()
        return self._answers / f"{name}.json"
