"""What a config compiles to, as the plain data that cases are written in."""

import dataclasses
from collections.abc import Mapping
from enum import Enum
from typing import Any

from samo.pipeline.job import DockerExecutor, Image, Job, JobStatus, MacosExecutor, Requirement
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.step import Run

_PAIRS = ("environment", "auth", "aws_auth", "gcp_auth")


def plain_facts(
    pipeline: Pipeline, *, like: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return all workflows and jobs, and of each job the facts that `like` names."""
    return {
        workflow.name: {
            job.name: {fact: plain_job(job)[fact] for fact in wanted.get(job.name, {})}
            for job in workflow.jobs
        }
        for workflow in pipeline.workflows
        for wanted in [like.get(workflow.name, {})]
    }


def plain_job(job: Job) -> dict[str, Any]:
    """Return a job's facts, those that it leaves at their default too."""
    facts = {field.name: _plain(getattr(job, field.name)) for field in dataclasses.fields(job)}
    facts["environment"] = dict(job.environment)
    facts["steps"] = [_step(step) for step in job.steps]
    facts["executor"] = _executor(job)
    facts["requires"] = [_requirement(each) for each in job.requires]
    return facts


def _step(step: Any) -> Any:
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(step).__name__)[1:]
    facts = _set_fields(step)
    if isinstance(step, Run):
        if facts["name"] == facts["command"]:
            del facts["name"]
        name = "deploy" if facts.pop("is_deploy", False) else name
        if list(facts) == ["command"]:
            return {name: step.command}
    return {name: facts} if facts else name


def _executor(job: Job) -> Any:
    match job.executor:
        case None:
            return None
        case DockerExecutor(images=images):
            return {"docker": [_image(image) for image in images]}
        case MacosExecutor() as executor:
            return {"macos": _set_fields(executor)}
        case executor:
            return {"machine": _set_fields(executor)}


def _image(image: Image) -> Any:
    facts = _set_fields(image)
    return image.image if list(facts) == ["image"] else facts


def _requirement(requirement: Requirement) -> Any:
    if requirement.statuses == {JobStatus.SUCCESS}:
        return str(requirement.job)
    return {str(requirement.job): sorted(str(status) for status in requirement.statuses)}


def _set_fields(value: Any) -> dict[str, Any]:
    """Return the fields that differ from their default, `place` left out."""
    return {
        field.name: _field(value, field.name)
        for field in dataclasses.fields(value)
        if field.name != "place" and getattr(value, field.name) != field.default
    }


def _field(value: Any, name: str) -> Any:
    found = getattr(value, name)
    return dict(found) if name in _PAIRS else _plain(found)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value
