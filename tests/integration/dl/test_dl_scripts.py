"""The scripts that train and validate the model, as a job calls them."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from samo.dl.labels import GOEMOTIONS
from samo.dl.model_folder import load_model

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "models" / "emotion-tiny"


def script(name, *arguments):
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / name, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(MODEL, tmp_path / "model")


def test_the_model_of_this_repository_is_valid(tmp_path):
    report = tmp_path / "reports" / "model.json"
    done = script("validate_model.py", MODEL, "--report", report)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(report.read_text())
    assert told["is_valid"] is True
    assert [check["name"] for check in told["checks"]] == [
        "loads",
        "load_s",
        "labels",
        "test_macro_f1",
        "probe_recall",
        "analyze_s",
    ]


def test_other_weights_are_not_valid(copy, tmp_path):
    weights = bytearray((copy / "weights.npz").read_bytes())
    weights[-1000] ^= 1
    (copy / "weights.npz").write_bytes(weights)
    done = script("validate_model.py", copy, "--report", tmp_path / "model.json")
    assert (done.returncode, done.stderr) == (1, "")
    told = json.loads((tmp_path / "model.json").read_text())
    assert told["is_valid"] is False
    assert "its SHA-256 is" in told["checks"][0]["found"]


def test_a_model_that_misses_its_probes_is_not_valid(copy):
    (copy / "probes.toml").write_text('probes = [{text = "I love you", expect = "disgust"}]')
    done = script("validate_model.py", copy)
    assert done.returncode == 1
    assert "FAIL  probe_recall    0, at least 0.9 is expected; missed: disgust" in done.stdout


@pytest.mark.parametrize("probes", ["probes = []", "probes", ""])
def test_a_model_without_probes_is_not_valid(copy, probes):
    (copy / "probes.toml").write_text(probes)
    done = script("validate_model.py", copy)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_model_that_expects_nothing_is_not_valid(copy):
    described = (copy / "model.toml").read_text().replace("[expectations]", "[hopes]")
    (copy / "model.toml").write_text(described)
    done = script("validate_model.py", copy)
    assert (done.returncode, done.stdout) == (
        1,
        "FAIL  is described    'expectations' is missing\n",
    )


def test_training_again_writes_the_same_bytes(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "emotions.txt").write_text("\n".join(GOEMOTIONS))
    for split in ("train", "dev", "test"):
        write(data / f"{split}.tsv.gz")
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        done = script("train_emotion_tiny.py", "--data", data, "--out", folder)
        assert (done.returncode, done.stderr) == (0, "")
    first, second = ({file.name: file.read_bytes() for file in f.iterdir()} for f in folders)
    assert first == second
    assert load_model(folders[0]).analyze("I feel joy")[0].label.name == "joy"


def write(path):
    lines = [
        f"{opening} {name} {closing}\t{number}\tid\n"
        for number, name in enumerate(GOEMOTIONS)
        for opening in ("I feel", "so much", "there was", "no more")
        for closing in ("today", "at night", "in me")
    ]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(lines)
