"""Train models/emotion-tiny: one logistic regression a label over hashed n-grams, in NumPy.

The same command on the same data writes the same bytes. Features, vectors and scores are those of
the service; only the fit is here. Thresholds are chosen on the dev split; nothing is chosen on the
test split.
"""

import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from emotion_measures import chosen_thresholds, cross_validated, f1_by_label, macro_f1, micro_f1
from samo.dl.emotion import EmotionModel, Label
from samo.dl.features import features
from samo.dl.labels import GOEMOTIONS
from samo.dl.linear import LinearModel, Vocabulary, sigmoid

Floats = NDArray[np.float32]
Positions = NDArray[np.intp]

NAME = "emotion-tiny"
VERSION = "1.0.0"
FEATURES = 28_000  # times 34 bytes: under 1 MB
EPOCHS = 20
BATCH = 256
RATE = 0.5
DECAY = np.float32(5e-5)
SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Texts with their labels: a row of zeros and ones each."""

    texts: tuple[str, ...]
    truth: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Vectors of some texts, once in the order of the texts and once in that of the features."""

    positions: Positions
    values: Floats
    text_starts: Positions
    features: Positions
    feature_starts: Positions
    text_of_value: Positions
    values_by_feature: Floats
    truth: Floats


@dataclass(slots=True, kw_only=True, eq=False)
class Fit:
    """Weights and biases on their way, each with the sum of its squared gradients (AdaGrad)."""

    weights: Floats
    biases: Floats
    weight_squares: Floats
    bias_squares: Floats


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default="../shared/data/goemotions",
    show_default=True,
    help="The folder with train.tsv.gz, dev.tsv.gz, test.tsv.gz and emotions.txt.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=f"models/{NAME}",
    show_default=True,
    help="The folder of the model.",
)
def main(data: Path, out: Path) -> None:
    """Train, choose the thresholds, measure, and write weights.npz and model.toml."""
    if tuple((data / "emotions.txt").read_text(encoding="utf-8").split()) != GOEMOTIONS:
        raise click.ClickException(f"{data / 'emotions.txt'} doesn't list the 28 labels")
    train, dev, test = (read_split(data / f"{name}.tsv.gz") for name in ("train", "dev", "test"))
    arrays = quantized(*fitted(train))
    content = packed(arrays)
    dev_scores = scores(arrays, dev.texts)
    thresholds = np.round(chosen_thresholds(dev_scores, dev.truth), 3)
    found = scores(arrays, test.texts) >= thresholds
    half = scores(arrays, test.texts) >= 0.5
    by_label = f1_by_label(found, test.truth)
    measures = {
        "dev_macro_f1": cross_validated(dev_scores, dev.truth),
        "test_macro_f1": macro_f1(found, test.truth),
        "test_micro_f1": micro_f1(found, test.truth),
        "test_macro_f1_at_half": macro_f1(half, test.truth),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "weights.npz").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    described = description(sha256, measures, thresholds, by_label)
    (out / "model.toml").write_text(described, encoding="utf-8")
    for name, value in measures.items():
        print(f"{name:24} {value:.4f}")
    print(f"{out / 'weights.npz'}: {len(content):,} bytes")


def read_split(path: Path) -> Split:
    """Return the texts of a file of GoEmotions (no CSV quoting in it) with their labels."""
    texts, truth = [], []
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            text, labels, _comment = line.rstrip("\n").split("\t")
            row = np.zeros(len(GOEMOTIONS), np.float32)
            row[[int(label) for label in labels.split(",")]] = 1
            texts.append(text)
            truth.append(row)
    return Split(texts=tuple(texts), truth=np.array(truth))


def fitted(train: Split) -> tuple[Vocabulary, Fit]:
    """Return the kept features, and the weights that fit the texts."""
    found = [features(text) for text in train.texts]
    vocabulary = kept(found)
    rng = np.random.default_rng(SEED)
    batches = tuple(batched(vocabulary, found, train.truth, rng))
    prior = train.truth.mean(axis=0)
    shape = (len(vocabulary.buckets), len(GOEMOTIONS))
    fit = Fit(
        weights=np.zeros(shape, np.float32),
        biases=np.log(prior / (1 - prior)),
        weight_squares=np.full(shape, 1e-8, np.float32),
        bias_squares=np.full(shape[1], 1e-8, np.float32),
    )
    for epoch in range(EPOCHS):
        rate = np.float32(RATE * (1 - epoch / EPOCHS))
        order = rng.permutation(len(batches))
        loss = sum(step(fit, batches[number], rate) for number in order) / len(train.texts)
        print(f"epoch {epoch + 1:2} of {EPOCHS}: loss {loss:.4f}", flush=True)
    return vocabulary, fit


def kept(found: Sequence[set[int]]) -> Vocabulary:
    """Return the features that occur in most texts, with their inverse document frequency."""
    hashes, counts = np.unique(
        np.concatenate([np.fromiter(each, np.uint32, len(each)) for each in found]),
        return_counts=True,
    )
    order = np.sort(np.lexsort((hashes, -counts))[:FEATURES])
    rarities = np.log((1 + len(found)) / (1 + counts[order])) + 1
    return Vocabulary(buckets=hashes[order], rarities=rarities.astype(np.float16))


def batched(
    vocabulary: Vocabulary, found: Sequence[set[int]], truth: Floats, rng: np.random.Generator
) -> Iterator[Batch]:
    """Yield the texts in batches, shuffled; a text without a kept feature teaches nothing."""
    rows = [vocabulary.positions(each) for each in found]
    order = [number for number in rng.permutation(len(rows)) if len(rows[number])]
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        yield _batch(vocabulary, [rows[number] for number in chosen], truth[chosen])


def _batch(vocabulary: Vocabulary, rows: Sequence[Positions], truth: Floats) -> Batch:
    lengths = np.array([len(row) for row in rows])
    positions = np.concatenate(rows)
    values = np.concatenate([vocabulary.values(row) for row in rows])
    by_feature = np.argsort(positions, kind="stable")
    present, starts = np.unique(positions[by_feature], return_index=True)
    return Batch(
        positions=positions,
        values=values,
        text_starts=np.cumsum(lengths) - lengths,
        features=present,
        feature_starts=starts,
        text_of_value=np.repeat(np.arange(len(rows)), lengths)[by_feature],
        values_by_feature=values[by_feature],
        truth=truth,
    )


def step(fit: Fit, batch: Batch, rate: np.float32) -> float:
    """Take one step of AdaGrad over `batch`; return its loss before the step, summed."""
    products = fit.weights[batch.positions] * batch.values[:, None]
    told = sigmoid(np.add.reduceat(products, batch.text_starts, axis=0) + fit.biases)
    errors = (told - batch.truth) / np.float32(len(batch.truth))
    shares = errors[batch.text_of_value] * batch.values_by_feature[:, None]
    weights = fit.weights[batch.features]
    slopes = np.add.reduceat(shares, batch.feature_starts, axis=0) + DECAY * weights
    squares = fit.weight_squares[batch.features] + slopes**2
    fit.weight_squares[batch.features] = squares
    fit.weights[batch.features] = weights - rate * slopes / np.sqrt(squares)
    bias_slopes = errors.sum(axis=0)
    fit.bias_squares += bias_slopes**2
    fit.biases -= rate * bias_slopes / np.sqrt(fit.bias_squares)
    return float(-np.log(np.where(batch.truth > 0, told, 1 - told) + 1e-7).sum())


def quantized(vocabulary: Vocabulary, fit: Fit) -> LinearModel:
    """Return the model with its weights in bytes, by one scale a label."""
    scales = np.abs(fit.weights).max(axis=0) / np.float32(127)
    return LinearModel(
        vocabulary=vocabulary,
        weights=np.round(fit.weights / scales).astype(np.int8),
        scales=scales,
        biases=fit.biases,
    )


def packed(model: LinearModel) -> bytes:
    """Return the file of weights: arrays without pickles, not compressed, so always the same."""
    content = io.BytesIO()
    np.savez(
        content,
        buckets=model.vocabulary.buckets,
        rarities=model.vocabulary.rarities,
        weights=model.weights,
        scales=model.scales,
        biases=model.biases,
    )
    return content.getvalue()


def scores(linear: LinearModel, texts: Sequence[str]) -> Floats:
    """Return what the service would score: a row a text."""
    labels = tuple(Label(name=name, threshold=1.0) for name in GOEMOTIONS)
    model = EmotionModel(name=NAME, version=VERSION, labels=labels, linear=linear)
    return np.array([model.scores(text) for text in texts], np.float32)


def description(
    sha256: str, measures: dict[str, float], thresholds: Floats, by_label: Floats
) -> str:
    """Return the text of model.toml."""
    told = "\n".join(f"{name} = {value:.4f}" for name, value in measures.items())
    labels = "\n".join(
        f'    {{ name = "{name}", threshold = {threshold:.3f}, test_f1 = {f1:.3f} }},'
        for name, threshold, f1 in zip(GOEMOTIONS, thresholds, by_label, strict=True)
    )
    return TEMPLATE.format(name=NAME, version=VERSION, sha256=sha256, measures=told, labels=labels)


TEMPLATE = """\
# Written by scripts/train_emotion_tiny.py; the README beside it says what it means.
name = "{name}"
version = "{version}"
file = "weights.npz"
sha256 = "{sha256}" # pragma: allowlist secret
# A label is detected at its threshold, which was chosen on the dev split.
labels = [
{labels}
]

[data]
name = "GoEmotions, simplified splits (Demszky et al., ACL 2020, arXiv:2005.00547)"
licence = "Apache-2.0"

[training]
command = "python scripts/train_emotion_tiny.py --data ../shared/data/goemotions"

[measures]
{measures}

# What scripts/validate_model.py holds it to.
[expectations]
test_macro_f1 = 0.45
probe_recall = 0.90
load_s = 2.0
analyze_s = 0.5
"""


if __name__ == "__main__":
    main()
