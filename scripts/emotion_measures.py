"""Measure labels against the truth: F1, and the thresholds that make the most of it."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Found = NDArray[np.bool_]

_CANDIDATES = 1 / (1 + np.exp(-np.linspace(-5, 3, 97)))
_SHRINKAGE = 0.25
_FOLDS = 8


def f1_by_label(found: Found, truth: Floats) -> Floats:
    """Return the F1 of each label (a column); 0 for one that is neither there nor found."""
    hits = (found & (truth > 0)).sum(axis=0)
    return np.asarray(2 * hits / np.maximum(found.sum(axis=0) + truth.sum(axis=0), 1), np.float32)


def macro_f1(found: Found, truth: Floats) -> float:
    """Return the mean F1 of the labels."""
    return float(f1_by_label(found, truth).mean())


def micro_f1(found: Found, truth: Floats) -> float:
    """Return the F1 over all labels of all texts together."""
    return float(2 * (found & (truth > 0)).sum() / (found.sum() + truth.sum()))


def chosen_thresholds(scores: Floats, truth: Floats) -> Floats:
    """Return a threshold a label that makes its F1 high on these texts, and still on others.

    Each curve of F1 is smoothed, for a lone peak is luck; and each threshold is moved a quarter of
    the way (in log-odds) to the one that is best for all labels, for a rare label says little.
    """
    curves = np.array([f1_by_label(scores >= threshold, truth) for threshold in _CANDIDATES])
    for_all = _CANDIDATES[curves.mean(axis=1).argmax()]
    own = _CANDIDATES[_smoothed(curves).argmax(axis=0)]
    moved = (1 - _SHRINKAGE) * _log_odds(own) + _SHRINKAGE * _log_odds(for_all)
    return np.asarray(1 / (1 + np.exp(-moved)), np.float32)


def cross_validated(scores: Floats, truth: Floats) -> float:
    """Return the macro F1 of each half of the texts with the thresholds of the other: the mean."""
    rng = np.random.default_rng(1)
    values = []
    for _ in range(_FOLDS):
        first, second = np.array_split(rng.permutation(len(scores)), 2)
        for one, other in ((first, second), (second, first)):
            thresholds = chosen_thresholds(scores[one], truth[one])
            values.append(macro_f1(scores[other] >= thresholds, truth[other]))
    return float(np.mean(values))


def _smoothed(curves: Floats) -> Floats:
    padded = np.pad(curves, ((2, 2), (0, 0)), mode="edge")
    return np.asarray(sum(padded[start : start + len(curves)] for start in range(5)))


def _log_odds(probability: Floats) -> Floats:
    return np.asarray(np.log(probability / (1 - probability)))
