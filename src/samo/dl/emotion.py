"""The emotions of a text, as a model tells them."""

from dataclasses import dataclass

import numpy as np

from samo.dl.features import features
from samo.dl.labels import NEUTRAL
from samo.dl.linear import LinearModel
from samo.dl.passages import passages


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """An emotion that a model knows; a score of at least `threshold` means that it is there."""

    name: str
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Emotion:
    """How much a text shows of a label, from 0 to 1."""

    label: Label
    score: float

    @property
    def is_detected(self) -> bool:
        """Whether the score reaches the threshold of the label."""
        return self.score >= self.label.threshold


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EmotionModel:
    """A named, versioned model; the labels stand in the order of its columns."""

    name: str
    version: str
    labels: tuple[Label, ...]
    linear: LinearModel

    def analyze(self, text: str) -> tuple[Emotion, ...]:
        """Return each label with its score: the detected ones first, then the highest scores."""
        emotions = (
            Emotion(label=label, score=score)
            for label, score in zip(self.labels, self.scores(text), strict=True)
        )
        return tuple(sorted(emotions, key=lambda each: (not each.is_detected, -each.score)))

    def scores(self, text: str) -> tuple[float, ...]:
        """Return the scores, in the order of the labels, to four places: further ones are noise.

        An emotion counts as much as in the passage that shows it most; `neutral` counts as much
        as in all passages on average.
        """
        told = np.stack([self.linear.probabilities(features(part)) for part in passages(text)])
        return tuple(
            round(float(column.mean() if label.name == NEUTRAL else column.max()), 4)
            for label, column in zip(self.labels, told.T, strict=True)
        )
