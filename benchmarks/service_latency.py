"""How fast the service answers: latency and throughput by the number of connections.

Starts the real server and asks it over keep-alive connections, a thread each, client and server on
the same machine. Fails where an answer is wrong or a 95th percentile reaches the limit.
"""

import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import click

LIMIT_MS = 2000.0
TARGET_MS = 500.0
CONNECTIONS = (1, 8, 32)
SENTENCE = "Thank you for the walk by the river, I feel so much better now. "
TEXTS = {"sentence": SENTENCE, "page": SENTENCE * 30, "ten pages": SENTENCE * 300}
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    text: str
    connections: int
    requests: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    requests_per_s: float


@click.command()
@click.option("--report", type=click.Path(path_type=Path), help="Write the rows there as JSON.")
@click.option("--seconds", default=3.0, show_default=True, help="How long each row is measured.")
def main(report: Path | None, seconds: float) -> None:
    """Measure, print a table, and exit with status 1 where the limit is not kept."""
    begun = time.perf_counter()
    rows = []
    with running_service() as address:
        start_ms = (time.perf_counter() - begun) * 1000
        first_ms = asked(http.client.HTTPConnection(address), body("sentence"))
        print(f"ready after {start_ms:.0f} ms, first answer {first_ms:.0f} ms (loads the model)\n")
        print(f"{'text':10} {'conns':>5} {'p50':>9} {'p95':>9} {'p99':>9} {'req/s':>7}  target")
        for text in TEXTS:
            for connections in CONNECTIONS:
                rows.append(measured(address, text, connections=connections, seconds=seconds))
                print(line(rows[-1]), flush=True)
    slowest = max(row.p95_ms for row in rows)
    print(f"\nslowest p95 {slowest:.1f} ms; limit {LIMIT_MS:.0f} ms, target {TARGET_MS:.0f} ms")
    if report:
        told: dict[str, object] = {"start_ms": start_ms, "first_ms": first_ms, "limit_ms": LIMIT_MS}
        told |= {"target_ms": TARGET_MS, "rows": [asdict(row) for row in rows]}
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if slowest < LIMIT_MS else 1)


@contextmanager
def running_service() -> Iterator[str]:
    """Start the service at a free port; yield its host and port."""
    command = [sys.executable, "-m", "samo", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            ready = re.search(r"http://(\S+)", process.stdout.readline())
            if not ready:
                raise click.ClickException("the service did not start")
            yield ready[1]
        finally:
            process.terminate()


def measured(address: str, text: str, *, connections: int, seconds: float) -> Row:
    """Ask for so long over so many connections at once."""

    def ask(_number: int) -> list[float]:
        connection = http.client.HTTPConnection(address, timeout=60)
        sent = body(text)
        times = []
        while time.perf_counter() < deadline:
            times.append(asked(connection, sent))
        connection.close()
        return times

    begun = time.perf_counter()
    deadline = begun + seconds
    with ThreadPoolExecutor(connections) as pool:
        times = list(chain.from_iterable(pool.map(ask, range(connections))))
    wall_s = time.perf_counter() - begun
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return Row(
        text=text,
        connections=connections,
        requests=len(times),
        p50_ms=cuts[49],
        p95_ms=cuts[94],
        p99_ms=cuts[98],
        requests_per_s=len(times) / wall_s,
    )


def body(text: str) -> bytes:
    """Return what is sent for a text."""
    return json.dumps({"text": TEXTS[text]}).encode()


def asked(connection: http.client.HTTPConnection, sent: bytes) -> float:
    """Return how long one answer took, in ms; an answer that is wrong ends the benchmark."""
    begun = time.perf_counter()
    connection.request("POST", "/v1/analyze", sent, HEADERS)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200 or b'"gratitude"' not in content:
        raise click.ClickException(f"a wrong answer: {answer.status} {content[:200]!r}")
    return (time.perf_counter() - begun) * 1000


def line(row: Row) -> str:
    """Return a row of the table."""
    verdict = "met" if row.p95_ms < TARGET_MS else "missed"
    times = " ".join(f"{ms:6.1f} ms" for ms in (row.p50_ms, row.p95_ms, row.p99_ms))
    return f"{row.text:10} {row.connections:5} {times} {row.requests_per_s:7.0f}  {verdict}"


if __name__ == "__main__":
    main()
