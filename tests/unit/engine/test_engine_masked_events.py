from typing import get_args, get_type_hints

from engine_plans import RUN

from samo.engine.masked_events import WORDS, masked_event
from samo.engine.masking import Secrets
from samo.pipeline.event import ArtifactStored, Event, JobFinished, StepOutput
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus

NAMES = {"branch", "tag", "revision", "config", "workflow", "by", "rule", "place"}
SECRETS = Secrets(["hunter22"])


def step_event(kind, **values):
    return kind(time=1.0, run=RUN, workflow="hunter22", job=JobName("hunter22"), step=0, **values)


def test_every_text_of_every_event_is_a_word_or_a_name_or_output():
    texts = {
        name
        for kind in get_args(Event)
        for name, form in get_type_hints(kind).items()
        if form is str
    }

    assert texts - NAMES - {"text"} == WORDS


def test_words_are_masked_and_names_are_not():
    told = step_event(ArtifactStored, name="get hunter22", path="out/hunter22", size_bytes=3)

    assert masked_event(told, SECRETS) == step_event(
        ArtifactStored, name="get ****", path="out/****", size_bytes=3
    )


def test_output_was_masked_before_it_was_cut():
    told = step_event(StepOutput, name="a", text="hunter22")

    assert masked_event(told, SECRETS) == told


def test_a_reason_is_masked():
    end = JobFinished(
        time=1.0,
        run=RUN,
        workflow="w",
        job=JobName("j"),
        status=JobStatus.FAILED,
        duration_s=1.0,
        reason="no hunter22",
    )

    assert masked_event(end, SECRETS).reason == "no ****"
    assert masked_event(end, Secrets()) is end
