import pytest
from engine_plans import HERE, job

from samo.engine.resources import Resources, wanted_by
from samo.pipeline.job import DockerExecutor, Image, MachineExecutor

GB = 1024
DOCKER = DockerExecutor(images=(Image(image="cimg/base:current", place=HERE),), place=HERE)
MACHINE = MachineExecutor(image="ubuntu-2404:current", place=HERE)


@pytest.mark.parametrize(
    ("executor", "resource_class", "cores", "memory_gb"),
    [
        (DOCKER, "small", 1, 2),
        (DOCKER, "medium+.gen2", 3, 6),
        (DOCKER, "2xlarge+", 20, 40),
        (DOCKER, "arm.large.gen2", 4, 16),
        (MACHINE, "arm.xlarge", 8, 32),
        (MACHINE, "medium", 2, 7.5),
        (MACHINE, "2xlarge+", 32, 64),
        (MACHINE, "2xlarge+.gen2", 32, 128),
        (MACHINE, "medium.gen3", 2, 8),
        (MACHINE, "gpu.nvidia.small.gen2", 4, 16),
        (MACHINE, "gpu.nvidia.medium.multi", 8, 30),
        (MACHINE, "windows.large", 8, 32),
        (MACHINE, "windows.gpu.nvidia.medium", 16, 60),
    ],
)
def test_a_class_takes_what_the_cloud_gives_it(executor, resource_class, cores, memory_gb):
    wanted = wanted_by(job("a", executor=executor, resource_class=resource_class))

    assert wanted == Resources(cores=cores, memory_mib=int(memory_gb * GB))


@pytest.mark.parametrize("resource_class", ["", "our-namespace/our-runner", "enormous"])
def test_a_job_whose_class_says_no_size_takes_one_core(resource_class):
    wanted = wanted_by(job("a", executor=DOCKER, resource_class=resource_class))

    assert wanted == Resources(cores=1, memory_mib=0)
