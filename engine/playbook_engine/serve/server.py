"""Everything together: the loop on its thread, sources on theirs, the web side on this one, until a signal ends it."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Event as Signal
from threading import Thread

import uvicorn
from starlette.applications import Starlette

from playbook_engine.errors import UsageError
from playbook_engine.serve.app import Web
from playbook_engine.serve.entrances import Reading
from playbook_engine.serve.loop import Loop
from playbook_engine.serve.reading import Reader

AT_ONCE = 200
"""Connections at a time; what comes beyond is answered 503 at once."""

log = logging.getLogger(__name__)


def listen(place: str) -> socket.socket:
    """A socket at HOST:PORT; port 0 takes one that is free. Raises UsageError."""
    host, colon, port = place.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65_535 or not host:
        raise UsageError(f"`{place}` is no place to listen at; write for instance 127.0.0.1:8080")
    bare = host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(bare, int(port), type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError as error:
        raise UsageError(f"{place}: {error.strerror}; name another host or port") from None
    return found


def is_loopback(sock: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    host = str(sock.getsockname()[0])
    return host.startswith("127.") or host == "::1"


def serve(web: Web, loop: Loop, readings: tuple[Reading, ...], sock: socket.socket, reload: Callable[[], None]) -> None:
    """Until SIGTERM or SIGINT: then no more is taken, what was taken is answered, and the loop ends.

    SIGHUP calls `reload`.
    """
    stopped = Signal()
    thread = Thread(target=loop.run, name="loop")

    @asynccontextmanager
    async def started() -> AsyncIterator[None]:
        thread.start()
        for reading in readings:
            Reader(reading, loop, stopped).start()
        try:
            yield
        finally:
            stopped.set()
            loop.stop()

    server = _Server(_config(web.app(started)))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda number, frame: reload())
    server.run(sockets=[sock])
    loop.stop()
    if thread.ident is not None:
        thread.join()


class _Server(uvicorn.Server):
    """One that does not raise the signal again at its end: the loop and the store have yet to be closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=35,
        h11_max_incomplete_event_size=16_384,
        ws="none",
        http="h11",
        loop="asyncio",
        lifespan="on",
    )
