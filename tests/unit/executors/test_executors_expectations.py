from pathlib import Path

import pytest

from samo.executors.expectations import unmet
from samo.pipeline.job import DockerExecutor, Image, Job, JobName, MachineExecutor
from samo.pipeline.place import Place
from samo.pipeline.step import Run, SaveCache

HERE = Place("config.yml", 7, 3)
MACHINE = MachineExecutor(image="ubuntu-2204:current", place=HERE)
NO_PROGRAMS = "/no/such/folder"


def job(executor=None, *steps, **settings):
    name = JobName("build")
    return Job(
        name=name, declared_name="build", executor=executor, steps=steps, place=HERE, **settings
    )


def image(**settings):
    named = Image(image="cimg/base:stable", place=HERE, **settings)
    return DockerExecutor(images=(named,), place=HERE)


def run(command):
    return Run(name="x", command=command, place=HERE)


def told(wanted, path=NO_PROGRAMS):
    return [(each.rule, each.message) for each in unmet(wanted, path)]


def test_a_plain_job_expects_nothing_that_is_not_here():
    assert told(job(image(), run("make test"))) == []


@pytest.mark.parametrize(
    ("wanted", "rule", "message"),
    [
        (
            job(image(user="root")),
            "EXE-016",
            "image cimg/base:stable: its steps run as you, not as root",
        ),
        (
            job(image(command=("serve",))),
            "EXE-014",
            "image cimg/base:stable: its entrypoint and command are not run",
        ),
        (
            job(MachineExecutor(docker_layer_caching=True, place=HERE)),
            "LOC-004",
            "docker_layer_caching has no effect here",
        ),
        (
            job(image(), resource_class="small"),
            "LOC-006",
            "resource classes: nothing holds a job to its cores and memory",
        ),
        (
            job(image(), SaveCache(key="k", paths=("/usr/local/x", "a", "~/b"), place=HERE)),
            "LOC-003",
            "cache path /usr/local/x: it is outside of the job's place, not cached",
        ),
    ],
)
def test_what_is_not_here_is_told(wanted, rule, message):
    assert told(wanted) == [(rule, message)]


@pytest.mark.skipif(Path("/mnt/ramdisk").is_dir(), reason="this machine has a /mnt/ramdisk")
def test_a_ramdisk_that_is_not_here_is_told():
    wanted = job(image(), run("ls /mnt/ramdisk/x"))

    assert told(wanted) == [("EXE-020", "there is no /mnt/ramdisk here")]


def test_a_cache_below_the_working_directory_is_the_jobs_own():
    cached = SaveCache(key="k", paths=("/app/cache",), place=HERE)

    assert told(job(image(), cached, working_directory="/app")) == []


@pytest.mark.parametrize(
    "command",
    [
        "sudo make install",
        "make && sudo make install",
        "if true; then sudo make; fi",
        "echo x | sudo tee f",
        "version=$(sudo cat f)",
        "first\n  sudo second",
    ],
)
def test_a_call_of_sudo_is_seen(command):
    assert told(job(image(), run(command))) == [("EXE-023", "there is no sudo here")]


@pytest.mark.parametrize(
    "command",
    [
        "# sudo make",
        "echo sudo",
        "apt-get install sudo",
        "command -v sudo",
        "pseudo x",
        "sudoers x",
    ],
)
def test_a_word_that_is_no_call_is_not_taken_for_one(command):
    assert told(job(image(), run(command))) == []


def test_a_program_that_is_here_acts_on_this_machine(tmp_path):
    for name in ("sudo", "docker"):
        (tmp_path / name).touch(mode=0o755)

    assert told(job(MACHINE, run("sudo docker build .")), str(tmp_path)) == [
        ("EXE-023", "sudo would act on this machine itself")
    ]
    assert told(job(MACHINE, run("docker build .")), str(tmp_path)) == [
        ("EXE-023", "docker asks this machine's own engine")
    ]


def test_only_a_machine_has_docker_of_its_own():
    assert told(job(image(), run("docker ps"))) == []
