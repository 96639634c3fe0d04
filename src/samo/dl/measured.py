"""Time each request, whatever answers it."""

import time
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samo.dl.metrics import RequestCounts

GONE = 499
"""No answer went out: the client had closed the connection. (No status of HTTP; nginx's word.)"""


class Measured:
    """An application whose requests are counted under its own paths, all others as `other`."""

    def __init__(self, app: ASGIApp, counts: RequestCounts, *, paths: Collection[str]) -> None:
        self._app = app
        self._counts = counts
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and count that."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = GONE

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        begun = time.perf_counter()
        try:
            await self._app(scope, receive, watched)
        finally:
            path = scope["path"] if scope["path"] in self._paths else "other"
            self._counts.observe(path, status, seconds=time.perf_counter() - begun)
