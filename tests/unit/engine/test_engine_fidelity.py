import pytest
from engine_plans import HERE, RUN, job, workflow

from samo.engine.fidelity import opening, refusals
from samo.engine.job import Supplies
from samo.engine.resources import Resources
from samo.engine.variables import RunFacts
from samo.executors import ProcessExecutor
from samo.pipeline.event import DifferenceNoted, RunStarted, WorkflowStarted
from samo.pipeline.job import JobType, MachineExecutor, MacosExecutor
from samo.stores import Caches, RunFolder

HERE_ALONE = ProcessExecutor({"PATH": "/usr/bin:/bin"})
SMALL = Resources(cores=2, memory_mib=4096)
MACHINE = MachineExecutor(image="ubuntu", place=HERE)


@pytest.mark.parametrize("kind", [JobType.RELEASE, JobType.LOCK, JobType.UNLOCK])
def test_a_job_that_only_the_cloud_has_is_refused(kind):
    [problem] = refusals((workflow(job("a", type=kind)),), HERE_ALONE)

    assert problem.message == f"job 'a' is of type {kind}, which only the cloud has (LOC-013)"


def test_what_can_run_is_not_refused():
    jobs = (
        job("a", executor=MACHINE),
        job("b", type=JobType.APPROVAL),
        job("c", type=JobType.NO_OP),
    )

    assert refusals((workflow(*jobs),), HERE_ALONE) == ()


def test_a_job_is_refused_once_however_often_it_stands():
    mac = job("a", executor=MacosExecutor(xcode="16.0", place=HERE))

    assert len(refusals((workflow(mac), workflow(mac, name="again")), HERE_ALONE)) == 1


def supplied(directory, plan, facts):
    return Supplies(
        workflows=(plan,),
        config="config.yml",
        facts=facts,
        folder=RunFolder(path=directory, number=7, id=RUN),
        slots=directory,
        executor=HERE_ALONE,
        caches=Caches(directory),
        machine=SMALL,
        serial_groups=directory,
        pipeline_number=7,
    )


def test_a_commit_that_the_cloud_skips_is_a_difference(tmp_path):
    facts = RunFacts(id="r1", skip_mark="[ci skip]")
    plan = workflow(job("a", type=JobType.APPROVAL))

    assert list(opening(supplied(tmp_path, plan, facts), 5.0))[2:] == [
        DifferenceNoted(
            time=5.0,
            run=RUN,
            rule="CFG-021",
            message="the commit says '[ci skip]': the cloud would run nothing",
        )
    ]


def test_a_run_opens_with_itself_its_workflows_and_its_differences(tmp_path):
    plan = workflow(job("a", executor=MACHINE))
    facts = RunFacts(id="r1", branch="main", revision="1a2b")

    assert list(opening(supplied(tmp_path, plan, facts), 5.0)) == [
        RunStarted(
            time=5.0, run=RUN, number=7, branch="main", revision="1a2b", config="config.yml"
        ),
        WorkflowStarted(time=5.0, run=RUN, workflow="w", jobs=("a",)),
        DifferenceNoted(
            time=5.0,
            run=RUN,
            rule="LOC-005",
            message="machine image ubuntu: this machine stands in for it",
            workflow="w",
            job="a",
            place="config.yml:1:1",
        ),
    ]
