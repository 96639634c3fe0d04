"""`samo config`: the commands that look at the config."""

from samo.cli.lazy import Entry, LazyGroup

command = LazyGroup(
    "config",
    {"validate": Entry("samo.cli.config_validate:command", "Check a config without running it.")},
    summary="Look at the config.",
)
