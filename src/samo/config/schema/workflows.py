"""The schema of workflows: their jobs, conditions, filters and schedules."""

from samo.config.filters import FILTER_KEYS, PATTERN_KEYS
from samo.config.invocation_keys import SERIAL_GROUP, TERMINAL
from samo.config.job_groups import JOB_GROUP_KEYS
from samo.config.logic import OPERATORS
from samo.config.matrix import MATRIX_KEYS
from samo.config.parameters import RESERVED
from samo.config.schedules import SCHEDULE_KEYS
from samo.config.schema.parts import (
    NAME,
    TEXT,
    TEXT_OR_TEXTS,
    Schema,
    integer,
    mapping,
    matching,
    or_null,
    ref,
    told,
)
from samo.config.workflows import MAX_AUTO_RERUNS, WORKFLOW_KEYS
from samo.pipeline.job import JobType

_JOBS: Schema = {"type": "array", "minItems": 1, "items": ref("invocation")}


def workflow_schema() -> Schema:
    """Return the schema of a workflow (WF-001)."""
    schedule = {"type": "object", "required": ["schedule"], "properties": {"schedule": _schedule()}}
    properties = {
        "jobs": told(_JOBS, "The jobs that run, each when those that it requires have ended."),
        "when": told(ref("condition"), "The workflow is there only if this holds."),
        "unless": told(ref("condition"), "The workflow is there only if this does not hold."),
        "triggers": told({"type": "array", "items": schedule}, "When it runs by the clock."),
        "max_auto_reruns": told(
            integer(1, MAX_AUTO_RERUNS), "So often it is run again from what failed."
        ),
        "description": told({}, "What it is for."),
    }
    workflow = mapping(WORKFLOW_KEYS, properties, ("jobs",))
    given = [{"required": [key], "properties": {key: _GIVEN}} for key in ("when", "unless")]
    return {**workflow, "not": {"allOf": given}}


def job_group_schema() -> Schema:
    """Return the schema of a job group (WF-034)."""
    properties = {"jobs": told(_JOBS, "The jobs that stand for each use of the group.")}
    return mapping(JOB_GROUP_KEYS, properties, ("jobs",))


def invocation_schema() -> Schema:
    """Return the schema of a job where a workflow runs it: its name, or a mapping with that key."""
    body = {"type": "object", "properties": _invocation_properties()}
    call = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": told(body, "A job: what this workflow says of it."),
    }
    return {"anyOf": [{"type": "string"}, call]}


def condition_schema() -> Schema:
    """Return the schema of a logic statement: a value, or one operator (LOG-001)."""
    several = {"type": ["array", "null"], "minItems": 1, "items": ref("condition")}
    matches = {
        "type": ["object", "null"],
        "required": ["pattern", "value"],
        "properties": {
            "pattern": told(NAME, "A regular expression for the whole value."),
            "value": told(TEXT, "What is compared with it."),
        },
        "additionalProperties": False,
    }
    properties = {
        "and": told(several, "Whether all hold."),
        "or": told(several, "Whether one holds."),
        "not": told(ref("condition"), "Whether it does not hold."),
        "equal": told({"type": ["array", "null"], "minItems": 1}, "Whether all are the same."),
        "matches": told(matches, "Whether a pattern fits a value."),
    }
    statement = {**mapping(OPERATORS, properties), "minProperties": 1, "maxProperties": 1}
    return {"anyOf": [TEXT, statement]}


def filters_schema() -> Schema:
    """Return the schema of filters: patterns for names, or an expression (WF-022, WF-027)."""
    properties = {
        "branches": told(ref("patterns"), "The branches for which the job runs."),
        "tags": told(ref("patterns"), "The tags for which the job runs; by default none."),
    }
    return {"anyOf": [{"type": ["string", "null"]}, mapping(FILTER_KEYS, properties)]}


def patterns_schema() -> Schema:
    """Return the schema of `only` and `ignore`."""
    properties = {
        "only": told(TEXT_OR_TEXTS, "Names, or /regular expressions/: only these."),
        "ignore": told(TEXT_OR_TEXTS, "Names, or /regular expressions/: all but these."),
    }
    return or_null(mapping(PATTERN_KEYS, properties))


_GIVEN: Schema = {"not": {"type": "null"}}


def _invocation_properties() -> dict[str, Schema]:
    properties = {
        "name": told(TEXT, "What the job is called in this workflow."),
        "requires": told(_requires(), "The jobs that must have ended before, and how."),
        "context": told(TEXT_OR_TEXTS, "Contexts whose variables the job sees."),
        "type": told({"enum": [*map(str, JobType)]}, "`approval` for a job that a person ends."),
        "filters": told(ref("filters"), "For which branches and tags it runs."),
        "matrix": told(_matrix(), "One job for each combination of values."),
        "pre-steps": told(or_null(ref("steps")), "Steps before the job's own."),
        "post-steps": told(or_null(ref("steps")), "Steps after the job's own."),
        "serial-group": told(matching(SERIAL_GROUP), "Of jobs with the same, one runs at a time."),
        "override-with": told(NAME, "A job of an orb that stands for this one."),
    }
    return mapping(RESERVED, properties)["properties"]  # type: ignore[no-any-return]


def _requires() -> Schema:
    status = {"enum": sorted(str(each) for each in TERMINAL)}
    statuses = {"anyOf": [status, {"const": "terminal"}, _some(status)]}
    one = {"minProperties": 1, "maxProperties": 1, "additionalProperties": statuses}
    items = {"anyOf": [NAME, {"type": "object", **one}]}
    return {"type": ["array", "null"], "items": items}


def _some(items: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": items}


def _matrix() -> Schema:
    values = {"type": ["array", "string"], "minItems": 1}
    properties = {
        "parameters": told(
            {"type": "object", "minProperties": 1, "additionalProperties": values},
            "Parameters of the job, each with the list of its values.",
        ),
        "exclude": told(
            {"type": ["array", "null"], "items": {"type": "object"}}, "Combinations left out."
        ),
        "alias": told(TEXT, "The name by which others require all of them."),
    }
    return mapping(MATRIX_KEYS, properties, ("parameters",))


def _schedule() -> Schema:
    branches = {"branches": told(ref("patterns"), "The branches for which it runs.")}
    properties = {
        "cron": told(NAME, "Minute, hour, day, month and weekday, in UTC; no steps."),
        "filters": told(mapping(branches, branches, ("branches",)), "For which branches it runs."),
    }
    return mapping(SCHEDULE_KEYS, properties, SCHEDULE_KEYS)
