from engine_plans import HERE, job

from samo.engine.variables import Grants, Node, RunFacts, built_in, job_variables
from samo.pipeline.job import DockerExecutor, Image

RUN = RunFacts(
    id="0b6f9b5e-4b5e-4f63-9d7c-1c9b0a2f8f11",
    branch="main",
    revision="1a2b3c",
    origin_url="https://github.com/samo-ai/samo-dl.git",
    owner="samo-ai",
    repository="samo-dl",
    username="ada",
    grants=Grants(
        contexts={"one": {"TOKEN": "1", "BOTH": "1"}, "two": {"BOTH": "2"}},
        variables={"BOTH": "0", "API": "project"},
    ),
)


def node(**settings):
    return Node(workflow="w", job=job("unit-tests", **settings), number=7, log_url="file:///log")


def test_the_built_in_variables_tell_of_the_run_and_the_job():
    variables = built_in(RUN, node())

    assert {name: variables[name] for name in variables if not name.endswith("_ID")} == {
        "CI": "true",
        "CIRCLECI": "true",
        "CIRCLE_BRANCH": "main",
        "CIRCLE_SHA1": "1a2b3c",
        "CIRCLE_JOB": "unit-tests",
        "CIRCLE_BUILD_NUM": "7",
        "CIRCLE_BUILD_URL": "file:///log",
        "CIRCLE_NODE_INDEX": "0",
        "CIRCLE_NODE_TOTAL": "1",
        "CIRCLE_WORKING_DIRECTORY": "~/project",
        "CIRCLE_PROJECT_USERNAME": "samo-ai",
        "CIRCLE_PROJECT_REPONAME": "samo-dl",
        "CIRCLE_REPOSITORY_URL": "https://github.com/samo-ai/samo-dl.git",
        "CIRCLE_USERNAME": "ada",
    }
    assert variables["CIRCLE_PIPELINE_ID"] == RUN.id


def test_on_a_tag_there_is_no_branch():
    variables = built_in(RunFacts(id=RUN.id, tag="v1"), node())

    assert variables["CIRCLE_TAG"] == "v1"
    assert "CIRCLE_BRANCH" not in variables


def test_ids_are_stable_within_a_run_and_differ_between_jobs():
    first, again = built_in(RUN, node()), built_in(RUN, node())
    other = built_in(RUN, Node(workflow="w", job=job("b"), number=8))

    assert first == again
    assert first["CIRCLE_WORKFLOW_ID"] == other["CIRCLE_WORKFLOW_ID"]
    assert first["CIRCLE_WORKFLOW_JOB_ID"] != other["CIRCLE_WORKFLOW_JOB_ID"]


def test_job_then_built_ins_then_contexts_then_project_then_place_then_image():
    image = Image(image="cimg/base", environment=(("A", "image"), ("HOME", "/x")), place=HERE)
    docker = DockerExecutor(images=(image,), place=HERE)
    environment = (("CIRCLE_JOB", "mine"), ("TOKEN", "job"))
    given = node(executor=docker, environment=environment, contexts=("one", "two"))
    place = {"HOME": "/home/job", "CI": "place", "API": "place"}
    variables = job_variables(RUN, given, place)
    names = ("A", "HOME", "CI", "CIRCLE_JOB", "TOKEN", "BOTH", "API")

    assert {name: variables[name] for name in names} == {
        "A": "image",
        "HOME": "/home/job",
        "CI": "true",
        "CIRCLE_JOB": "mine",
        "TOKEN": "job",
        "BOTH": "2",
        "API": "project",
    }
