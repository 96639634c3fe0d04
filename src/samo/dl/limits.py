"""Refuse a request whose body is longer than any text needs, before it is read whole."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samo.dl.problems import problem

LONGEST_BODY = 256 * 1024
"""Bytes: the longest text, with each character escaped as JSON allows."""


class LimitedBody:
    """An application behind a limit: it gets each body whole, in one message, or not at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 where the body is too long, else let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await _read(scope, receive)
        except ClientDisconnect:
            return
        if body is None:
            refusal = problem(413, f"the body is longer than {LONGEST_BODY} bytes")
            # What is still to come of the body would be taken for the next request.
            refusal.headers["connection"] = "close"
            await refusal(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    if _stated_length(scope) > LONGEST_BODY:
        return None
    body = bytearray()
    is_open = True
    while is_open:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > LONGEST_BODY:
            return None
        is_open = message.get("more_body", False)
    return bytes(body)


def _stated_length(scope: Scope) -> int:
    # The server has refused a length that is no number.
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    return max((int(value) for name, value in headers if name == b"content-length"), default=0)


def _replayed(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay
