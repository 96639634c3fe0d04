"""Short ways to write down pipelines for the tests of triggers."""

from samo.pipeline.job import Condition, Filters, Job, JobName, Patterns, Requirement
from samo.pipeline.pipeline import Pipeline, Schedule, Workflow
from samo.pipeline.place import Place

HERE = Place("config.yml", 1, 1)
NO_FILTERS = Filters()


def at(line: int, column: int = 1) -> Place:
    return Place("config.yml", line, column)


def only(*entries: str, place: Place = HERE) -> Patterns:
    return Patterns(only=entries, place=place)


def ignore(*entries: str, place: Place = HERE) -> Patterns:
    return Patterns(ignore=entries, place=place)


def job(name: str, *requires: str, filters: Filters = NO_FILTERS, place: Place = HERE) -> Job:
    return Job(
        name=JobName(name),
        declared_name=name,
        requires=tuple(Requirement(job=JobName(each), place=place) for each in requires),
        filters=filters,
        place=place,
    )


def condition(text: str, value: str) -> Condition:
    return Condition(text=text, holds=value == "true", place=HERE)


def workflow(
    name: str,
    *jobs: Job,
    condition: Condition | None = None,
    schedules: tuple[Schedule, ...] = (),
    place: Place = HERE,
) -> Workflow:
    return Workflow(name=name, jobs=jobs, condition=condition, schedules=schedules, place=place)


def pipeline(*workflows: Workflow) -> Pipeline:
    return Pipeline(path="config.yml", version="2.1", workflows=workflows)
