"""Which pipeline values a config reads that are null, for whom, and where."""

from samo.config import Source, compile_pipeline
from samo.pipeline.place import Place

CONFIG = """\
version: 2.1
commands:
  tell:
    steps: [run: echo << pipeline.event.github.ref >>]
jobs:
  build:
    docker: [{image: busybox}]
    steps:
      - tell
      - run: echo << pipeline.number >> << pipeline.name >>
      - run: echo << pipeline.name >>
  unused:
    docker: [{image: busybox}]
    steps: [run: echo << pipeline.trigger.id >>]
workflows:
  w:
    when: {equal: [x, << pipeline.deploy.reason >>]}
    jobs: [build]
"""


def test_null_values_are_told_once_for_each_job_that_a_workflow_invokes():
    values = {"pipeline.number": 7, "pipeline.name": None}
    pipeline = compile_pipeline(Source(path="c.yml", text=CONFIG), values=values)

    assert [(each.name, each.job, each.place) for each in pipeline.null_values] == [
        ("pipeline.event.github.ref", "build", Place("c.yml", 4, 26)),
        ("pipeline.name", "build", Place("c.yml", 10, 44)),
        ("pipeline.deploy.reason", "", Place("c.yml", 17, 26)),
    ]
