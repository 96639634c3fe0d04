"""A linear classifier over hashed features: one text in, the probability of each label out.

A text is a unit vector over the buckets that the model kept, each weighed by how rare it is in the
training set. Weights are bytes, and a label has one scale for all of its own.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The kept features: their hashes in rising order, and how rare each is."""

    buckets: NDArray[np.uint32]
    rarities: NDArray[np.float16]

    def positions(self, found: Collection[int]) -> NDArray[np.intp]:
        """Return where those of the hashes stand that were kept, in rising order."""
        hashes = np.sort(np.fromiter(found, dtype=np.uint32, count=len(found)))
        nearest = np.minimum(np.searchsorted(self.buckets, hashes), len(self.buckets) - 1)
        kept: NDArray[np.intp] = nearest[self.buckets[nearest] == hashes]
        return kept

    def values(self, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the coordinates of a text there; their squares add up to 1."""
        rarities = self.rarities[positions].astype(np.float32)
        return rarities / np.float32(np.sqrt(np.sum(rarities * rarities)) or 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearModel:
    """Weights of `len(vocabulary.buckets)` rows and one column a label."""

    vocabulary: Vocabulary
    weights: NDArray[np.int8]
    scales: NDArray[np.float32]
    biases: NDArray[np.float32]

    def probabilities(self, found: Collection[int]) -> NDArray[np.float32]:
        """Return the probability of each label for a text with these feature hashes."""
        positions = self.vocabulary.positions(found)
        values = self.vocabulary.values(positions)
        return sigmoid((values @ self.weights[positions]) * self.scales + self.biases)


def sigmoid(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities that these log-odds stand for."""
    return (1 / (1 + np.exp(-scores))).astype(np.float32)
