"""Validate a model: it loads, knows its labels, infers, and meets its expectations."""

import json
import sys
import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from samo.dl.emotion import EmotionModel
from samo.dl.labels import GOEMOTIONS
from samo.dl.model_folder import ModelError, load_model, read_description

PROBES = "probes.toml"
LONG_TEXT = "The rain went on, and we told each other stories until the lights came back. " * 25
"""Two thousand characters, as a page of a journal has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must hold: its name, whether it does, and what was found."""

    name: str
    is_met: bool
    found: str


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the checks there as JSON.",
)
def main(folder: Path, report: Path | None) -> None:
    """Validate the model in FOLDER; exit with status 1 where it falls short."""
    checks = validated(folder)
    for check in checks:
        print(f"{'ok  ' if check.is_met else 'FAIL'}  {check.name:14}  {check.found}")
    is_valid = all(check.is_met for check in checks)
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        told = {"model": str(folder), "is_valid": is_valid, "checks": [asdict(c) for c in checks]}
        report.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if is_valid else 1)


def validated(folder: Path) -> list[Check]:
    """Return all checks, or the one that no other can do without: that the model loads."""
    begun = time.perf_counter()
    try:
        model = load_model(folder)
        load_s = time.perf_counter() - begun
        about = read_description(folder)
        expected: dict[str, float] = about["expectations"]
        probes = tomllib.loads((folder / PROBES).read_text(encoding="utf-8"))["probes"]
        loaded = f"{model.name} {model.version}, SHA-256 as stated"
        return [
            Check(name="loads", is_met=True, found=loaded),
            _at_most("load_s", load_s, expected),
            _labels(model),
            _at_least("test_macro_f1", about["measures"]["test_macro_f1"], expected),
            _probe_recall(model, probes, expected),
            _at_most("analyze_s", _analyze_s(model), expected),
        ]
    except ModelError as error:
        return [Check(name="loads", is_met=False, found=str(error))]
    except KeyError as error:
        return [Check(name="is described", is_met=False, found=f"{error} is missing")]
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}"
        return [Check(name="has probes", is_met=False, found=reason)]
    except tomllib.TOMLDecodeError as error:
        return [Check(name="has probes", is_met=False, found=f"{folder / PROBES}: {error}")]


def _labels(model: EmotionModel) -> Check:
    names = tuple(label.name for label in model.labels)
    is_met = names == GOEMOTIONS and all(0 < label.threshold < 1 for label in model.labels)
    found = f"{len(names)} labels with thresholds between 0 and 1"
    return Check(name="labels", is_met=is_met, found=found if is_met else ", ".join(names))


def _probe_recall(
    model: EmotionModel, probes: list[dict[str, Any]], expected: dict[str, float]
) -> Check:
    missed = [probe["expect"] for probe in probes if not _is_detected(model, **probe)]
    recall = (len(probes) - len(missed)) / max(len(probes), 1)
    check = _at_least("probe_recall", recall, expected)
    found = f"{check.found}; missed: {', '.join(missed) or 'none'}"
    return Check(name=check.name, is_met=check.is_met, found=found)


def _is_detected(model: EmotionModel, *, text: str, expect: str) -> bool:
    return any(each.is_detected and each.label.name == expect for each in model.analyze(text))


def _analyze_s(model: EmotionModel) -> float:
    begun = time.perf_counter()
    model.analyze(LONG_TEXT)
    return time.perf_counter() - begun


def _at_least(name: str, value: float, expected: dict[str, float]) -> Check:
    found = f"{value:.4g}, at least {expected[name]:g} is expected"
    return Check(name=name, is_met=value >= expected[name], found=found)


def _at_most(name: str, value: float, expected: dict[str, float]) -> Check:
    found = f"{value:.4g}, at most {expected[name]:g} is expected"
    return Check(name=name, is_met=value <= expected[name], found=found)


if __name__ == "__main__":
    main()
