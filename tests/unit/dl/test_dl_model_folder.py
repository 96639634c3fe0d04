import numpy as np
import pytest
from dl_models import model, write

from samo.dl.model_folder import ModelError, load_model


def test_a_model_that_was_written_is_read_back(tmp_path):
    write(tmp_path)
    assert load_model(tmp_path).analyze("so happy") == model().analyze("so happy")


def test_no_folder_is_told(tmp_path):
    with pytest.raises(ModelError, match=r"nothing/model\.toml: No such file or directory$"):
        load_model(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"sha256": f'"{"0" * 64}"'}, r"weights\.npz: its SHA-256 is [0-9a-f]{64}, but .* 0{64}$"),
        ({"sha256": ""}, r"model\.toml: 'sha256' is missing$"),
        ({"file": '"other.npz"'}, r"other\.npz: No such file or directory$"),
        ({"labels": '[{name = "joy", threshold = 0.5}]'}, "1 labels for 3 columns"),
        ({"labels": '[{name = "joy", threshold = "high"}]'}, "could not convert"),
        ({"labels": "[1, 2, 3]"}, "not subscriptable"),
        ({"name": "nothing"}, r"model\.toml: Invalid value"),
    ],
)
def test_a_wrong_description_is_told(tmp_path, about, reason):
    write(tmp_path, **about)
    with pytest.raises(ModelError, match=reason):
        load_model(tmp_path)


def change(name, made):
    return lambda arrays: arrays.update({name: made(arrays[name])})


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda arrays: arrays.pop("scales"), "scales"),
        (change("weights", lambda rows: rows[:1]), "don't fit together"),
        (change("weights", lambda rows: rows.astype(np.float64)), "Cannot cast"),
        (change("buckets", lambda row: row[::-1]), "buckets don't rise"),
        (change("scales", lambda row: row[:2]), "scales don't fit"),
        (change("biases", lambda row: row.astype(object)), "allow_pickle=False"),
    ],
)
def test_wrong_weights_are_told(tmp_path, spoil, reason):
    write(tmp_path, change=spoil)
    with pytest.raises(ModelError, match=reason):
        load_model(tmp_path)


def test_weights_outside_the_folder_are_not_read(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    write(tmp_path)
    write(inner, file='"../weights.npz"')
    (inner / "weights.npz").unlink()
    with pytest.raises(ModelError, match=r"inner/weights\.npz: No such file"):
        load_model(inner)
