"""Tag filters that come to nothing, as no required job runs on a tag."""

from samo.config.compile import Compilation
from samo.pipeline.job import Job
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import ProblemKind


def warn_of_tag_filters(compilation: Compilation) -> None:
    """Note each job with a tag filter all of whose requirements lack one (WF-008, WF-025)."""
    for workflow in compilation.pipeline.workflows:
        for job in _lost_on_tags(workflow):
            names = ", ".join(f"'{each.job}'" for each in job.requires)
            message = f"the tag filter of '{job.name}' has no effect: on a tag it does not run"
            hint = f"what it requires needs a tag filter too: {names}"
            patterns = job.filters.tags
            place = patterns.place if patterns else job.place
            compilation.scope.problems.warn(ProblemKind.NO_EFFECT, message, place, hint)


def _lost_on_tags(workflow: Workflow) -> list[Job]:
    running = {job.name for job in workflow.jobs if _may_run_on_a_tag(job)}
    return [
        job
        for job in workflow.jobs
        if job.name in running
        and job.filters.expression is None
        and job.requires
        and not any(each.job in running for each in job.requires)
    ]


def _may_run_on_a_tag(job: Job) -> bool:
    """WF-025: without a tag filter, or with an empty one, a job runs on no tag."""
    tags = job.filters.tags
    has_patterns = tags is not None and (tags.only is not None or tags.ignore is not None)
    return has_patterns or job.filters.expression is not None
