"""`config process`: what a compiled pipeline looks like."""

import pytest
from config_texts import DOCKER, compiled, problems

from samo.config.render import render_pipeline, yaml_text
from samo.config.render.steps import duration


def processed(text):
    return render_pipeline(compiled(text))


def test_everything_is_expanded_and_only_what_differs_from_its_default_is_told():
    config = """\
version: 2.1
parameters: {image: {type: string, default: base}}
orbs:
  tools:
    executors:
      small:
        parameters: {tag: {type: string}}
        docker: [{image: "cimg/<< parameters.tag >>", auth: {username: me, password: $SECRET}}]
        resource_class: small
        environment: {A: executor, B: executor}
    commands:
      greet: {parameters: {to: {type: string}}, steps: [run: "echo \\\\<< << parameters.to >>"]}
jobs:
  build:
    executor: {name: tools/small, tag: << pipeline.parameters.image >>}
    environment: {B: job, C: true}
    parallelism: 2
    retention: {caches: 7d}
    steps:
      - checkout
      - tools/greet: {to: you}
      - run: {name: Test, command: make test, no_output_timeout: 20m, when: always}
      - when: {condition: false, steps: [checkout]}
  unused: {docker: [{image: busybox}], steps: [checkout]}
workflows:
  main: {jobs: [build]}
  never: {when: false, jobs: [unused]}
"""
    assert processed(config) == {
        "version": 2,
        "jobs": {
            "build": {
                "docker": [
                    {"image": "cimg/base", "auth": {"username": "me", "password": "$SECRET"}}
                ],
                "resource_class": "small",
                "parallelism": 2,
                "environment": [{"A": "executor"}, {"B": "job"}, {"C": "1"}],
                "retention": {"caches": "7d"},
                "steps": [
                    "checkout",
                    {"run": {"command": "echo << you"}},
                    {
                        "run": {
                            "name": "Test",
                            "command": "make test",
                            "no_output_timeout": "20m",
                            "when": "always",
                        }
                    },
                ],
            }
        },
        "workflows": {"main": {"jobs": ["build"]}, "version": 2},
    }


def test_an_invocation_says_what_the_workflow_says_of_it():
    config = f"""\
version: 2.1
jobs:
  a: {{{DOCKER}, steps: [checkout]}}
  idle: {{type: no-op}}
workflows:
  main:
    max_auto_reruns: 2
    triggers: [{{schedule: {{cron: "0 2 * * *", filters: {{branches: {{only: main}}}}}}}}]
    jobs:
      - a:
          context: org
          serial-group: deploys
          filters: {{tags: {{ignore: /x/}}, branches: {{}}}}
      - hold: {{type: approval, requires: [a]}}
      - idle: {{requires: [hold, a: [failed, canceled]], filters: pipeline.git.branch == "main"}}
"""
    document = processed(config)

    assert document["jobs"]["idle"] == {"type": "no-op"}
    assert document["workflows"]["main"] == {
        "triggers": [
            {"schedule": {"cron": "0 2 * * *", "filters": {"branches": {"only": ["main"]}}}}
        ],
        "max_auto_reruns": 2,
        "jobs": [
            {
                "a": {
                    "context": ["org"],
                    "filters": {"branches": {}, "tags": {"ignore": ["/x/"]}},
                    "serial-group": "deploys",
                }
            },
            {"hold": {"type": "approval", "requires": ["a"]}},
            {
                "idle": {
                    "requires": ["hold", {"a": ["canceled", "failed"]}],
                    "filters": "true",
                }
            },
        ],
    }


def test_each_job_of_a_matrix_is_a_job_of_its_own():
    config = f"""\
version: 2.1
jobs:
  build:
    parameters: {{v: {{type: string}}}}
    {DOCKER}
    steps: [run: make << parameters.v >>]
workflows: {{w: {{jobs: [build: {{matrix: {{parameters: {{v: ["1.10", "2"]}}}}}}]}}}}
"""
    document = processed(config)

    assert list(document["jobs"]) == ["build-1.10", "build-2"]
    assert document["workflows"]["w"] == {"jobs": ["build-1.10", "build-2"]}


def test_a_job_that_several_workflows_run_stands_there_once_unless_they_run_it_differently():
    config = f"""\
version: 2.1
jobs:
  build: {{{DOCKER}, steps: [checkout]}}
workflows:
  first: {{jobs: [build]}}
  second: {{jobs: [build: {{context: org}}]}}
  third: {{jobs: [build: {{pre-steps: [run: date]}}]}}
"""
    document = processed(config)

    assert {name: job["steps"] for name, job in document["jobs"].items()} == {
        "build": ["checkout"],
        "build-1": [{"run": {"command": "date"}}, "checkout"],
    }
    assert document["workflows"]["second"] == {"jobs": [{"build": {"context": ["org"]}}]}
    assert document["workflows"]["third"] == {"jobs": [{"build-1": {"name": "build"}}]}


def test_no_job_takes_the_name_of_an_approval():
    config = f"""\
version: 2.1
jobs: {{a: {{{DOCKER}, steps: [checkout]}}}}
workflows:
  first: {{jobs: [a: {{name: hold}}]}}
  second: {{jobs: [hold: {{type: approval}}]}}
"""
    document = processed(config)

    assert list(document["jobs"]) == ["hold-1"]
    assert problems(yaml_text(document)) == []


def test_a_pipeline_that_runs_nothing_is_a_config_that_runs_nothing():
    config = f"""\
version: 2.1
jobs: {{a: {{{DOCKER}, steps: []}}}}
workflows: {{w: {{when: false, jobs: [a]}}}}
"""
    document = processed(config)

    assert document == {"version": 2, "jobs": {}, "workflows": {"version": 2}}
    assert compiled(yaml_text(document)).workflows == ()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "0.5s"),
        (90.0, "90s"),
        (900.0, "15m"),
        (4500.0, "75m"),
        (7200.0, "2h"),
        (1e-07, "0.0000001s"),
    ],
)
def test_a_duration_is_told_in_the_largest_whole_unit(seconds, text):
    assert duration(seconds) == text
