"""What CircleCI takes for compute: the data file `rates.toml`, read."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources

from samo.pipeline.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Credits a minute by executor and resource class, and where and when they were said."""

    source: str
    oldest: date
    newest: date
    usd_per_credit: float
    per_minute: Mapping[tuple[str, str], int]


def load_rates() -> Rates:
    """Read the rates that come with samo."""
    text = resources.files(__package__).joinpath("rates.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    dates = [content["price"]["date"], *(table["date"] for table in content["rates"])]
    return Rates(
        source=content["source"],
        oldest=min(dates),
        newest=max(dates),
        usd_per_credit=content["price"]["usd_per_credit"],
        per_minute={
            (table["executor"], name): rate
            for table in content["rates"]
            for name, rate in table["credits_per_minute"].items()
        },
    )
