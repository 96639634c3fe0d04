"""What there is to run: the repository, its config, and the plan that a trigger makes of it."""

from datetime import UTC, datetime
from pathlib import Path

from samo.cli.trigger_options import TriggerCall
from samo.config import Source, arguments_from_text, compile_pipeline
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind, UsageError
from samo.system import GitFacts, Repository, read_repository
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values

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
    repository, facts = read_repository(repo)
    return _with_facts(repository, facts, config)


def load_config(config: Path | None = None) -> Project:
    """Read a config, and what git knows of the place where it stands; in no repository, nothing."""
    place = (config.parent if config else Path()).resolve()
    try:
        repository, facts = read_repository(place)
    except UsageError:
        source = _source(config or CONFIG)
        return Project(repository=None, root=place, source=source, facts=RepositoryFacts())
    return _with_facts(repository, facts, config)


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
    values = pipeline_values(trigger, project.facts, number=number, id=id)
    arguments = arguments_from_text(call.params)
    return compile_pipeline(project.source, values=values, arguments=arguments)


def _with_facts(repository: Repository, facts: GitFacts, config: Path | None) -> Project:
    source = _source(config or _short(repository.root / CONFIG))
    return Project(
        repository=repository,
        root=repository.root,
        source=source,
        facts=_repository_facts(facts),
    )


def _source(config: Path) -> Source:
    return Source(path=str(config), text=_read(config))


def _repository_facts(facts: GitFacts) -> RepositoryFacts:
    return RepositoryFacts(
        received_at=datetime.now(UTC).isoformat(),
        branch=facts.branch,
        revision=facts.revision,
        origin_url=facts.origin_url,
        default_branch=facts.default_branch,
        subject=facts.subject,
        body=facts.body,
    )


def _short(path: Path) -> Path:
    """Return the path as one would type it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


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
