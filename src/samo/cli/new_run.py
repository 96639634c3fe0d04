"""The folder of a new run: made, held as long as it runs, and left as what became of it says."""

import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from samo.cli.state_dirs import runs_dir, scratch_dir
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import RunId
from samo.stores import RunFolder, Runs
from samo.system import owned


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlace:
    """Where a run is: its folder, among which runs, and the folders in which its jobs run."""

    runs: Runs
    folder: RunFolder
    slots: Path


@contextmanager
def new_run(root: Path, environ: Mapping[str, str]) -> Iterator[RunPlace]:
    """Make the folder of a run of the repository at `root`; one that never begins leaves none."""
    runs = Runs(runs_dir(root, environ))
    with ExitStack() as stack:
        with runs.starting():
            folder = runs.create(RunId(str(uuid.uuid4())))
            stack.enter_context(owned(folder.lock))
        place = RunPlace(runs=runs, folder=folder, slots=scratch_dir(root, environ))
        with running(place):
            yield place


@contextmanager
def running(place: RunPlace) -> Iterator[None]:
    """Leave a run as what became of it says, when the `with` of who owns it ends.

    A run that broke off in the middle stays open: the next command closes it.
    """
    try:
        yield
        if place.folder.journal.exists():
            place.runs.close(place.folder)
    finally:
        shutil.rmtree(snapshot_of(place), ignore_errors=True)
        if not place.folder.journal.exists():
            place.runs.discard(place.folder)


def snapshot_of(place: RunPlace) -> Path:
    """Return where the snapshot of the work tree is, as long as the run runs."""
    return place.slots / "snapshots" / str(place.folder.number)
