"""Count requests and write the counts as Prometheus reads them (text format 0.0.4)."""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from samo.dl.manager import LoadCounts

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
"""Upper bounds of the buckets of latency; 0.5 is the target, 2.0 the limit."""


class RequestCounts:
    """Requests by path and status, and how long they took. Any thread may call it.

    Paths must come from a closed set: each makes a series that is kept as long as the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}

    def observe(self, path: str, status: int, *, seconds: float) -> None:
        """Count one request that was answered."""
        with self._lock:
            self._requests[path, status] += 1
            buckets = self._buckets.setdefault(path, [0] * (len(BOUNDS_S) + 1))
            buckets[bisect_left(BOUNDS_S, seconds)] += 1
            self._seconds[path] = self._seconds.get(path, 0.0) + seconds

    def lines(self) -> Iterator[str]:
        """Yield the lines of both families."""
        with self._lock:
            requests = sorted(self._requests.items())
            buckets = sorted((path, tuple(counts)) for path, counts in self._buckets.items())
            seconds = dict(self._seconds)
        yield from _family("samo_http_requests_total", "counter", "Requests, by path and status.")
        for (path, status), count in requests:
            yield f'samo_http_requests_total{{path="{path}",status="{status}"}} {count}'
        name = "samo_http_request_duration_seconds"
        yield from _family(name, "histogram", "Time from a request to the end of its answer.")
        for path, counts in buckets:
            yield from _histogram(name, path, counts)
            yield f'{name}_sum{{path="{path}"}} {seconds[path]:.6f}'
            yield f'{name}_count{{path="{path}"}} {sum(counts)}'


def load_lines(counts: LoadCounts) -> Iterator[str]:
    """Yield the lines on the models: how long each took to load, and how often one failed."""
    yield from _family("samo_model_load_seconds", "gauge", "Time that loading the model took.")
    for model, seconds in sorted(counts.seconds.items()):
        yield f'samo_model_load_seconds{{model="{model}"}} {seconds:.6f}'
    name = "samo_model_load_failures_total"
    yield from _family(name, "counter", "Loads of the model that failed.")
    for model, failures in sorted(counts.failures.items()):
        yield f'{name}{{model="{model}"}} {failures}'


def _family(name: str, kind: str, told: str) -> tuple[str, str]:
    return f"# HELP {name} {told}", f"# TYPE {name} {kind}"


def _histogram(name: str, path: str, counts: tuple[int, ...]) -> Iterator[str]:
    bounds = (*(f"{bound:g}" for bound in BOUNDS_S), "+Inf")
    for bound, count in zip(bounds, accumulate(counts), strict=True):
        yield f'{name}_bucket{{path="{path}",le="{bound}"}} {count}'
