"""What the process executor says of a job before it starts."""

from dataclasses import replace

import pytest

from samo.executors import Difference, NoIsolation, ProcessExecutor
from samo.executors.namespace import Isolation
from samo.pipeline.job import DockerExecutor, Image, Job, JobName, MachineExecutor, MacosExecutor
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind
from samo.pipeline.step import Run, SetupRemoteDocker

PLACE = Place("config.yml", 7, 3)
EXECUTOR = ProcessExecutor({"PATH": "/usr/bin:/bin", "PYENV_ROOT": "/no/such/pyenv"})


def job(executor, **keys):
    return Job(name=JobName("build"), declared_name="build", executor=executor, place=PLACE, **keys)


def docker(*images):
    return DockerExecutor(
        images=tuple(Image(image=name, place=PLACE) for name in images), place=PLACE
    )


MACHINE = MachineExecutor(image="ubuntu-2204:current", place=PLACE)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (job(MacosExecutor(xcode="16", place=PLACE)), "job 'build' needs macOS"),
        (job(MACHINE, resource_class="windows.medium"), "job 'build' needs Windows"),
        (
            job(docker("cimg/base:stable", "postgres:16", "redis")),
            "job 'build' needs secondary containers: postgres:16, redis",
        ),
        (
            job(docker("cimg/base:stable"), steps=(SetupRemoteDocker(name="x", place=PLACE),)),
            "job 'build' needs a Docker engine of its own",
        ),
    ],
)
def test_what_needs_more_than_this_machine_is_a_problem_before_the_start(wanted, message):
    assert EXECUTOR.check(wanted) == (
        Problem(
            kind=ProblemKind.UNSUPPORTED_LOCALLY,
            message=message,
            place=PLACE,
            hint="name the jobs that can run here: samo run --job NAME",
        ),
    )


@pytest.mark.parametrize("wanted", [job(docker("cimg/base:stable")), job(MACHINE), job(None)])
def test_what_needs_no_more_than_this_machine_is_no_problem(wanted):
    assert EXECUTOR.check(wanted) == ()


@pytest.mark.parametrize(
    ("wanted", "rule", "message"),
    [
        (
            job(docker("cimg/base:stable")),
            "LOC-003",
            "image cimg/base:stable: this machine's own programs stand in for it",
        ),
        (
            job(MACHINE),
            "LOC-005",
            "machine image ubuntu-2204:current: this machine stands in for it",
        ),
        (
            job(MachineExecutor(place=PLACE)),
            "LOC-005",
            "machine image default: this machine stands in for it",
        ),
    ],
)
def test_what_stands_in_for_an_image_is_told(wanted, rule, message):
    assert EXECUTOR.differences(wanted) == (Difference(rule=rule, message=message),)


def test_a_working_directory_that_only_an_image_has_is_told():
    assert EXECUTOR.differences(job(None, working_directory="/app")) == (
        Difference(
            rule="LOC-003",
            message="working directory /app: a folder of the job's own stands in for it",
        ),
    )


def test_why_jobs_are_not_isolated_is_told():
    executor = replace(EXECUTOR, isolation=NoIsolation(reason="no bubblewrap"))
    assert executor.differences(job(None)) == (
        Difference(
            rule="LOC-003",
            message="jobs see this machine as it is, and may change it: no bubblewrap",
        ),
    )


def test_with_mounts_of_its_own_a_job_works_where_it_wants_to_and_changes_nothing():
    executor = replace(EXECUTOR, isolation=Isolation(bwrap="/bwrap", nsenter="/nsenter"))
    wanted = job(
        None,
        working_directory="/no-such-folder",
        steps=(Run(name="x", command="sudo ls /mnt/ramdisk", place=PLACE),),
    )
    [difference] = executor.differences(wanted)
    assert difference.message in ("sudo finds this machine read-only", "there is no sudo here")
    [difference] = executor.differences(job(None, working_directory="/usr"))
    assert difference.message.startswith("working directory /usr: a folder of the job's own")
