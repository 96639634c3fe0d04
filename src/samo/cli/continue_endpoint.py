"""The endpoint to which setup jobs send the request to continue: HTTP, for this machine alone."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self

from samo.pipeline.dataclass import dataclass
from samo.system import Cancel
from samo.system.polling import ready

_PATH = "/api/v2/pipeline/continue"
_MAX_BYTES = 32_000_000  # a config of 3 MB, each character of it escaped
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a request is told."""

    status: HTTPStatus
    message: str


Answer = Callable[[bytes], Reply]
"""Takes the body of a request to continue; is called by one thread at a time."""


class ContinueEndpoint:
    """Listens at `address` from its `with` on; requests wait until somebody is `answering`."""

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Exchange)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.server_close()

    @property
    def address(self) -> str:
        """The URL that stands in for that of the cloud."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{_PATH}"

    @contextmanager
    def answering(self, answer: Answer) -> Iterator[None]:
        """Let `answer` reply to requests, in a thread that ends with the `with`.

        What it raises is a bug of ours, and raised again here.
        """
        self._server.answer = answer
        with closing(Cancel()) as over:
            thread = threading.Thread(target=self._serve, args=(over,), name="samo-continue")
            thread.start()
            try:
                yield
            finally:
                over.set()
                thread.join()
        if self._server.faults:
            raise self._server.faults[0]

    def _serve(self, over: Cancel) -> None:
        while over.fileno() not in ready([self._server.fileno(), over.fileno()]):
            self._server.handle_request()


class _Server(TCPServer):
    """One request at a time: a pipeline is continued once."""

    timeout = 0
    answer: Answer

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(*arguments)
        self.faults: list[BaseException] = []

    def handle_error(self, *_client: object) -> None:
        """Keep what went wrong on our side; a client that went away is none of that."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.faults.append(error)


class _Exchange(BaseHTTPRequestHandler):
    """A request and its reply."""

    protocol_version = "HTTP/1.1"  # so that curl need not wait before it sends a long body
    timeout = _PATIENCE_S
    server: _Server

    def do_POST(self) -> None:
        self.close_connection = True
        reply = self._reply()
        body = json.dumps({"message": reply.message}, ensure_ascii=False) + "\n"
        data = body.encode(errors="replace")
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the step that asked shows its reply."""

    def _reply(self) -> Reply:
        if self.path != _PATH:
            return Reply(status=HTTPStatus.NOT_FOUND, message="Not found")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            return Reply(status=HTTPStatus.LENGTH_REQUIRED, message="The request has no length")
        if len(length) > len(str(_MAX_BYTES)) or int(length) > _MAX_BYTES:
            message = f"The request is longer than {_MAX_BYTES:,} bytes"
            return Reply(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message=message)
        return self.server.answer(self.rfile.read(int(length)))
