"""What will not be as in the cloud for a job, whatever executor has it."""

from collections.abc import Iterator, Mapping

from samo.engine.context_limits import context_differences
from samo.engine.differences.circumstances import Circumstances
from samo.engine.differences.of_commands import command_differences
from samo.engine.resources import wanted_by, width_of
from samo.executors import Difference
from samo.pipeline.job import Job, JobType
from samo.pipeline.step import AddSshKeys, Checkout, SaveCache, Step


def job_differences(job: Job, around: Circumstances) -> Iterator[Difference]:
    """Return what differs for a job; approvals and other jobs without steps are the same here."""
    if job.type is not JobType.BUILD:
        return
    grants = around.facts.grants
    yield from context_differences(job, grants)
    yield from around.executor.differences(job)
    yield from _capacity(job, around)
    yield from _settings(job)
    for step in job.steps:
        yield from _of_step(step)
    given = {*grants.variables, *(n for c in job.contexts for n in grants.contexts.get(c, ()))}
    yield from command_differences(job, given)
    if around.origins.local_orbs:
        yield from _local_orbs(job, around.origins.local_orbs)


def _capacity(job: Job, around: Circumstances) -> Iterator[Difference]:
    wanted = wanted_by(job)
    if not wanted.fits(around.machine):
        shown = f"{wanted.cores:g} cores and {wanted.memory_mib / 1024:g} GB"
        message = f"resource class {job.resource_class}: {shown} are not lent here"
        yield Difference(rule="LOC-006", message=message, place=job.place)
    width = width_of(job, around.machine)
    if width < job.parallelism:
        message = f"parallelism {job.parallelism}: this machine has room for {width} at a time"
        yield Difference(rule="LOC-018", message=message, place=job.place)


def _settings(job: Job) -> Iterator[Difference]:
    if job.serial_group:
        message = (
            f"serial group '{job.serial_group}': only runs on this machine wait for each other"
        )
        yield Difference(rule="LOC-014", message=message, place=job.place)
    if job.circleci_ip_ranges:
        message = "circleci_ip_ranges: requests come from this machine's own address"
        yield Difference(rule="LOC-008", message=message, place=job.place)
    if job.retention and any(isinstance(step, SaveCache) for step in job.steps):
        message = f"retention {job.retention}: caches here do not expire"
        yield Difference(rule="LOC-008", message=message, place=job.place)


def _of_step(step: Step) -> Iterator[Difference]:
    match step:
        case AddSshKeys(fingerprints=()):
            message = "add_ssh_keys: a project has no keys here, none is added"
            yield Difference(rule="LOC-012", message=message, place=step.place)
        case AddSshKeys(fingerprints=names):
            message = f"add_ssh_keys: no key {', '.join(names)} is here, the step fails"
            yield Difference(rule="LOC-012", message=message, place=step.place)
        case Checkout(method="shallow"):
            message = "a shallow checkout has all commits here"
            yield Difference(rule="STEP-022", message=message, place=step.place)


def _local_orbs(job: Job, local: Mapping[str, str]) -> Iterator[Difference]:
    """Return the orbs of a job that files of the repository stand in for (ORB-021)."""
    texts = dict.fromkeys(step.place.path for step in job.steps)
    for path, reference in local.items():
        if any(text == path or text.startswith(f"{path}/") for text in texts):
            message = f"orb {reference}: {path} of this repository stands in for it"
            yield Difference(rule="ORB-021", message=message, place=job.place)
