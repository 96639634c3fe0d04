"""The model's forward pass in PyTorch on an NVIDIA GPU agrees with NumPy's."""

import os

import numpy as np
import pytest

from samo.dl.features import features
from samo.dl.model_folder import load_model
from samo.dl.places import models_folder

pytestmark = pytest.mark.gpu

TEXTS = (
    "Thank you so much, I love it!",
    "I am terrified of the exam, and so tired.",
    "The meeting starts at nine.",
    "",
)


@pytest.fixture(scope="module")
def torch():
    torch = pytest.importorskip(
        "torch", reason="PyTorch is not installed (pip install samo[train])"
    )
    if not torch.cuda.is_available():
        pytest.skip("PyTorch finds no NVIDIA GPU here")
    return torch


def test_scores_on_the_gpu_are_those_of_numpy(torch):
    linear = load_model(models_folder(os.environ) / "emotion-tiny").linear
    found = [features(text) for text in TEXTS]
    vectors = np.zeros((len(TEXTS), len(linear.vocabulary.buckets)), np.float32)
    for vector, hashes in zip(vectors, found, strict=True):
        positions = linear.vocabulary.positions(hashes)
        vector[positions] = linear.vocabulary.values(positions)
    on_gpu = [
        torch.from_numpy(array).cuda()
        for array in (vectors, linear.weights, linear.scales, linear.biases)
    ]
    told = torch.sigmoid((on_gpu[0] @ on_gpu[1].float()) * on_gpu[2] + on_gpu[3]).cpu().numpy()
    expected = np.stack([linear.probabilities(hashes) for hashes in found])
    # The GPU may round the factors to TF32: ten bits of mantissa.
    np.testing.assert_allclose(told, expected, atol=5e-3)
