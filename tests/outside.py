"""The outside world for tests of plugins: a web server and a mail server on loopback, deliveries, contexts."""

from __future__ import annotations

import socket
import ssl
from asyncio import WriteTransport
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from playbook_engine import Delivery, DeliveryContext, PluginSettings
from playbook_engine.hookspecs import Clients
from playbook_engine.runtime.clients import LiveClients
from playbook_engine.runtime.hosts import hosts_of

NOW = 1_772_416_800_000
"""2026-03-02T02:00:00Z, a Monday, eleven in the morning in Tokyo."""

CERTIFICATE = Path(__file__).parent / "runtime" / "localhost.pem"


def delivery(action: str, channel: str = "", key: str = "i1:1:reply:email:1", **parameters: object) -> Delivery:
    return Delivery(key=key, incident="i1", action=action, channel=channel or action, parameters=parameters)


def context(
    settings: Mapping[str, object],
    state: Path = Path("."),
    *,
    now: int = NOW,
    clients: Clients | None = None,
    allowed: tuple[str, ...] = (),
    dry_run: bool = False,
) -> DeliveryContext:
    """What a carrier gives a plugin: live clients that may call the hosts of the settings."""
    live = clients or LiveClients(hosts_of(settings, allowed), lambda line: None)
    return DeliveryContext(now, PluginSettings(settings, state, "plugins.it"), live, state, dry_run)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class WebServer:
    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def web_server(answer: Callable[[Asked], Answer] = lambda asked: Answer()) -> Iterator[WebServer]:
    class Handler(BaseHTTPRequestHandler):
        def answer_it(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            served.asked.append(asked)
            given = answer(asked)
            self.send_response(given.status)
            for name, value in {"content-length": str(len(given.body)), **given.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # who asked may be gone by now
                self.wfile.write(given.body)

        do_GET = do_POST = do_PUT = answer_it

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = WebServer(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A port of loopback at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class MailBox:
    """A mail server and what it was given. `replies` are its answers by command, where they are not the usual."""

    replies: Mapping[str, str]
    port: int
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [read_mail(cast(bytes, envelope.content)) for envelope in self.envelopes]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.replies:
            return self.replies["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.replies:
            return self.replies["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.replies.get("DATA") == "lost":
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        elif "DATA" in self.replies:
            return self.replies["DATA"]
        self.envelopes.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 taken"

    def log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def mail_server(
    replies: Mapping[str, str] | None = None, *, tls: bool = False, auth: bool = False
) -> Iterator[MailBox]:
    box = MailBox(replies or {}, free_port())
    trust = None
    if tls:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(CERTIFICATE)
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        tls_context=trust,
        authenticator=box.log_in if auth else None,
        auth_require_tls=False,
        enable_SMTPUTF8=False,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def read_mail(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)
