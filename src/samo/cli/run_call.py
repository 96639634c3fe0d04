"""What a call that runs jobs asks for."""

from pathlib import Path

from samo.cli.trigger_options import TriggerCall
from samo.pipeline.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCall:
    """The arguments of `samo run`; names are "" and options None where they are not given."""

    workflows: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    trigger_call: TriggerCall = TriggerCall()
    commit: str | None = None
    approve: tuple[str, ...] = ()
    approve_all: bool = False
    strict: bool = False
    contexts: tuple[str, ...] = ()
    context_file: Path | None = None
    pass_env: tuple[str, ...] = ()
    events: str | None = None
    config: Path | None = None
    repo: Path = Path()
