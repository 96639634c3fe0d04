"""The JSON schema of a whole config, in draft 7: the newest that all editors know."""

from samo.config.compile import NEW_KEYS, NEW_VERSION, OLD_VERSIONS
from samo.config.parameters import PIPELINE_TYPES
from samo.config.schema.executors import environment_schema, executor_schema
from samo.config.schema.jobs import command_schema, elements, job_schema, orb_schema
from samo.config.schema.parameters import parameters_schema
from samo.config.schema.parts import Schema, named, ref, told
from samo.config.schema.steps import step_schema, steps_schema
from samo.config.schema.workflows import (
    condition_schema,
    filters_schema,
    invocation_schema,
    job_group_schema,
    patterns_schema,
    workflow_schema,
)

DRAFT = "http://json-schema.org/draft-07/schema#"


def language_schema() -> Schema:
    """Return the schema of what a config may hold; what its names stand for, no schema can tell.

    Keys that are unknown at the top are let pass, as CircleCI does (CFG-005).
    """
    is_old = {"properties": {"version": {"enum": _forms(*OLD_VERSIONS)}}}
    return {
        "$schema": DRAFT,
        "title": "CircleCI pipeline configuration",
        "type": "object",
        "required": ["version"],
        "properties": _sections(),
        "if": {**is_old, "required": ["version"]},
        "then": {"properties": dict.fromkeys(NEW_KEYS, False)},
        "definitions": {
            "command": command_schema(),
            "condition": condition_schema(),
            "environment": environment_schema(),
            "executor": executor_schema(),
            "filters": filters_schema(),
            "invocation": invocation_schema(),
            "job": job_schema(),
            "job-group": job_group_schema(),
            "orb": orb_schema(),
            "patterns": patterns_schema(),
            "step": step_schema(),
            "steps": steps_schema(),
            "workflow": workflow_schema(),
        },
    }


def _sections() -> dict[str, Schema]:
    versions = _forms(*OLD_VERSIONS, NEW_VERSION)
    workflows = named(ref("workflow"), "Workflows by name; all that hold run, side by side.")
    return {
        "version": told({"enum": versions}, "The version of the language: 2.1."),
        "setup": told(
            {"type": ["boolean", "null"]}, "Whether a job will name the config to go on with."
        ),
        **elements(),
        "parameters": parameters_schema("pipeline", PIPELINE_TYPES, ("type", "default")),
        "job-groups": named(ref("job-group"), "Named lists of jobs that workflows run as one."),
        "workflows": {**workflows, "properties": {"version": told({}, "No workflow.")}},
        "experimental": told({}, "No effect."),
    }


def _forms(*versions: str) -> list[str | float]:
    """Return what a version may be written as: a text, or a number."""
    return [*versions, *dict.fromkeys(map(float, versions))]
