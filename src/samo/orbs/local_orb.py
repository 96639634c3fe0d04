"""An orb that lies in this repository: a packed file, or a folder as its authors keep it."""

from pathlib import Path

from samo.config.document import Document, Source
from samo.config.orbs import OrbFault, read_orb
from samo.orbs.local_file import read_bytes, unreadable
from samo.orbs.pack import pack
from samo.orbs.problems import unresolved


def read_local(path: Path) -> Document | OrbFault:
    """Return the orb at a path; raises ConfigError where none can be read there."""
    try:
        if path.is_dir():
            return pack(path)
        if not path.exists():
            raise unresolved(f"nothing lies at '{path}', where [tool.samo.orbs] says that it is")
    except OSError as error:
        raise unreadable(path, error) from error
    return read_orb(Source(path=str(path), text=read_bytes(path)))
