"""What each job of a workflow requires, directly or not (WS-007), in the order of the graph."""

from collections.abc import Mapping

from samo.pipeline.job import JobName
from samo.pipeline.pipeline import Workflow


def upstream_of(workflow: Workflow) -> Mapping[JobName, tuple[JobName, ...]]:
    """Return for each job all jobs that must end before it, each after those that it requires."""
    required = {job.name: [each.job for each in job.requires] for job in workflow.jobs}
    found: dict[JobName, dict[JobName, None]] = {}
    for name in in_order(workflow):
        above: dict[JobName, None] = {}
        for each in required[name]:
            above.update(found[each])
            above[each] = None
        found[name] = above
    return {name: tuple(found[name]) for name in required}


def in_order(workflow: Workflow) -> list[JobName]:
    """Return the jobs, each after all that it requires; raises ValueError where they circle."""
    left = {job.name: {each.job for each in job.requires} for job in workflow.jobs}
    ordered: dict[JobName, None] = {}
    while left:
        ready = [name for name, required in left.items() if required <= ordered.keys()]
        if not ready:
            raise ValueError(f"the jobs {', '.join(left)} require one another")
        for name in ready:
            ordered[name] = None
            del left[name]
    return list(ordered)
