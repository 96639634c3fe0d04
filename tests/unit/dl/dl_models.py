"""A model small enough to compute by hand: two words, three labels."""

import hashlib
import io
from zlib import crc32

import numpy as np

from samo.dl.emotion import EmotionModel, Label
from samo.dl.linear import LinearModel, Vocabulary

LABELS = (
    Label(name="joy", threshold=0.6),
    Label(name="sadness", threshold=0.4),
    Label(name="neutral", threshold=0.5),
)
ROWS = {"happy": (4, -2, -4), "sad": (-4, 4, -2)}
"""Log-odds of each label where the text has that word and not the other; without both, 0."""


def model():
    return EmotionModel(name="by-hand", version="1.2.3", labels=LABELS, linear=linear())


def linear():
    words = sorted(ROWS, key=bucket)
    return LinearModel(
        vocabulary=Vocabulary(
            buckets=np.array([bucket(word) for word in words], np.uint32),
            rarities=np.array([1, 1], np.float16),
        ),
        weights=np.array([ROWS[word] for word in words], np.int8),
        scales=np.ones(3, np.float32),
        biases=np.zeros(3, np.float32),
    )


def bucket(word):
    return crc32(f"w{word}".encode())


def write(folder, *, change=dict.copy, **about):
    """Write the model as a folder; `change` may spoil its arrays, `about` its description."""
    made = linear()
    arrays = {
        "buckets": made.vocabulary.buckets,
        "rarities": made.vocabulary.rarities,
        "weights": made.weights,
        "scales": made.scales,
        "biases": made.biases,
    }
    change(arrays)
    content = io.BytesIO()
    np.savez(content, **arrays)
    (folder / "weights.npz").write_bytes(content.getvalue())
    described = {
        "name": '"by-hand"',
        "version": '"1.2.3"',
        "file": '"weights.npz"',
        "sha256": f'"{hashlib.sha256(content.getvalue()).hexdigest()}"',
        "labels": "[" + ", ".join(_inline(label) for label in LABELS) + "]",
    } | about
    lines = [f"{key} = {value}\n" for key, value in described.items() if value]
    (folder / "model.toml").write_text("".join(lines), encoding="utf-8")


def _inline(label):
    return f'{{name = "{label.name}", threshold = {label.threshold}}}'
