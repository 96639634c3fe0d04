"""The body of a compiled job: everything that does not depend on the workflow that runs it."""

from dataclasses import replace

from samo.config.render.steps import render_step
from samo.config.render.tree import Tree, set_fields
from samo.pipeline.job import (
    DockerExecutor,
    Filters,
    Job,
    JobExecutor,
    JobName,
    JobType,
    MachineExecutor,
    MacosExecutor,
)

_TEXTS = ("resource_class", "working_directory", "shell")


def body_of(job: Job) -> Job:
    """Return the job without its name and all that a workflow says: equal bodies are one job."""
    return replace(
        job,
        name=JobName(""),
        declared_name="",
        requires=(),
        contexts=(),
        filters=Filters(),
        serial_group="",
        job_group="",
    )


def render_job(job: Job) -> dict[str, Tree]:
    """Return what stands below the job's name under `jobs`."""
    if job.type is not JobType.BUILD:
        return {"type": str(job.type), **dict(job.details)}
    texts = ((key, getattr(job, key)) for key in _TEXTS)
    body: dict[str, Tree] = {
        **_executor(job.executor),
        **{key: text for key, text in texts if text},
    }
    if job.parallelism != 1:
        body["parallelism"] = job.parallelism
    if job.environment:
        body["environment"] = [{name: value} for name, value in job.environment]
    if job.retention:
        body["retention"] = {"caches": job.retention}
    if job.circleci_ip_ranges:
        body["circleci_ip_ranges"] = True
    body["steps"] = [render_step(step) for step in job.steps]
    return body


def _executor(executor: JobExecutor | None) -> dict[str, Tree]:
    match executor:
        case DockerExecutor():
            return {"docker": [set_fields(image) for image in executor.images]}
        case MachineExecutor():
            return {"machine": set_fields(executor) or True}
        case MacosExecutor():
            return {"macos": set_fields(executor)}
    return {}
