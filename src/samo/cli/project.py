"""What there is to run: the repository, its config, and the plan that a trigger makes of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from samo.cli.paths import short
from samo.cli.trigger_options import TriggerCall
from samo.config import Arguments, Continuation, Source, arguments_from_text, compile_pipeline
from samo.config.compile import NO_ORBS
from samo.config.orbs import Orb
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind, UsageError
from samo.system import GitFacts, Repository, read_repository
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values
from samo.trigger.values import Value

CONFIG = Path(".circleci/config.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A directory with its config as text; `repository` is None where it lies in none."""

    repository: Repository | None
    root: Path
    source: Source
    facts: RepositoryFacts


def load_project(repo: Path, config: Path | None = None) -> Project:
    """Read the repository around `repo`, and its config or the one given.

    Raises UsageError where there is no repository, ConfigError where there is no config.
    """
    return project_of(*read_repository(repo), config)


def project_of(repository: Repository, facts: GitFacts, config: Path | None) -> Project:
    """Read the config of a repository that git has told of, or the one given.

    Raises ConfigError where there is none.
    """
    source = _source(config or short(repository.root / CONFIG))
    return project_with(repository, facts, source, _path_within(repository.root, config))


def project_with(
    repository: Repository, facts: GitFacts, source: Source, config_path: str = str(CONFIG)
) -> Project:
    """Return a repository that git has told of, with the text of its config."""
    return Project(
        repository=repository,
        root=repository.root,
        source=source,
        facts=_repository_facts(facts, config_path),
    )


def load_config(config: Path | None = None) -> Project:
    """Read a config, and what git knows of the place where it stands; in no repository, nothing."""
    place = (config.parent if config else Path()).resolve()
    if place.name == CONFIG.parent.name:
        place = place.parent
    try:
        repository, facts = read_repository(place)
    except UsageError:
        source = _source(config or CONFIG)
        return Project(repository=None, root=place, source=source, facts=RepositoryFacts())
    return project_of(repository, facts, config)


def trigger_for(project: Project, call: TriggerCall) -> Trigger:
    """Return the trigger that a call asks for: by default of the branch that is checked out.

    ENV-001: a local run is an `api` trigger; a schedule calls itself one, "" names none.
    """
    kind = TriggerKind.API if call.schedule is None else TriggerKind.SCHEDULE
    branch = call.branch
    if not branch and not call.tag:
        branch = project.facts.branch
    return Trigger(kind, branch, call.tag, call.schedule or "")


def compile_for(
    project: Project,
    trigger: Trigger,
    call: TriggerCall,
    *,
    number: int | None = None,
    id: str | None = None,  # noqa: A002
) -> Pipeline:
    """Compile the project's config for the trigger that the call asks for.

    Raises ConfigError with all that is wrong with it.
    """
    values = values_for(project, trigger, call, number=number, id=id)
    return compile_with(project, values, call)


def compile_with(project: Project, values: Mapping[str, Value], call: TriggerCall) -> Pipeline:
    """Compile the project's config with pipeline values, and the parameters of the call."""
    arguments = arguments_from_text(call.params)
    orbs = orbs_for(project, values=values, arguments=arguments)
    return compile_pipeline(project.source, values=values, arguments=arguments, orbs=orbs)


def values_for(
    project: Project,
    trigger: Trigger,
    call: TriggerCall,
    *,
    number: int | None = None,
    id: str | None = None,  # noqa: A002
) -> Mapping[str, Value]:
    """Return the pipeline values of the trigger, and those that the call gives in their place.

    Raises SamoError where what the call gives is wrong (ENV-003).
    """
    values = pipeline_values(trigger, project.facts, number=number, id=id)
    if not call.values and call.values_file is None:
        return values
    # Few calls give values of their own.
    from samo.cli.given_values import given_values  # noqa: PLC0415
    from samo.trigger.overrides import overridden  # noqa: PLC0415

    return overridden(values, given_values(call))


def orbs_for(
    project: Project, *, values: Mapping[str, object], arguments: Arguments | Continuation
) -> Mapping[str, Orb]:
    """Return the orbs that the project's config needs from outside, by reference."""
    if "orbs" not in project.source.text:  # then nobody pays for looking closer
        return NO_ORBS
    from samo.cli.orb_sources import orbs_of  # noqa: PLC0415 - only configs with orbs need it

    return orbs_of(project.source, project.root, values=values, arguments=arguments)


def _source(config: Path) -> Source:
    return Source(path=str(config), text=_read(config))


def _path_within(root: Path, config: Path | None) -> str:
    """Return the config's path in its repository, or its whole path outside of it (ENV-001)."""
    if config is None:
        return str(CONFIG)
    path = config.resolve()
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _repository_facts(facts: GitFacts, config_path: str) -> RepositoryFacts:
    return RepositoryFacts(
        config_path=config_path,
        received_at=datetime.now(UTC).isoformat(),
        branch=facts.branch,
        revision=facts.revision,
        origin_url=facts.origin_url,
        default_branch=facts.default_branch,
        subject=facts.subject,
        body=facts.body,
    )


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        hint = f"write one, or name another by its path; the default is {CONFIG}"
        raise _unreadable(path, "there is no config here", hint) from None
    except OSError as error:
        message = f"the config cannot be read: {error.strerror}"
        raise _unreadable(path, message, "name a file that you may read") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        place = Place(str(path), before.count(b"\n") + 1, column)
        message = f"the byte 0x{content[error.start]:02x} is no UTF-8"
        hint = "save the file as UTF-8"
        problem = Problem(kind=ProblemKind.YAML_SYNTAX, message=message, place=place, hint=hint)
        raise ConfigError(problem) from error


def _unreadable(path: Path, message: str, hint: str) -> ConfigError:
    place = Place(str(path), 1, 1)
    return ConfigError(
        Problem(kind=ProblemKind.CONFIG_MISSING, message=message, place=place, hint=hint)
    )
