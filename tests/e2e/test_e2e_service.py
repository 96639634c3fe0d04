"""The service as its user meets it: started, asked, counted, stopped."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.e2e

PROGRAM = Path(sys.executable).with_name("samo")
JOURNAL = """\
I can't believe this day is over. The interview went better than I had dared to hope, and I am so
proud of how calm I stayed. Thank you, Mira, for waiting outside with coffee!

On the way home I thought of dad. I miss him, and it made me sad that I can't call him tonight.
Still, I'm excited about what comes next.
"""


@pytest.fixture
def service():
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        address = process.stdout.readline().split()[4]
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as http:
            yield process, http
        process.kill()


def test_a_journal_text_is_analyzed_and_counted(service):
    _process, http = service
    assert http.get("/health").json()["status"] == "ok"
    answer = http.post("/v1/analyze", json={"text": JOURNAL}).json()
    found = {each["label"] for each in answer["emotions"] if each["detected"]}
    assert found >= {"gratitude", "excitement", "sadness"}
    counted = 'samo_http_requests_total{path="/v1/analyze",status="200"} 1\n'
    assert counted in http.get("/metrics").text


def test_sigterm_lets_an_open_request_finish(service):
    process, http = service
    body = json.dumps({"text": JOURNAL}).encode()
    head = (
        "POST /v1/analyze HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((http.base_url.host, http.base_url.port)) as connection:
        connection.sendall(head.encode())
        # The service asks for the body, so it is at work on the request when the signal comes.
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        process.send_signal(signal.SIGTERM)
        connection.sendall(body)
        with connection.makefile("rb") as answer:
            assert answer.readline().startswith(b"HTTP/1.1 200 ")
            assert b'"gratitude"' in answer.read()
    assert process.wait(30) in (0, -signal.SIGTERM)
