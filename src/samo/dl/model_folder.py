"""Read a model from its folder: `model.toml` and the file of weights that it names.

The weights are NumPy arrays without pickles, and are opened only where their SHA-256 is the one
that `model.toml` states: a model can be wrong, but it can't run code or be another one.
"""

import hashlib
import io
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from samo.dl.emotion import EmotionModel, Label
from samo.dl.linear import LinearModel, Vocabulary

DESCRIPTION = "model.toml"


class ModelError(Exception):
    """A model can't be loaded; the text is one line that names the file and the reason."""


def load_model(folder: Path) -> EmotionModel:
    """Return the model of `folder`; raises ModelError."""
    about = read_description(folder)
    try:
        labels = tuple(
            Label(name=str(label["name"]), threshold=float(label["threshold"]))
            for label in about["labels"]
        )
        name, version, file = str(about["name"]), str(about["version"]), str(about["file"])
        weights = _read_weights(folder / Path(file).name, sha256=str(about["sha256"]))
    except KeyError as error:
        raise ModelError(f"{folder / DESCRIPTION}: {error} is missing") from error
    except (TypeError, ValueError) as error:
        raise ModelError(f"{folder / DESCRIPTION}: {error}") from error
    linear = _linear(weights, folder / Path(file).name)
    if len(labels) != len(linear.biases) or len({label.name for label in labels}) != len(labels):
        found = f"{len(labels)} labels for {len(linear.biases)} columns of weights"
        raise ModelError(f"{folder / DESCRIPTION}: {found}, or a label twice")
    return EmotionModel(name=name, version=version, labels=labels, linear=linear)


def read_description(folder: Path) -> dict[str, Any]:
    """Return what `model.toml` of `folder` says; raises ModelError."""
    path = folder / DESCRIPTION
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ModelError(f"{path}: {error}") from error


def _read_weights(path: Path, *, sha256: str) -> Mapping[str, np.ndarray[Any, Any]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ModelError(f"{path}: its SHA-256 is {found}, but {DESCRIPTION} states {sha256}")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return dict(archive)
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: {error}") from error


def _linear(weights: Mapping[str, np.ndarray[Any, Any]], path: Path) -> LinearModel:
    try:
        buckets = weights["buckets"].astype(np.uint32, casting="equiv")
        rarities = weights["rarities"].astype(np.float16, casting="equiv")
        linear = LinearModel(
            vocabulary=Vocabulary(buckets=buckets, rarities=rarities),
            weights=weights["weights"].astype(np.int8, casting="equiv"),
            scales=weights["scales"].astype(np.float32, casting="equiv"),
            biases=weights["biases"].astype(np.float32, casting="equiv"),
        )
    except (KeyError, TypeError) as error:
        raise ModelError(f"{path}: {error}") from error
    shape = (len(buckets), len(linear.biases))
    if linear.weights.shape != shape or rarities.shape != shape[:1] or not len(buckets):
        raise ModelError(f"{path}: the shapes of the arrays don't fit together")
    if linear.scales.shape != shape[1:] or not np.all(buckets[1:] > buckets[:-1]):
        raise ModelError(f"{path}: the scales don't fit the labels, or the buckets don't rise")
    return linear
