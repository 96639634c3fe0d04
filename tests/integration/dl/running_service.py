"""The real service in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx

COMMAND = (sys.executable, "-m", "samo", "serve")
READY = re.compile(r"samo serve: answers at (http://\S+) \(Ctrl-C ends it\)\n")


@contextmanager
def running(log, **environment):
    """Start it at a free port; yield the process and its address; `log` gets what it logs."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*COMMAND, "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=file,
            env={**os.environ, **environment},
            text=True,
        )
        with process:
            try:
                ready = READY.fullmatch(process.stdout.readline())
                assert ready, log.read_text()
                yield process, ready[1]
            finally:
                process.send_signal(signal.SIGTERM)


def client(address):
    return httpx.Client(base_url=address, timeout=30, trust_env=False)
