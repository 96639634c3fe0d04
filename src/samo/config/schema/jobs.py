"""The schema of jobs, of commands, and of orbs, which hold both."""

from samo.config.check import COMMAND_KEYS
from samo.config.executors import EXECUTOR_KEYS
from samo.config.jobs import BUILD_KEYS, OTHER_KEYS, RETENTION, RETENTION_KEYS
from samo.config.orbs import ORB_KEYS, REFERENCE
from samo.config.parameters import RESERVED, ParameterType
from samo.config.schema.executors import settings_properties
from samo.config.schema.parameters import parameters_schema
from samo.config.schema.parts import (
    FLAG,
    NAME,
    TAG,
    Schema,
    choice,
    integer,
    mapping,
    matching,
    named,
    or_null,
    ref,
    told,
)
from samo.pipeline.job import JobType

_DESCRIPTION = told({}, "What it is for.")
_OTHER = {
    "plan_name": told(NAME, "The release plan that a release follows."),
    "validation": told({}, "How a release is validated."),
    "key": told(NAME, "What a lock holds, or an unlock frees."),
}
_NEEDED = {
    JobType.RELEASE: ["plan_name"],
    JobType.LOCK: ["key"],
    JobType.UNLOCK: ["key"],
}


def job_schema() -> Schema:
    """Return the schema of a declared job; a text is the name of an orb's job (JOB-002)."""
    body = mapping((*BUILD_KEYS, *_OTHER), {**_build_properties(), **_OTHER})
    others = [str(each) for each in JobType if each is not JobType.BUILD]
    is_other = {"anyOf": [{"enum": others}, TAG]}
    body["if"] = {"properties": {"type": is_other}, "required": ["type"]}
    body["then"] = {"allOf": [_of_type(each) for each in JobType if each is not JobType.BUILD]}
    # EXE-001 wants exactly one, but an editor cannot tell a key from one that was merged (CFG-007).
    body["else"] = {
        "required": ["steps"],
        "anyOf": [{"required": [key]} for key in (*EXECUTOR_KEYS, "executor")],
        "properties": dict.fromkeys(_OTHER, False),
    }
    return {"anyOf": [{"type": "string"}, body]}


def command_schema() -> Schema:
    """Return the schema of a declared command; a text is the name of an orb's command."""
    properties = {
        "description": _DESCRIPTION,
        "parameters": parameters_schema("command", tuple(ParameterType)),
        "steps": told(ref("steps"), "What stands for each call of the command."),
    }
    return {"anyOf": [{"type": "string"}, mapping(COMMAND_KEYS, properties, ("steps",))]}


def orb_schema() -> Schema:
    """Return the schema of an orb: a reference to one, or one that is written inline (ORB-007)."""
    properties = {
        **elements(),
        "version": told({}, "Always 2.1."),
        "description": _DESCRIPTION,
        "display": told({}, "Where its sources are."),
        "examples": told({}, "How it is used."),
    }
    return {"anyOf": [matching(REFERENCE), mapping(ORB_KEYS, properties)]}


def elements() -> dict[str, Schema]:
    """Return the sections that a config and an orb have in common."""
    return {
        "orbs": named(ref("orb"), "Orbs by alias: NAMESPACE/ORB@VERSION, or inline."),
        "commands": named(ref("command"), "Named lists of steps."),
        "executors": named(ref("executor"), "Named places where jobs run."),
        "jobs": named(ref("job"), "Jobs by name; workflows say which of them run, and when."),
    }


def _build_properties() -> dict[str, Schema]:
    executor = {
        "anyOf": [
            {"type": ["string", "null"]},
            {"type": "object", "required": ["name"], "properties": {"name": NAME}},
        ]
    }
    retention = mapping(RETENTION_KEYS, {"caches": told(_days(), "Days, such as 7d.")})
    return {
        **settings_properties(),
        "executor": told(executor, "An executor by its name, or `{name: ..., ARGUMENTS}`."),
        "steps": told(ref("steps"), "What the job does, in this order."),
        "parallelism": told(integer(1), "So many copies run the steps, side by side."),
        "retention": told(or_null(retention), "How long things are kept."),
        "circleci_ip_ranges": told(FLAG, "Reach the network from known addresses only."),
        "branches": told({}, "Deprecated: use `filters` of the workflow."),
        "type": told(choice(JobType), "What kind of job it is; build by default."),
        "description": _DESCRIPTION,
        "parameters": parameters_schema("job", tuple(ParameterType), reserved=RESERVED),
    }


def _days() -> Schema:
    return {"anyOf": [matching(RETENTION), TAG, {"type": "null"}]}


def _of_type(job_type: JobType) -> Schema:
    """JOB-011: the keys of a build job may stand beside its own, and are ignored."""
    foreign = [key for key in _OTHER if key not in OTHER_KEYS.get(job_type, ())]
    return {
        "if": {"properties": {"type": {"const": str(job_type)}}},
        "then": {
            "required": _NEEDED.get(job_type, []),
            "properties": dict.fromkeys(foreign, False),
        },
    }
