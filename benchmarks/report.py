"""The tables and the file that tell what was measured."""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from claims import Claim
from measuring import Contender

Groups = dict[str, list[Contender]]


def machine(cores: int) -> dict[str, str]:
    """Return what a reader must know of the machine."""
    return {
        "cores": str(cores),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load average before": load(),
    }


def load() -> str:
    """Return how busy the machine is: over 1, 5 and 15 minutes."""
    return " ".join(f"{average:.2f}" for average in os.getloadavg())


def measurements(groups: Groups) -> str:
    """Return a Markdown table of all that was measured."""
    lines = [
        "| what | runner | rounds | best s | median s | worst s | CPU s | peak MB |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, contenders in groups.items():
        lines += [_measured(name, contender) for contender in contenders]
    return "\n".join(lines)


def verdicts(claims: Sequence[Claim]) -> str:
    """Return a Markdown table of the claims."""
    lines = ["| claim | median | least | most | limit | verdict |", "|---|--:|--:|--:|--:|---|"]
    lines += [f"| {claim.text} | {' | '.join(_judged(claim))} |" for claim in claims]
    return "\n".join(lines)


def write(
    folder: Path,
    told: dict[str, str],
    groups: Groups,
    claims: Sequence[Claim],
    *,
    name: str = "runner",
) -> Path:
    """Keep every sample and every verdict in a file of this moment's name."""
    folder.mkdir(exist_ok=True)
    path = folder / time.strftime(f"{name}-%Y%m%dT%H%M%SZ.json", time.gmtime())
    content = {
        "machine": told,
        "measurements": [
            {
                "what": name,
                "runner": contender.name,
                "note": "" if contender.samples else contender.note,
                "samples": [asdict(sample) for sample in contender.samples],
            }
            for name, contenders in groups.items()
            for contender in contenders
        ],
        "claims": [{**asdict(claim), "verdict": claim.verdict} for claim in claims],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def _measured(name: str, contender: Contender) -> str:
    begin = f"| {name} | {contender.name} | {len(contender.samples)} |"
    if not contender.samples:
        return f"{begin} {contender.note} | | | | |"
    times = (contender.best_s, contender.median_s, contender.worst_s, contender.cpu_s)
    return f"{begin} {' | '.join(f'{each:.3f}' for each in times)} | {contender.peak_mb:.0f} |"


def _judged(claim: Claim) -> tuple[str, ...]:
    digits = 0 if claim.unit else 2
    limit = f"{claim.sign} {claim.limit:g} {claim.unit}".rstrip()
    if not claim.figures:
        return ("", "", "", limit, claim.verdict)
    shown = (claim.median, min(claim.figures), max(claim.figures))
    return (*(f"{figure:.{digits}f}" for figure in shown), limit, claim.verdict)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
