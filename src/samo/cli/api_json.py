"""Runs, workflows, jobs and steps as JSON, by the field names of CircleCI's API v2."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from samo.cli.tally import JobTally, StepTally, Tally, WorkflowTally
from samo.pipeline.event import DifferenceNoted


def page(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return a list as the API gives it; ours is whole, so that no page follows."""
    return {"items": list(items), "next_page_token": None}


def run_json(tally: Tally, id: str) -> dict[str, Any]:  # noqa: A002
    """Return a run, what the API calls a pipeline, with its workflows, jobs and steps."""
    start, end = tally.start, tally.end
    workflows = [_workflow_json(each, id, tally) for each in tally.attempts()]
    differences = [difference_json(each) for each in tally.differences]
    return {
        "id": id,
        "number": start.number if start else None,
        "rerun_of": (start.rerun_of if start else 0) or None,
        "state": "created",
        "status": end.status if end else "running",
        "created_at": iso(start.time) if start else None,
        "stopped_at": iso(end.time) if end else None,
        "vcs": {
            "branch": (start.branch if start else "") or None,
            "tag": (start.tag if start else "") or None,
            "revision": (start.revision if start else "") or None,
        },
        "workflows": workflows,
        "differences": differences,
    }


def difference_json(noted: DifferenceNoted) -> dict[str, str]:
    """Return something that is not as in the cloud; texts are "" where there is nothing to say."""
    return {
        "rule": noted.rule,
        "message": noted.message,
        "workflow": noted.workflow,
        "job": noted.job,
        "place": noted.place,
    }


def iso(time: float) -> str:
    """Return a time in Unix seconds as the API writes it."""
    moment = datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")


def _workflow_json(workflow: WorkflowTally, id: str, tally: Tally) -> dict[str, Any]:  # noqa: A002
    ended = workflow.duration_s or tally.end
    return {
        "name": workflow.name,
        "attempt": workflow.attempt,
        "status": workflow.status,
        "created_at": iso(workflow.started),
        "stopped_at": iso(workflow.started + workflow.duration_s) if ended else None,
        "pipeline_id": id,
        "pipeline_number": tally.start.number if tally.start else None,
        "jobs": [_job_json(job) for job in workflow.jobs.values()],
    }


def _job_json(job: JobTally) -> dict[str, Any]:
    ended = job.started and job.status.is_final
    return {
        "name": job.name,
        "job_number": job.number or None,
        "status": job.status,
        "started_at": iso(job.started) if job.started else None,
        "stopped_at": iso(job.started + job.duration_s) if ended else None,
        "reason": job.reason,
        "steps": [step_json(step) for _, step in sorted(job.steps.items())],
    }


def step_json(step: StepTally) -> dict[str, Any]:
    """Return a step; the API shows one as an action, with these names."""
    return {
        "step": step.step,
        "name": step.name,
        "index": step.node,
        "status": step.status or "running",
        "exit_code": step.exit_code,
        "run_time_millis": round(step.duration_s * 1000) if step.status else None,
    }
