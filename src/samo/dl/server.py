"""Serve an application over HTTP until a signal ends it."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

_DRAIN_S = 10


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there, at a free port for 0.

    Raises OSError, and UnicodeError for a host that can't be the name of one.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once only where the protocol is named; else each answer waits for an
    # acknowledgement that the client delays, 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, UnicodeError):
        listener.close()
        raise
    return listener


def serve(app: ASGIApp, listener: socket.socket, *, when_ready: Callable[[], None]) -> None:
    """Answer on `listener`, and call `when_ready` once that is so.

    SIGTERM and SIGINT let the open requests finish, up to ten seconds, and then do what they do.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # a path may hold what a user meant to keep; /metrics counts
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_S,
    )
    _Server(config, when_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_ready()
