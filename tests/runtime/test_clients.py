"""Real clients on loopback: HTTP and SMTP, whom they may call, and what each failure means for the next attempt."""

from __future__ import annotations

import builtins
import socket
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from types import ModuleType
from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outside import CERTIFICATE, Answer, free_port, mail_server, web_server
from playbook_engine import HttpRequest, HttpResponse, MailServer, PlaybookError, Secret, Undelivered
from playbook_engine.runtime import clients, hosts
from playbook_engine.runtime.clients import LiveClients, RecorderClients, say_in, say_on_console
from playbook_engine.runtime.hosts import Hosts, hosts_of


def live(*urls: str, allowed: tuple[str, ...] = ()) -> LiveClients:
    return LiveClients(hosts_of(urls, allowed), lambda line: None)


def outcome_of(request: HttpRequest, *urls: str) -> tuple[str, str]:
    with pytest.raises(Undelivered) as error:
        live(request.url, *urls).http(request)
    return error.value.outcome, str(error.value)


def test_a_request_arrives_and_is_answered() -> None:
    with web_server(lambda asked: Answer(201, "承知".encode(), {"X-Number": "7"})) as server:
        request = HttpRequest("POST", f"{server.url}/a?b=c", {"X-Token": "t"}, b"body")
        answer = live(server.url).http(request)
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.headers["x-token"], asked.body) == ("POST", "/a?b=c", "t", b"body")
    assert (answer.status, answer.text, answer.headers["x-number"]) == (201, "承知", "7")


def test_no_redirect_is_followed() -> None:
    with web_server(lambda asked: Answer(307, b"", {"Location": "http://127.0.0.1:1/"})) as server:
        assert live(server.url).http(HttpRequest("GET", server.url)).status == 307
    assert len(server.asked) == 1


def test_an_answer_without_end_is_given_up() -> None:
    with web_server(lambda asked: Answer(200, b"a" * (clients.MOST_BYTES + 1))) as server:
        said = outcome_of(HttpRequest("GET", server.url))
    assert said == ("unknown", "the answer is longer than 1048576 bytes")


def test_a_service_that_is_not_there_is_tried_again() -> None:
    port = free_port()
    said = outcome_of(HttpRequest("GET", f"http://127.0.0.1:{port}/secret-path"))
    assert said == ("again", f"no connection to 127.0.0.1:{port}: ConnectError")


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes a request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    held.append(server.accept()[0])
            except OSError:
                return

        thread = Thread(target=take)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in held:
            one.close()


def test_a_service_that_never_answers_may_have_taken_it(silent: int) -> None:
    said = outcome_of(HttpRequest("POST", f"http://127.0.0.1:{silent}/", timeout=100))
    assert said == ("unknown", f"no answer from 127.0.0.1:{silent}: ReadTimeout")


def test_an_answer_that_is_no_http_may_mean_that_it_was_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            one, _ = server.accept()
            one.recv(65_536)
            one.sendall(b"220 hello\r\n\r\n")
            one.close()

        thread = Thread(target=speak)
        thread.start()
        port = server.getsockname()[1]
        assert outcome_of(HttpRequest("GET", f"http://127.0.0.1:{port}/"))[0] == "unknown"
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://hooks.minato.example.evil.example/",
        "https://evil.example#hooks.minato.example",
        "https://evil.example\\@hooks.minato.example/",
        "https://hooks.minato.example@evil.example/",
        "https://hooks.minato.example:8443/",
        "https://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://hooks.minato.example/",
        "https:/hooks.minato.example/",
        "https://hooks.minato.example\t.evil.example/",
        " https://hooks.minato.example/",
        "https://hooks。minato。example/",
        "https://:80/",
        "https://hooks.minato.example:99999/",
        "",
    ],
)
def test_what_no_setting_names_is_not_called(url: str) -> None:
    hosts = hosts_of({"url": "https://hooks.minato.example/in"})
    with pytest.raises(Undelivered) as error:
        hosts.check(url)
    assert error.value.outcome == "failed"
    with pytest.raises(Undelivered):
        RecorderClients(hosts).http(HttpRequest("GET", url))


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.minato.example/other?x=1",
        "https://HOOKS.minato.example./",
        "https://api.minato.example:8443/a/b",
        "https://secret.example/x",
        "https://listed.example/",
        "http://listed.example/",
        "https://a.b.below.example/",
        "http://localhost:8080/",
    ],
)
def test_what_the_settings_name_is_called(url: str) -> None:
    settings = {
        "url": "https://hooks.minato.example/{queue}",
        "deep": [{"open": "HTTPS://api.minato.example:8443"}],
        "secret": Secret("https://secret.example/token"),
    }
    hosts_of(settings, ("listed.example", "*.below.example", "localhost:8080")).check(url)


def test_the_parent_of_allowed_hosts_is_not_allowed_with_them() -> None:
    with pytest.raises(Undelivered):
        hosts_of({}, ("*.below.example",)).check("https://below.example/")


def test_a_host_that_a_template_could_choose_names_nothing() -> None:
    assert hosts_of({"url": "https://{queue}.example/"}) == Hosts()


AWKWARD = st.text(alphabet="abz.-:/@\\#?[]%&= 0189\t。Ａ", max_size=30)


@given(st.sampled_from(["http://", "https://", "HTTP://", "//", ""]), AWKWARD)
def test_every_reader_of_an_address_sees_the_host_that_was_checked(scheme: str, rest: str) -> None:
    url = scheme + rest
    try:
        host, port = hosts.place_of(url)
    except Undelivered:
        return
    try:
        other = httpx2.URL(url)
    except httpx2.InvalidURL:
        return
    assert other.host.rstrip(".") == host
    assert (other.port or {"http": 80, "https": 443}[other.scheme]) == port
    assert urlsplit(url).hostname is not None


@given(st.text(max_size=20), st.text(max_size=40))
def test_no_header_ends_another(name: str, value: str) -> None:
    request = HttpRequest("POST", "https://a.example/", {name: value})
    recorder = RecorderClients()
    try:
        recorder.http(request)
    except Undelivered:
        assert recorder.requests == []
        return
    assert name.isascii()
    assert value.isascii()
    assert not {"\r", "\n", "\x00"} & set(name + value)


def test_a_method_is_a_word() -> None:
    with pytest.raises(Undelivered):
        RecorderClients().http(HttpRequest("GET / HTTP/1.1\r\nX: y\r\n", "https://a.example/"))


@pytest.mark.parametrize(("extra", "package"), [("http", "httpx2"), ("notify", "apprise")])
def test_without_its_extra_a_client_says_what_to_install(
    extra: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *more: object, **named: object) -> ModuleType:
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(name)
        return real(name, *more, **named)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, package, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    request = HttpRequest("GET", "https://a.example")
    with pytest.raises(PlaybookError) as error:
        live(request.url).http(request) if extra == "http" else live().notify("slack://a", "", "b")
    assert f"needs the extra `{extra}`; install `playbook-engine[{extra}]`" in str(error.value)


def test_json_that_is_none_is_none() -> None:
    assert HttpResponse(200, {}, b'{"a": 1}').json() == {"a": 1}
    assert [HttpResponse(200, {}, body).json() for body in (b"", b"<html>", b"\xff", b"[" * 100_000)] == [None] * 4


def test_what_is_said_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say_on_console("one\x1b[2J\ntwo\x9b31m\u202e")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "one\ufffd[2J two\ufffd31m\ufffd\n")


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    say = say_in(tmp_path / "log")
    say("one\nline")
    (tmp_path / "log").rename(tmp_path / "log.1")
    say("two")
    assert (tmp_path / "log.1").read_text("utf-8") == "one line\n"
    assert (tmp_path / "log").read_text("utf-8") == "two\n"


def letter(to: str = "hanako@mail.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "care@minato.example", to, "返品"
    message.set_content("..\n承りました\n")
    return message


def refused(server: MailServer, to: str = "hanako@mail.example") -> tuple[str, str]:
    with pytest.raises(Undelivered) as error:
        live().mail(letter(to), server)
    return error.value.outcome, str(error.value)


def test_a_letter_arrives() -> None:
    with mail_server() as box:
        live().mail(letter(), MailServer("127.0.0.1", box.port, sender="bounces@minato.example"))
    (envelope,) = box.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bounces@minato.example", ["hanako@mail.example"])
    assert box.messages[0].get_content() == "..\r\n承りました\r\n"


@pytest.mark.parametrize(
    ("command", "reply", "outcome", "said"),
    [
        ("MAIL", "451 later hanako@mail.example", "again", "the mail server refused the sender with 451"),
        ("MAIL", "550 no", "failed", "the mail server refused the sender with 550"),
        ("RCPT", "450 busy", "again", "the mail server refused the receiver with 450"),
        ("RCPT", "550 5.1.1 nobody hanako@mail.example", "failed", "the mail server refused the receiver with 550"),
        ("DATA", "452 full", "again", "the mail server refused the message with 452"),
        ("DATA", "554 spam", "failed", "the mail server refused the message with 554"),
        ("DATA", "lost", "unknown", "127.0.0.1 was lost while sending: SMTPServerDisconnected"),
    ],
)
def test_what_a_server_s_refusal_means(command: str, reply: str, outcome: str, said: str) -> None:
    with mail_server({command: reply}) as box:
        assert refused(MailServer("127.0.0.1", box.port)) == (outcome, said)


def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    port = free_port()
    said = f"no connection to 127.0.0.1:{port}: ConnectionRefusedError"
    assert refused(MailServer("127.0.0.1", port)) == ("again", said)


def test_a_mail_server_that_says_nothing_is_tried_again(silent: int) -> None:
    assert refused(MailServer("127.0.0.1", silent, timeout=100))[0] == "again"


def test_a_letter_is_encrypted_where_the_server_can() -> None:
    with mail_server(tls=True, auth=True) as box:
        server = MailServer("127.0.0.1", box.port, "care", "right", ca=str(CERTIFICATE))
        live().mail(letter(), server)
    assert (box.encrypted, box.logins) == ([True], [(b"care", b"right")])


def test_a_server_that_cannot_be_trusted_is_given_nothing() -> None:
    with mail_server(tls=True, auth=True) as box:
        outcome, said = refused(MailServer("127.0.0.1", box.port, "care", "right"))
    assert outcome == "failed"
    assert said.startswith("127.0.0.1 cannot be trusted")
    assert (box.logins, box.envelopes) == ([], [])


def test_a_password_is_not_sent_in_clear_unless_that_is_written() -> None:
    with mail_server(auth=True) as box:
        outcome, said = refused(MailServer("127.0.0.1", box.port, "care", "right"))
        assert (outcome, box.logins) == ("failed", [])
        assert said.startswith("127.0.0.1 offers no STARTTLS; the password is not sent in clear")
        live().mail(letter(), MailServer("127.0.0.1", box.port, "care", "right", tls="none"))
    assert box.logins == [(b"care", b"right")]


def test_starttls_that_is_demanded_and_not_offered_sends_nothing() -> None:
    with mail_server() as box:
        outcome, _ = refused(MailServer("127.0.0.1", box.port, tls="demanded"))
    assert (outcome, box.envelopes) == ("failed", [])


def test_a_refused_login_fails() -> None:
    with mail_server(auth=True) as box:
        said = refused(MailServer("127.0.0.1", box.port, "care", "wrong", tls="none"))
    assert said == ("failed", "the mail server refused the login with 535")


def test_an_address_beyond_ascii_goes_only_where_it_is_understood() -> None:
    with mail_server() as box:
        said = refused(MailServer("127.0.0.1", box.port), "花子@mail.example")
    assert said == ("failed", "127.0.0.1 takes no addresses beyond ASCII")


def test_a_password_is_not_shown() -> None:
    assert "right" not in repr(MailServer("h", password="right"))


def test_a_recorder_keeps_what_would_have_left() -> None:
    recorder = RecorderClients()
    recorder.http(HttpRequest("GET", "https://a.example"))
    recorder.mail(letter(), MailServer("h"))
    recorder.notify("slack://a", "b", "c")
    recorder.say("d")
    assert [request.url for request in recorder.requests] == ["https://a.example"]
    assert [message["Subject"] for message in recorder.messages] == ["返品"]
    assert (recorder.notifications, recorder.lines) == ([("slack://a", "b", "c")], ["d"])
