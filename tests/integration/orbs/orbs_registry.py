"""A registry of orbs on this machine, which speaks CircleCI's protocol and remembers who asked."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class RunningRegistry:
    """Orbs by exact name; `asked` are the references that were asked for, with their tokens.

    `reply`, where it is set, is sent in place of any answer: a status, and the bytes of a body.
    """

    orbs: dict[str, str]
    host: str = ""
    asked: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    reply: tuple[int, bytes] | None = None
    silence: threading.Event | None = None

    def answer(self, variables: dict[str, str]) -> dict[str, object]:
        if "orbVersionRef" in variables:
            self.asked.append(variables["orbVersionRef"])
            return {"orbVersion": self._version(variables["orbVersionRef"])}
        name = variables["name"]
        versions = [orb.partition("@")[2] for orb in self.orbs if orb.startswith(f"{name}@")]
        listed = [{"version": version} for version in versions if version[0].isdigit()]
        return {"orb": {"id": "o", "versions": listed} if versions else None}

    def _version(self, reference: str) -> dict[str, str] | None:
        name, _, wanted = reference.partition("@")
        fitting = [
            orb
            for orb in self.orbs
            if orb == reference
            or (orb.startswith(f"{name}@{wanted}." if wanted != "volatile" else f"{name}@"))
        ]
        if not fitting:
            return None
        best = max(fitting, key=_order)
        return {"id": "v", "version": best.partition("@")[2], "source": self.orbs[best]}


def _order(orb: str) -> list[int]:
    version = orb.partition("@")[2]
    return [int(part) for part in version.split(".")] if version[0].isdigit() else []


@contextmanager
def running_registry(orbs, *, port=0):
    """Serve these orbs until the block ends."""
    registry = RunningRegistry(dict(orbs))

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            registry.tokens.append(self.headers["Authorization"])
            assert self.path == "/graphql-unstable"
            if registry.silence:
                registry.silence.wait(30)
            data = json.dumps({"data": registry.answer(body["variables"])}).encode()
            status, content = registry.reply or (200, data)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        registry.host = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield registry
        finally:
            if registry.silence:
                registry.silence.set()
            server.shutdown()
            thread.join()
