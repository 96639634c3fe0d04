"""The pipeline values that a local run has (ENV-001)."""

from collections.abc import Mapping

from samo.pipeline.dataclass import dataclass
from samo.trigger.model import Trigger, TriggerKind
from samo.trigger.origin import Origin, parse_origin

Value = str | int | bool | None

DEFINITION_ID = "5a304000-0000-4000-8000-000000000000"
"""The fixed identity of the one pipeline definition that a local project has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryFacts:
    """What is known of the repository and of the call; "" where there is nothing to know.

    `origin_url` may hold credentials, no value does. `received_at` is ISO 8601.
    """

    config_path: str = ".circleci/config.yml"
    received_at: str = ""
    branch: str = ""
    revision: str = ""
    origin_url: str = ""
    default_branch: str = ""
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """How each kind of trigger calls itself; "" where the host's name stands."""

    type: str
    source: str
    event: str


_SOURCES = {
    TriggerKind.PUSH: _Source(type="", source="webhook", event="push"),
    TriggerKind.TAG: _Source(type="", source="webhook", event="push"),
    TriggerKind.SCHEDULE: _Source(type="schedule", source="scheduled_pipeline", event="schedule"),
    TriggerKind.API: _Source(type="api", source="api", event="api"),
}


def pipeline_values(
    trigger: Trigger,
    facts: RepositoryFacts,
    *,
    number: int | None,
    id: str | None,  # noqa: A002
) -> Mapping[str, Value]:
    """Return the pipeline values by full name (`pipeline.git.branch`); None stands for null.

    `number` and `id` are None before there is a run, as for `samo why`.
    """
    origin = parse_origin(facts.origin_url)
    kind = origin.kind if origin else ""
    return {
        **dict.fromkeys(_ALWAYS_NULL),
        "pipeline.id": id,
        "pipeline.number": number,
        "pipeline.definition.id": DEFINITION_ID,
        "pipeline.project.git_url": origin.url if origin else None,
        "pipeline.project.type": kind or None,
        "pipeline.project.slug": (origin.slug if origin else "") or None,
        "pipeline.integration_source": kind or None,
        "pipeline.schedule.name": trigger.schedule,
        "pipeline.schedule.id": "",
        **_git(trigger, facts, origin),
        **_config(facts, origin),
        **_trigger(trigger, facts, kind),
    }


def _git(trigger: Trigger, facts: RepositoryFacts, origin: Origin | None) -> dict[str, Value]:
    branch = trigger.branch or None
    known = branch and facts.default_branch
    has_commit = origin and facts.revision
    return {
        "pipeline.git.branch": branch,
        "pipeline.git.tag": None if branch else trigger.tag or None,
        "pipeline.git.branch.is_default": branch == facts.default_branch if known else None,
        "pipeline.git.revision": facts.revision or None,
        "pipeline.git.repo_url": origin.url if origin else None,
        "pipeline.git.repo_owner": origin.owner if origin else None,
        "pipeline.git.repo_name": origin.name if origin else None,
        "pipeline.git.commit.url": origin.commit_url(facts.revision)
        if origin and has_commit
        else None,
        "pipeline.git.commit.subject": facts.subject or None,
        "pipeline.git.commit.body": facts.body if facts.subject else None,
    }


def _config(facts: RepositoryFacts, origin: Origin | None) -> dict[str, Value]:
    return {
        "pipeline.config.repository.name": f"{origin.owner}/{origin.name}" if origin else None,
        "pipeline.config.repository.url": origin.url if origin else None,
        "pipeline.config.file_path": facts.config_path,
        "pipeline.config.ref": facts.branch or facts.revision or None,
        "pipeline.config.sha": facts.revision or None,
    }


def _trigger(trigger: Trigger, facts: RepositoryFacts, kind: str) -> dict[str, Value]:
    source = _SOURCES[trigger.kind]
    return {
        "pipeline.trigger.type": source.type or kind or "api",
        "pipeline.trigger.received_at": facts.received_at or None,
        "pipeline.trigger_source": source.source,
        "pipeline.event.name": source.event,
        "pipeline.event.action": source.event,
    }


_PULL_REQUEST = (
    "number", "title", "draft", "merged", "url", "base.ref", "base.sha", "head.ref", "head.sha",
)  # fmt: skip
_DEPLOY = (
    "component_name", "environment_name", "target_version", "current_version", "namespace",
    "reason",
)  # fmt: skip
_ALWAYS_NULL = (
    "pipeline.name",
    "pipeline.git.base_revision",
    "pipeline.git.repo_id",
    "pipeline.git.commit.author_login",
    "pipeline.trigger.id",
    "pipeline.trigger.name",
    "pipeline.event.context.github.pr_url",
    "pipeline.event.github.after",
    "pipeline.event.github.ref",
    "pipeline.event.github.head_commit.url",
    "pipeline.event.github.label.name",
    "pipeline.event.github.comment.body",
    *(f"pipeline.event.github.pull_request.{name}" for name in _PULL_REQUEST),
    "pipeline.trigger_parameters.webhook.body",
    *(f"pipeline.deploy.{name}" for name in _DEPLOY),
)
