"""The orbs that a case hands in: texts and folders, named in the settings of no project at all."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samo.config import required_orbs
from samo.config.orbs import Orb
from samo.orbs import OrbCache, OrbSources, Registry, gather

NOBODY = Registry(host="http://127.0.0.1:9", timeout_s=1.0)


def orbs_of(given: Mapping[str, str | Mapping[str, str]], inputs: dict[str, Any]) -> dict[str, Orb]:
    """Return the orbs that a config needs, from those given; the registry cannot be reached."""
    references = required_orbs(**inputs)
    if not references:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        local = {name: _written(Path(folder), name, orb) for name, orb in given.items()}
        sources = OrbSources(local=local, cache=OrbCache(Path(folder) / "cache"), registry=NOBODY)
        return dict(gather(references, sources, values=inputs["values"]).orbs)


def _written(folder: Path, name: str, orb: str | Mapping[str, str]) -> Path:
    root = folder / name.replace("/", "_")
    if isinstance(orb, str):
        root.write_text(orb)
        return root
    for path, text in orb.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root
