"""What a plugin reaches the outside with: real clients, and a recorder that cannot send."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from email.message import EmailMessage
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from playbook_engine.errors import PlaybookError
from playbook_engine.hookspecs import HttpRequest, HttpResponse, MailServer, Undelivered
from playbook_engine.runtime.breaker import Breaker
from playbook_engine.runtime.hosts import Hosts
from playbook_engine.runtime.smtp import submit
from playbook_engine.text.scalars import without_unseen

if TYPE_CHECKING:
    import ssl

    import httpx2

MOST_BYTES = 1 << 20
"""Of an answer; what is longer is given up."""

_METHOD = re.compile(r"[A-Z]{1,20}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t -~]*")
"""RFC 9110, 5.1 and 5.5, without the bytes beyond ASCII."""


class LiveClients:
    """Clients that send. `say` is given one line at a time."""

    def __init__(self, hosts: Hosts, say: Callable[[str], object]) -> None:
        self._hosts = hosts
        self._say = say

    def http(self, request: HttpRequest) -> HttpResponse:
        check(request, self._hosts)
        try:
            import httpx2
        except ImportError:
            raise _missing("http", "HTTP") from None
        seconds = request.timeout / 1000
        with _told(request):
            url = httpx2.URL(request.url)
            # A second reader of the address has to see the host that was checked.
            self._hosts.check(f"{url.scheme}://{url.netloc.decode('ascii')}")
            sent = self._client.build_request(
                request.method, url, headers=dict(request.headers), content=request.body, timeout=seconds
            )
            answer = self._client.send(sent, stream=True)
            try:
                return _read(answer, time.monotonic() + seconds)
            finally:
                answer.close()

    def mail(self, message: EmailMessage, server: MailServer) -> None:
        submit(message, server)

    def notify(self, service: str, title: str, text: str) -> None:
        try:
            import apprise
        except ImportError:
            raise _missing("notify", "notify") from None
        # What it logs holds the service's address, and that holds tokens.
        logging.getLogger(apprise.LOGGER_NAME).setLevel(logging.CRITICAL + 1)
        hub = apprise.Apprise()
        if not hub.add(service):
            scheme = without_unseen(service.partition("://")[0][:20])
            raise Undelivered(
                "failed", f"`{scheme}` is no service that notifications can go to, or its address is not one"
            )
        with hub.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT, timeout=20) as result:
            status = result.status.name
        if status != "SUCCESS":
            # A service that was too slow may have taken it; one that refused has not.
            outcome = {"FAILURE": "again", "NOMATCH": "failed"}.get(status, "unknown")
            raise Undelivered(outcome, f"the notification service answered {status.lower()}")

    def say(self, line: str) -> None:
        self._say(line)

    @cached_property
    def _client(self) -> httpx2.Client:
        import httpx2

        # Connections are not kept, so that none is left open when nobody closes us. What is packed small may be
        # large: nothing packed is asked for.
        limits = httpx2.Limits(max_keepalive_connections=0)
        headers = {"user-agent": "playbook-engine", "accept-encoding": "identity"}
        trust = _trust(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))
        return httpx2.Client(verify=trust, limits=limits, follow_redirects=False, headers=headers)


@lru_cache(maxsize=4)
def _trust(file: str, folder: str) -> ssl.SSLContext:
    """Whom HTTPS trusts. The certificates are read once, which takes longer than a call; these two name others."""
    import httpx2

    return httpx2.create_ssl_context()


class GuardedClients:
    """Live clients that leave a service alone which has failed again and again. `now` is ms UTC."""

    def __init__(self, live: LiveClients, breaker: Breaker, now: int) -> None:
        self._live = live
        self._breaker = breaker
        self._now = now

    def http(self, request: HttpRequest) -> HttpResponse:
        with self._watched(_place_of(request)) as failed:
            answer = self._live.http(request)
            if answer.status >= 500:
                failed()
        return answer

    def mail(self, message: EmailMessage, server: MailServer) -> None:
        with self._watched(f"{server.host}:{server.port}"):
            self._live.mail(message, server)

    def notify(self, service: str, title: str, text: str) -> None:
        with self._watched(f"the service `{without_unseen(service.partition('://')[0][:20])}`"):
            self._live.notify(service, title, text)

    def say(self, line: str) -> None:
        self._live.say(line)

    @contextmanager
    def _watched(self, name: str) -> Iterator[Callable[[], None]]:
        """Tells the breaker how the call went; what was refused was at least answered."""
        self._breaker.ask(name, self._now)
        found: list[bool] = []
        try:
            yield lambda: found.append(True)
        except Undelivered as fault:
            self._breaker.tell(name, self._now, failed=fault.outcome != "failed")
            raise
        self._breaker.tell(name, self._now, failed=bool(found))


class RecorderClients:
    """A dry run's clients: they note what would have left, and have no way to send it.

    An address that could not be called is refused all the same. Every HTTP answer is 200 with an empty body.
    """

    def __init__(self, hosts: Hosts | None = None) -> None:
        self._hosts = hosts
        self.requests: list[HttpRequest] = []
        self.messages: list[EmailMessage] = []
        self.notifications: list[tuple[str, str, str]] = []
        self.lines: list[str] = []

    def within(self, hosts: Hosts) -> RecorderClients:
        """The same record, for a plugin that may call these hosts."""
        other = copy(self)
        other._hosts = hosts
        return other

    def http(self, request: HttpRequest) -> HttpResponse:
        check(request, self._hosts)
        self.requests.append(request)
        return HttpResponse(200)

    def mail(self, message: EmailMessage, server: MailServer) -> None:
        self.messages.append(message)

    def notify(self, service: str, title: str, text: str) -> None:
        self.notifications.append((service, title, text))

    def say(self, line: str) -> None:
        self.lines.append(line)


def check(request: HttpRequest, hosts: Hosts | None) -> None:
    """Raises Undelivered for a request that may not be made, or is none."""
    if hosts is not None:
        hosts.check(request.url)
    if not _METHOD.fullmatch(request.method):
        raise Undelivered("failed", "the method of a request is a word in capitals, as in POST")
    for name, value in request.headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise Undelivered("failed", f"the header `{without_unseen(name[:40])}` cannot be sent; write it in ASCII")


def say_on_console(line: str) -> None:
    """On stderr, where what is said cannot be taken for a command's result, nor act on the terminal."""
    sys.stderr.write(without_unseen(line.replace("\n", " ")) + "\n")
    sys.stderr.flush()


def say_in(path: Path) -> Callable[[str], None]:
    """Appends each line to a file, which is opened for every line so that it may be moved away."""

    def say(line: str) -> None:
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(line.replace("\n", " ") + "\n")

    return say


@contextmanager
def _told(request: HttpRequest) -> Iterator[None]:
    """What went wrong on the way, and whether the request may have arrived."""
    import httpx2

    place = _place_of(request)
    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError) as error:
        raise Undelivered("again", f"no connection to {place}: {type(error).__name__}") from None
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError) as error:
        raise Undelivered("failed", f"a request to {place} cannot be made: {type(error).__name__}") from None
    except httpx2.HTTPError as error:
        raise Undelivered("unknown", f"no answer from {place}: {type(error).__name__}") from None


def _place_of(request: HttpRequest) -> str:
    """The host, as a log may show it."""
    return without_unseen(request.url.split("/")[2]) if request.url.count("/") > 1 else ""


def _read(answer: httpx2.Response, until: float) -> HttpResponse:
    body = bytearray()
    for chunk in answer.iter_bytes(65_536):
        body += chunk
        if len(body) > MOST_BYTES:
            raise Undelivered("unknown", f"the answer is longer than {MOST_BYTES} bytes")
        if time.monotonic() > until:
            raise Undelivered("unknown", "the answer took too long")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return HttpResponse(answer.status_code, headers, bytes(body))


def _missing(extra: str, what: str) -> PlaybookError:
    return PlaybookError(f"{what} needs the extra `{extra}`; install `playbook-engine[{extra}]`")
