"""The bodies of requests and answers."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

LONGEST_TEXT = 20_000
"""Characters: some ten pages of a journal."""


def _said(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty_text", "the text is empty")
    return text


class AnalyzeRequest(BaseModel):
    """A journal text."""

    text: Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_said)]


class EmotionScore(BaseModel):
    """A label with its score from 0 to 1, detected where that reaches the threshold."""

    label: str
    score: float
    threshold: float
    detected: bool


class ModelName(BaseModel):
    """Which model it was."""

    name: str
    version: str


class AnalyzeResponse(BaseModel):
    """All labels, the detected ones first, then the highest scores."""

    emotions: list[EmotionScore]
    model: ModelName


class Health(BaseModel):
    """The service can answer."""

    status: str
    model: ModelName
