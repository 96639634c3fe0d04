"""Executors: inline and by name, with arguments, and how the job's own keys win."""

import pytest
from config_texts import DOCKER, job_of, kinds, problems, warnings

from samo.pipeline.job import DockerExecutor, Image, MachineExecutor, MacosExecutor
from samo.pipeline.place import Place

AT = Place("c.yml", 1, 1)
HEAD = """\
executors:
  python:
    parameters: {version: {type: string, default: "3.12"}}
    docker: [{image: "cimg/python:<< parameters.version >>"}]
    resource_class: large
    shell: /bin/sh
    working_directory: ~/python
"""


def text_of(body, head=""):
    return f"version: 2.1\njobs:\n  build:\n    {body}\n{head}"


@pytest.mark.parametrize(
    ("body", "executor"),
    [
        (
            (
                "docker: [{image: a, name: n, entrypoint: e, command: [c, d], user: u, "
                "environment: {A: 1}, auth: {username: x, password: $Y}}, {image: b}]"
            ),
            DockerExecutor(
                images=(
                    Image(
                        image="a",
                        name="n",
                        entrypoint=("e",),
                        command=("c", "d"),
                        user="u",
                        environment=(("A", "1"),),
                        auth=(("username", "x"), ("password", "$Y")),
                        place=AT,
                    ),
                    Image(image="b", place=AT),
                ),
                place=AT,
            ),
        ),
        ("machine: true", MachineExecutor(place=AT)),
        (
            "machine: {image: ubuntu, docker_layer_caching: true}",
            MachineExecutor(image="ubuntu", docker_layer_caching=True, place=AT),
        ),
        ("macos: {xcode: 15.4}", MacosExecutor(xcode="15.4", place=AT)),
    ],
)
def test_a_job_says_where_it_runs(body, executor):
    assert job_of(f"{body}\n    steps: []").executor == executor


def test_a_machine_may_hold_its_resource_class_and_shell():
    job = job_of(
        "machine: {image: w, resource_class: windows.medium, shell: bash.exe}\n    steps: []"
    )

    assert (job.resource_class, job.shell) == ("windows.medium", "bash.exe")


def test_an_executor_by_name_gives_all_its_settings():
    job = job_of("executor: python\n    steps: []", HEAD)

    assert job.executor.images[0].image == "cimg/python:3.12"
    assert (job.resource_class, job.shell) == ("large", "/bin/sh")
    assert job.working_directory == "~/python"


def test_the_jobs_own_settings_beat_its_executors():
    job = job_of(
        "executor: {name: python, version: '3.11'}\n    resource_class: small\n"
        "    shell: bash\n    working_directory: /w\n    steps: []",
        HEAD,
    )
    assert job.executor.images[0].image == "cimg/python:3.11"
    assert (job.resource_class, job.shell, job.working_directory) == ("small", "bash", "/w")


def test_an_executor_may_be_an_argument():
    head = HEAD + ("workflows:\n  w:\n    jobs: [{build: {e: {name: python, version: '3.9'}}}]\n")
    job = job_of(
        "parameters: {e: {type: executor}}\n    executor: << parameters.e >>\n    steps: []", head
    )

    assert job.executor.images[0].image == "cimg/python:3.9"


def test_what_a_merge_brings_in_gives_way_to_the_jobs_own_executor():
    head = "base: &base {executor: python}\n" + HEAD
    text = head + f"version: 2.1\njobs:\n  build: {{<<: *base, {DOCKER}, steps: []}}\n"

    assert problems(text) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("steps: []", "3:3 schema"),
        ("docker: [{image: x}]\n    machine: true\n    steps: []", "5:5 schema"),
        ("docker: {image: x}\n    steps: []", "4:13 schema"),
        ("docker: []\n    steps: []", "4:13 schema"),
        ("docker: [x]\n    steps: []", "4:14 schema"),
        ("docker: [{image: x, env: {A: b}}]\n    steps: []", "4:25 schema"),
        ("docker: [{name: x}]\n    steps: []", "4:14 schema"),
        ("docker: [{image: 'x@sha256:abc'}]\n    steps: []", "4:22 schema"),
        ("machine: yes please\n    steps: []", "4:14 schema"),
        ("macos: {}\n    steps: []", "4:5 schema"),
        ("executor: nope\n    steps: []", "4:15 unknown-reference"),
        ("executor: [x]\n    steps: []", "4:15 schema"),
        ("executor: {version: x}\n    steps: []", "4:15 schema"),
    ],
)
def test_a_wrong_executor_is_told_at_its_place(body, place):
    assert kinds(text_of(body)) == [place]


def test_a_wrong_argument_of_an_executor_is_told_at_its_place():
    body = "executor: {name: python, version: 3.1, x: y}\n    steps: []"

    assert kinds(text_of(body, HEAD)) == ["4:39 param-type", "4:44 param-unexpected"]


def test_an_executor_that_nothing_names_is_warned_of():
    assert warnings(text_of(f"{DOCKER}\n    steps: []", HEAD)) == [
        "7:3 unused: the executor 'python' is not used"
    ]
