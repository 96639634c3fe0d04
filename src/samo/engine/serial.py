"""The serial groups that a run takes part in: asked for when a job could start, and given back.

Within the run `schedule` gives a group to one job at a time; here the run gets it on this machine.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from samo.engine.job import Supplies
from samo.engine.state import Key, RunState, TurnCame
from samo.engine.workers import Workers
from samo.pipeline.dataclass import dataclass
from samo.pipeline.status import JobStatus
from samo.stores.serial_groups import Busy, Claim, Outdated, Taken, Turn
from samo.system import Cancel

LONGEST_WAIT_S = 5 * 3600.0
_LOOK_S = 0.1
"""How often a waiting job looks: whom it waits for is another run, which tells nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """The run for which groups are asked; `number` is its pipeline's."""

    project: str
    number: int
    label: str

    def claim(self, key: Key) -> Claim:
        """Return the claim of one of its jobs."""
        label = f"job '{key[1]}' of {self.label}"
        return Claim(project=self.project, number=self.number, label=label)


class SerialGroups:
    """The groups of one run, below `root`; its threads only wait, and `post` what came of that."""

    def __init__(
        self, root: Path, claimant: Claimant, post: Callable[[TurnCame], None], cancel: Cancel
    ) -> None:
        self._root = root
        self._claimant = claimant
        self._post = post
        self._cancel = cancel
        self._turns: dict[str, Turn] = {}
        self._ours: set[str] = set()
        self._used: set[str] = set()

    @property
    def ours(self) -> frozenset[str]:
        """The groups that the run has now."""
        return frozenset(self._ours)

    def follow(self, state: RunState, workers: Workers) -> None:
        """Give back what no job of the run has or wants any more, and ask for what one wants."""
        held, wanted = state.held(), wanted_groups(state)
        self._used |= self._ours & held.keys()
        for group in self._ours - held.keys():
            # After each job other runs have their turn, also where another job here wants one.
            if group in self._used or group not in wanted:
                self._give_back(group)
        for group, key in wanted.items():
            if group not in self._turns:
                self._ask(group, key, workers)

    def note(self, came: TurnCame) -> None:
        """Take what a thread has posted."""
        if came.is_ours:
            self._ours.add(came.group)
        elif came.status is not None:
            self._give_back(came.group)

    def close(self) -> None:
        """Give all back; no thread may wait any more."""
        for group in list(self._turns):
            self._give_back(group)

    def _give_back(self, group: str) -> None:
        self._turns.pop(group).close()
        self._ours.discard(group)
        self._used.discard(group)

    def _ask(self, group: str, key: Key, workers: Workers) -> None:
        turn = self._turns[group] = Turn(self._root, group, self._claimant.claim(key))
        taken = turn.take()
        if isinstance(taken, Taken):
            self._ours.add(group)
            return
        self._post(_told(group, key, taken))
        if isinstance(taken, Busy):
            workers.start(partial(self._wait, turn, group, key))

    def _wait(self, turn: Turn, group: str, key: Key) -> None:
        """Wait for a turn, as long as nobody cancels the run and not too long (WF-033)."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while not self._cancel.wait(_LOOK_S):
            taken = turn.take()
            if not isinstance(taken, Busy):
                self._post(_told(group, key, taken))
                return
            if time.monotonic() > deadline:
                reason = f"waited five hours for serial group '{group}'"
                canceled = JobStatus.CANCELED
                self._post(TurnCame(group=group, key=key, status=canceled, reason=reason))
                return


def groups_of(supplies: Supplies, post: Callable[[TurnCame], None], cancel: Cancel) -> SerialGroups:
    """Return the groups of a run, none of which it has yet."""
    claimant = Claimant(
        project=str(supplies.slots),
        number=supplies.pipeline_number,
        label=f"run {supplies.folder.number} of {supplies.facts.repository}",
    )
    return SerialGroups(supplies.serial_groups, claimant, post, cancel)


def wanted_groups(state: RunState) -> dict[str, Key]:
    """Return the groups that jobs wait for, each with the first of them."""
    wanted: dict[str, Key] = {}
    for key, job in state.waiting.items():
        if job.serial_group and state.jobs[key] is JobStatus.QUEUED and not state.is_canceled:
            wanted.setdefault(job.serial_group, key)
    return wanted


def _told(group: str, key: Key, taken: Taken | Busy | Outdated) -> TurnCame:
    match taken:
        case Taken():
            return TurnCame(group=group, key=key, is_ours=True)
        case Busy(holder):
            reason = f"waits for serial group '{group}': {holder.label} has it, or comes first"
            return TurnCame(group=group, key=key, reason=reason)
        case Outdated(holder):
            reason = f"serial group '{group}' has gone to {holder.label}, of a later pipeline"
            return TurnCame(group=group, key=key, status=JobStatus.NOT_RUN, reason=reason)
