"""Calls of other systems: what they are told, how it is signed, and what their answers mean."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outside import NOW, Answer, Asked, context, delivery, web_server
from playbook_engine import PlaybookError, PluginSettings, Receipt, Undelivered
from playbook_engine.runtime.clients import RecorderClients
from playbook_plugins import webhook

SECRET = "whsec_" + base64.b64encode(b"twenty-four bytes or so.").decode()


def test_a_delivery_is_posted_as_json_and_signed() -> None:
    with web_server() as server:
        settings = {"url": f"{server.url}/in", "secret": SECRET, "headers": {"Authorization": "Bearer t"}}
        receipt = webhook.deliver(delivery("refund", amount=200, currency="USD"), context(settings))
    assert receipt == Receipt("delivered")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/in")
    assert asked.headers["authorization"] == "Bearer t"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["webhook-id"] == "i1:1:reply:email:1"
    assert asked.headers["webhook-timestamp"] == str(NOW // 1000)
    signed = b"i1:1:reply:email:1." + str(NOW // 1000).encode() + b"." + asked.body
    digest = hmac.new(b"twenty-four bytes or so.", signed, sha256).digest()
    assert asked.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    told = json.loads(asked.body)
    assert (told["type"], told["timestamp"]) == ("action.refund", "2026-03-02T02:00:00.000Z")
    assert told["data"]["parameters"] == {"amount": 200, "currency": "USD"}
    assert told["data"]["key"] == "i1:1:reply:email:1"


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the reference libraries, https://github.com/standard-webhooks/standard-webhooks."""
    made = webhook.signature(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=1, max_size=40), st.text(max_size=20), st.integers(0, 1 << 40), st.binary(max_size=200))
def test_a_receiver_finds_the_signature_right_and_any_change_wrong(
    key: bytes, name: str, timestamp: int, body: bytes
) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    made = webhook.signature([secret], name, timestamp, body)

    def by_the_receiver(body: bytes) -> str:
        digest = hmac.new(key, f"{name}.{timestamp}.".encode() + body, sha256).digest()
        return f"v1,{base64.b64encode(digest).decode()}"

    assert made == by_the_receiver(body)
    assert made != by_the_receiver(body + b"!")


def test_while_a_secret_is_replaced_both_sign() -> None:
    clients = RecorderClients()
    settings = {"url": "https://hooks.example/", "secret": ["old secret", "new secret"]}
    webhook.deliver(delivery("send", "x", text="a"), context(settings, clients=clients))
    (request,) = clients.requests
    parts = request.headers["webhook-signature"].split(" ")
    at = str(NOW // 1000)
    signed = f"i1:1:reply:email:1.{at}.".encode() + request.body
    assert parts == [
        "v1," + base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()
        for secret in (b"old secret", b"new secret")
    ]


def test_without_a_secret_there_is_no_signature() -> None:
    clients = RecorderClients()
    webhook.deliver(delivery("send", "x", text="a"), context({"url": "https://hooks.example/"}, clients=clients))
    assert "webhook-signature" not in clients.requests[0].headers


@given(st.text(max_size=40))
def test_a_key_in_any_script_is_a_header_that_can_be_sent(key: str) -> None:
    clients = RecorderClients()
    settings = {"url": "https://hooks.example/", "secret": SECRET}
    webhook.deliver(delivery("send", "x", key=key, text="a"), context(settings, clients=clients))
    name = clients.requests[0].headers["webhook-id"]
    assert name.isascii()
    assert not {".", " ", "\r", "\n"} & set(name)


def answered(status: int, body: bytes = b"", **headers: str) -> Receipt:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with web_server(lambda asked: Answer(status, body, named)) as server:
        return webhook.deliver(delivery("send", "x", text="a"), context({"url": server.url}))


@pytest.mark.parametrize(("status", "outcome"), [(200, "delivered"), (201, "delivered"), (204, "delivered")])
def test_a_good_answer_is_a_delivery(status: int, outcome: str) -> None:
    assert answered(status) == Receipt(outcome)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(status: int) -> None:
    assert answered(status) == Receipt("again", error=f"the service answered {status}")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_what_does_not_pass_fails(status: int) -> None:
    assert answered(status) == Receipt("failed", error=f"the service answered {status}")


def test_a_redirect_is_not_followed() -> None:
    with web_server(lambda asked: Answer(302, b"", {"location": "/elsewhere"})) as server:
        receipt = webhook.deliver(delivery("send", "x", text="a"), context({"url": server.url}))
    assert receipt == Receipt("failed", error="the service answered 302; it has moved, write the new address")
    assert [asked.path for asked in server.asked] == ["/"]


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", 120_000),
        ("Mon, 02 Mar 2026 02:01:30 GMT", 90_000),
        ("Mon, 02 Mar 2026 01:00:00 GMT", 0),
        ("999999999999", 86_400_000),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400_000),
        ("soon", 0),
        ("-5", 0),
    ],
)
def test_who_says_when_to_come_again_is_heard(said: str, wait: int) -> None:
    assert answered(503, retry_after=said).again_after == wait


def test_the_answer_may_say_what_it_found() -> None:
    receipt = answered(200, b'{"message": 77, "result": {"number": "T-17"}, "more": 1}')
    assert receipt == Receipt("delivered", message="77", result={"number": "T-17"})


@pytest.mark.parametrize("body", [b"", b"ok", b"[1]", b'{"message": true}', b'{"result": 3}', b"\xff", b"[" * 100_000])
def test_any_other_good_answer_says_nothing(body: bytes) -> None:
    assert answered(200, body) == Receipt("delivered")


def test_a_hook_is_called_by_its_name_with_its_own_secret_and_headers() -> None:
    clients = RecorderClients()
    hooks = {"crm": {"url": "https://crm.example/in", "headers": {"X-Token": "t"}}}
    settings = {"url": "https://other.example/", "secret": SECRET, "headers": {"X-Other": "o"}, "hooks": hooks}
    webhook.deliver(delivery("webhook", name="crm", level="high"), context(settings, clients=clients))
    (request,) = clients.requests
    assert request.url == "https://crm.example/in"
    assert request.headers["x-token"] == "t"
    assert "x-other" not in request.headers
    assert "webhook-signature" not in request.headers
    assert json.loads(request.body)["data"]["parameters"] == {"name": "crm", "level": "high"}


def test_an_unknown_hook_names_the_nearest() -> None:
    hooks = {"crm-intake": {"url": "https://crm.example/in"}}
    with pytest.raises(PlaybookError) as error:
        webhook.deliver(delivery("webhook", name="crm-intaek"), context({"hooks": hooks}))
    said = "settings: `plugins.it.hooks` has no hook called `crm-intaek`; did you mean `crm-intake`?"
    assert str(error.value) == said


def test_an_address_in_the_playbook_is_called_only_where_the_settings_allow_its_host() -> None:
    asked_there: list[Asked] = []

    def answer(asked: Asked) -> Answer:
        asked_there.append(asked)
        return Answer()

    with web_server(answer) as server:
        call = delivery("webhook", url=f"{server.url}/in")
        with pytest.raises(Undelivered) as refused:
            webhook.deliver(call, context({"headers": {"Authorization": "Bearer t"}}))
        assert refused.value.outcome == "failed"
        assert asked_there == []
        allowed = (server.url.removeprefix("http://"),)
        receipt = webhook.deliver(call, context({"headers": {"Authorization": "Bearer t"}}, allowed=allowed))
    assert receipt == Receipt("delivered")
    assert "authorization" not in asked_there[0].headers, "a token belongs to whom the settings name"


def test_a_secret_that_is_not_base64_is_told_before_anything_is_sent() -> None:
    with pytest.raises(PlaybookError, match="Base64 is wanted"):
        webhook.check(PluginSettings({"hooks": {"crm": {"url": "https://crm.example", "secret": "whsec_%%%"}}}))
