"""The web side: hooks that hand in, and what a supervisor asks. Knows HTTP and nothing of policy."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from playbook_engine.runtime.clock import Clock
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.outcomes import Outcome
from playbook_engine.serve.entrances import Hook
from playbook_engine.serve.loop import Busy, Loop, Taken
from playbook_engine.serve.metrics import Counted, exposition
from playbook_engine.serve.signing import Refused, challenge, verify

LARGEST_BODY = 1 << 20
"""Bytes of one request. Messages of Slack, LINE and X are far smaller."""

SLOWEST_BODY = 10.0
"""Seconds in which a body must have arrived."""

LONGEST_ANSWER = 30.0
"""Seconds after which the sender is told to come again; what it sent is decided all the same, and known then."""

STALE = 15_000
"""Ms without a turn of the loop after which this process is not ready."""

log = logging.getLogger(__name__)


class TooLarge(Exception):
    """The body is over `LARGEST_BODY`."""


class Web:
    """The endpoints over one loop. `refused` counts what was turned away, by reason."""

    def __init__(self, loop: Loop, hooks: tuple[Hook, ...], clock: Clock, counted: Counted) -> None:
        self._loop, self._hooks, self._clock, self._counted = loop, hooks, clock, counted
        self.refused: Counter[str] = Counter()

    def app(self, started: Callable[[], AbstractAsyncContextManager[None]]) -> Starlette:
        """`started` is held while requests are taken."""
        routes = [Route(hook.path, self._hook(hook), methods=["GET", "POST"]) for hook in self._hooks]
        routes += [
            Route("/healthz", self._healthy, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
        ]

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            async with started():
                yield

        return Starlette(routes=routes, lifespan=lifespan)

    def _hook(self, hook: Hook) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            if request.method != "POST":
                return self._asked_back(hook, request)
            try:
                async with asyncio.timeout(SLOWEST_BODY):
                    body = await _body(request)
                if hook.style:
                    verify(hook.style, hook.secret, _headers(request), body, self._clock.now())
            except TooLarge:
                return self._refuse(413, "too-large", f"a request has at most {LARGEST_BODY} bytes")
            except TimeoutError:
                return self._refuse(408, "too-slow", f"a body has to arrive within {SLOWEST_BODY:g} s")
            except ClientDisconnect:
                return self._refuse(400, "cut-off", "the connection ended before the body did")
            except Refused as why:
                return self._refuse(401, "not-signed", str(why))
            return _slack_asks(hook, body) or await self._hand_in(hook, request, body)

        return answer

    async def _hand_in(self, hook: Hook, request: Request, body: bytes) -> Response:
        outcomes = await asyncio.to_thread(_read, hook, _structured(request, body))
        try:
            answer = self._loop.hand_in(outcomes)
            async with asyncio.timeout(LONGEST_ANSWER):
                taken = await asyncio.shield(asyncio.wrap_future(answer))
        except (Busy, TimeoutError):
            return self._refuse(503, "busy", "come again in a moment", {"retry-after": "2"})
        except Exception:
            return self._refuse(503, "store", "nothing can be kept at the moment; come again", {"retry-after": "10"})
        return JSONResponse(_said(taken))

    def _asked_back(self, hook: Hook, request: Request) -> Response:
        """X asks by GET whether the secret is known here; nobody else asks anything."""
        token = request.query_params.get("crc_token", "")
        if hook.style != "x" or not 0 < len(token) <= 500:
            return self._refuse(405, "method", "this path takes POST", {"allow": "POST"})
        return JSONResponse({"response_token": challenge(hook.secret, token)})

    def _refuse(self, status: int, reason: str, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
        self.refused[reason] += 1
        log.warning("a request is refused [%s]", reason)
        return JSONResponse({"error": reason, "sentence": sentence}, status, headers)

    async def _healthy(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _ready(self, request: Request) -> Response:
        """Whether events are being decided: a supervisor sends nothing here while they are not."""
        figures = self._loop.figures
        since = self._clock.now() - figures.last_turn
        if figures.turns and since < STALE:
            return PlainTextResponse("ready\n")
        return PlainTextResponse("not ready: the loop has not turned lately\n", 503)

    async def _metrics(self, request: Request) -> Response:
        text = exposition(self._counted, self._loop, self.refused)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


async def _body(request: Request) -> bytes:
    """Raises TooLarge before more is read than may be."""
    said = request.headers.get("content-length", "0")
    if said.isdigit() and int(said) > LARGEST_BODY:
        raise TooLarge
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def _headers(request: Request) -> dict[str, str]:
    """A name that is sent twice is not there: two readers could take either."""
    counted = Counter(name.lower() for name, _ in request.headers.items())
    return {name.lower(): value for name, value in request.headers.items() if counted[name.lower()] == 1}


def _structured(request: Request, body: bytes) -> bytes:
    """A CloudEvent whose attributes are headers, as one whose attributes are in the body.

    See https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode.
    """
    attributes = {name[3:]: value for name, value in _headers(request).items() if name.startswith("ce-")}
    if "specversion" not in attributes:
        return body
    try:
        data: object = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        return body
    return json.dumps({**attributes, "data": data}).encode()


def _slack_asks(hook: Hook, body: bytes) -> Response | None:
    """Slack's question when a hook is set up (https://docs.slack.dev/reference/events/url_verification)."""
    if hook.style != "slack" or len(body) > 2_000 or b"url_verification" not in body:
        return None
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict) or asked.get("type") != "url_verification":
        return None
    return PlainTextResponse(str(asked.get("challenge", ""))[:500])


def _read(hook: Hook, body: bytes) -> list[Outcome]:
    return list(take_in_body(body, hook.sender, hook.mapping))


def _said(taken: Taken) -> dict[str, object]:
    return {
        "taken": taken.taken,
        "repeated": taken.repeated,
        "skipped": taken.skipped,
        "set_aside": taken.set_aside,
    }
