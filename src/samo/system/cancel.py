"""A wish to stop that threads can wait for beside anything else."""

import os

from samo.system.polling import ready


class Cancel:
    """A wish to stop that any number of threads can poll as a file descriptor."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        self._is_set = False

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when the wish is there, and stays so."""
        return self._reader

    @property
    def is_set(self) -> bool:
        """Whether somebody asked to stop."""
        return self._is_set

    def set(self) -> None:
        """Ask everybody to stop; a second call changes nothing.

        A signal handler may call it, in the middle of another call too: hence no lock.
        """
        if not self._is_set:
            self._is_set = True
            os.write(self._writer, b"!")

    def wait(self, timeout_s: float) -> bool:
        """Wait at most `timeout_s` seconds for the wish; return whether it is there."""
        return bool(ready([self._reader], timeout_s))

    def close(self) -> None:
        """Give the descriptors back; nobody may poll any more."""
        os.close(self._reader)
        os.close(self._writer)
