"""`samo config`: the commands that look at the config."""

from samo.cli.lazy import Entry, LazyGroup

command = LazyGroup(
    "config",
    {
        "validate": Entry("samo.cli.config_validate:command", "Check a config without running it."),
        "process": Entry("samo.cli.config_process:command", "Print the config, all expanded."),
        "schema": Entry("samo.cli.config_schema:command", "Print a JSON schema of the language."),
        "vendor": Entry("samo.cli.config_vendor:command", "Bring a config's orbs, and pin them."),
        "graph": Entry("samo.cli.config_graph:command", "Draw the workflows."),
        "cost": Entry("samo.cli.config_cost:command", "Estimate the credits that a run takes."),
    },
    summary="Look at the config.",
)
