"""A config with all that is to be said of it: its errors, or its pipeline and the warnings."""

from collections.abc import Mapping

from samo.config.compile import NO_ORBS, compile_noting
from samo.config.document import Source
from samo.config.orbs import Orb
from samo.config.pipeline_arguments import NO_ARGUMENTS, Arguments
from samo.config.problems import Problems
from samo.config.review.caches import warn_of_caches
from samo.config.review.names import warn_of_names
from samo.config.review.resource_classes import warn_of_resource_classes
from samo.config.review.retired import warn_of_retired
from samo.config.review.suppression import silenced_lines
from samo.config.review.tag_filters import warn_of_tag_filters
from samo.config.review.unused import warn_of_unused
from samo.config.review.workspaces import warn_of_workspaces
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.problem import ConfigError, Problem, Severity

_CHECKS = (
    warn_of_names,
    warn_of_unused,
    warn_of_retired,
    warn_of_resource_classes,
    warn_of_tag_filters,
    warn_of_caches,
    warn_of_workspaces,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The problems of a config in the order of the file; `pipeline` is None if one is an error."""

    pipeline: Pipeline | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the pipeline from running."""
        return tuple(each for each in self.problems if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is legal, but surely not meant."""
        return tuple(each for each in self.problems if each.severity is Severity.WARNING)


def review(
    source: Source,
    *,
    values: Mapping[str, object],
    arguments: Arguments = NO_ARGUMENTS,
    orbs: Mapping[str, Orb] = NO_ORBS,
) -> Review:
    """Compile a config as `compile_pipeline` does, and look closer where that finds no error.

    What the text of an imported orb could do better is not told: its author reads it elsewhere.
    """
    problems = Problems()
    pipeline: Pipeline | None = None
    errors: tuple[Problem, ...] = ()
    try:
        compilation = compile_noting(
            problems, source, values=values, arguments=arguments, orbs=orbs
        )
    except ConfigError as error:
        errors = error.problems
    else:
        pipeline = compilation.pipeline
        for check in _CHECKS:
            check(compilation)
    text = source.text if isinstance(source.text, str) else source.text.decode(errors="replace")
    silenced = silenced_lines(text)
    warnings = [each for each in problems.warnings if _is_told(each, source.path, silenced)]
    return Review(pipeline=pipeline, problems=problems.in_order((*errors, *warnings)))


def _is_told(warning: Problem, path: str, silenced: frozenset[int]) -> bool:
    place = warning.place
    return place is None or (place.path == path and place.line not in silenced)
