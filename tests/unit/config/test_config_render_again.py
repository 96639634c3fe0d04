"""What `config process` prints compiles to the same workflows, and is printed the same again."""

from dataclasses import replace

from config_pipelines import workflows
from config_texts import compiled
from hypothesis import given, settings
from hypothesis import strategies as st

from samo.config.render import render_pipeline, yaml_text
from samo.pipeline.pipeline import Pipeline


@settings(max_examples=50, deadline=None)
@given(st.tuples(workflows("one"), workflows("two")))
def test_what_is_printed_compiles_to_the_same_workflows(wanted):
    pipeline = Pipeline(path="c.yml", version="2.1", workflows=wanted)
    text = yaml_text(render_pipeline(pipeline))
    again = compiled(text)

    assert tuple(map(undeclared, again.workflows)) == wanted
    assert yaml_text(render_pipeline(again)) == text


def undeclared(workflow):
    jobs = tuple(replace(job, declared_name="") for job in workflow.jobs)
    return replace(workflow, jobs=jobs)
