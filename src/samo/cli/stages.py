"""The stages of a workflow: how many jobs stand in a row before each one."""

from collections.abc import Sequence

from samo.pipeline.job import Job, JobName


def job_stages(jobs: Sequence[Job]) -> dict[JobName, int]:
    """Return each job's stage, from 0: one more than the highest stage that it requires.

    `jobs` are those of one workflow, with all that they require. It takes time that grows with the
    requirements, however they stand.
    """
    followers: dict[JobName, list[JobName]] = {job.name: [] for job in jobs}
    for job in jobs:
        for each in job.requires:
            followers[each.job].append(job.name)
    open_requirements = {job.name: len(job.requires) for job in jobs}
    stages = dict.fromkeys(followers, 0)
    ready = [name for name, count in open_requirements.items() if count == 0]
    for name in ready:  # grows meanwhile: the config has refused cycles, so all come in
        for follower in followers[name]:
            stages[follower] = max(stages[follower], stages[name] + 1)
            open_requirements[follower] -= 1
            if open_requirements[follower] == 0:
                ready.append(follower)
    return stages
