"""The pipeline values that CircleCI knows (ENV-001): all resolve, the absent ones to null."""

_PREFIXES = ("pipeline.event.github.", "pipeline.trigger_parameters.")

KNOWN = frozenset(
    f"pipeline.{name}"
    for name in (
        "id", "number", "name", "definition.id", "integration_source", "trigger_source",
        "project.git_url", "project.type", "project.slug",
        "git.branch", "git.branch.is_default", "git.tag", "git.revision", "git.base_revision",
        "git.repo_url", "git.repo_owner", "git.repo_name", "git.repo_id",
        "git.commit.url", "git.commit.subject", "git.commit.body", "git.commit.author_login",
        "config.repository.name", "config.repository.url", "config.file_path", "config.ref",
        "config.sha",
        "trigger.type", "trigger.id", "trigger.name", "trigger.received_at",
        "schedule.name", "schedule.id",
        "event.name", "event.action", "event.context.github.pr_url",
        "deploy.component_name", "deploy.environment_name", "deploy.target_version",
        "deploy.current_version", "deploy.namespace", "deploy.reason",
    )
)  # fmt: skip


def is_known(name: str) -> bool:
    """Whether a name is a pipeline value, given or not."""
    return name in KNOWN or name.startswith(_PREFIXES)
