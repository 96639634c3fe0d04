"""The model of this repository, as it is committed."""

import os
import tomllib

import pytest

from samo.dl.labels import GOEMOTIONS
from samo.dl.model_folder import load_model
from samo.dl.places import models_folder

FOLDER = models_folder(os.environ) / "emotion-tiny"
PROBES = tomllib.loads((FOLDER / "probes.toml").read_text(encoding="utf-8"))["probes"]


@pytest.fixture(scope="module")
def tiny():
    return load_model(FOLDER)


def test_it_is_smaller_than_a_megabyte():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 1_000_000


def test_it_knows_the_labels_of_goemotions(tiny):
    assert tuple(label.name for label in tiny.labels) == GOEMOTIONS


def test_each_label_has_a_probe():
    assert sorted(probe["expect"] for probe in PROBES) == sorted(GOEMOTIONS)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["expect"])
def test_it_detects_what_a_plain_sentence_says(tiny, probe):
    detected = [each.label.name for each in tiny.analyze(probe["text"]) if each.is_detected]
    assert probe["expect"] in detected


def test_its_scores_are_the_same_on_each_machine(tiny):
    told = [(each.label.name, each.score) for each in tiny.analyze("I love this, thanks!")]
    assert told[:3] == [
        ("gratitude", pytest.approx(0.9994, abs=2e-4)),
        ("love", pytest.approx(0.9946, abs=2e-4)),
        ("admiration", pytest.approx(0.0292, abs=2e-4)),
    ]
