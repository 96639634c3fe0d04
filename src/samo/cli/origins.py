"""The texts that the jobs of a run come from, for what differs by them."""

from collections.abc import Sequence

from samo.cli.paths import short
from samo.cli.settings import Settings
from samo.engine import Origins, values_met
from samo.pipeline.pipeline import Pipeline, Workflow


def origins_of(pipeline: Pipeline, workflows: Sequence[Workflow], settings: Settings) -> Origins:
    """Return where the workflows that run of a pipeline come from."""
    return Origins(
        null_values=values_met(pipeline, workflows) if pipeline.null_values else (),
        local_orbs={str(short(path)): name for name, path in settings.orbs.items()},
    )
