"""Notifications through Apprise, against a web server on loopback."""

from __future__ import annotations

import json

import pytest

from outside import Answer, context, delivery, web_server
from playbook_engine import PlaybookError, PluginSettings, Receipt, Undelivered
from playbook_engine.runtime.clients import RecorderClients
from playbook_plugins import notify

# Apprise imports a module that Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def told(address: str = "#care", kind: str = "slack", **more: object) -> dict[str, object]:
    return {"to": "sato", "kind": kind, "address": address, "subject": "返品 遅れ", "text": "i1 is late", **more}


def test_a_notification_arrives_at_the_service() -> None:
    with web_server() as server:
        settings = {"services": {"slack": f"{server.url.replace('http', 'json')}/room/{{address}}"}}
        receipt = notify.deliver(delivery("notify", "slack", "k", **told()), context(settings))
    assert receipt == Receipt("delivered")
    (asked,) = server.asked
    assert asked.path == "/room/%23care"
    said = json.loads(asked.body)
    assert (said["title"], said["message"]) == ("返品 遅れ", "i1 is late")


def test_a_service_that_refuses_is_tried_again() -> None:
    with web_server(lambda asked: Answer(500)) as server:
        settings = {"services": {"slack": f"{server.url.replace('http', 'json')}/"}}
        with pytest.raises(Undelivered) as refused:
            notify.deliver(delivery("notify", "slack", "k", **told()), context(settings))
    assert (refused.value.outcome, str(refused.value)) == ("again", "the notification service answered failure")


def test_what_is_no_service_fails_and_its_address_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    settings = {"services": {"slack": "slakc://very-secret-token/{address}"}}
    with pytest.raises(Undelivered) as refused:
        notify.deliver(delivery("notify", "slack", "k", **told()), context(settings))
    assert refused.value.outcome == "failed"
    assert "`slakc`" in str(refused.value)
    assert "secret" not in str(refused.value) + caplog.text


def test_an_address_cannot_become_another_part_of_the_service_s() -> None:
    clients = RecorderClients()
    settings = {"services": {"slack": "json://hooks.example/{address}?method=POST"}}
    address = "a/../b?to=c#d&e@evil.example:99"
    notify.deliver(delivery("notify", "slack", "k", **told(address)), context(settings, clients=clients))
    assert clients.notifications[0][0] == (
        "json://hooks.example/a%2F..%2Fb%3Fto%3Dc%23d%26e%40evil.example%3A99?method=POST"
    )


def test_a_kind_that_is_not_listed_goes_where_the_others_go() -> None:
    clients = RecorderClients()
    settings = {"services": {"slack": "json://a.example"}, "otherwise": "json://b.example"}
    notify.deliver(delivery("notify", "sms", "k", **told(kind="sms")), context(settings, clients=clients))
    assert clients.notifications[0][0] == "json://b.example"


def test_a_kind_without_a_service_says_which() -> None:
    with pytest.raises(PlaybookError) as error:
        notify.deliver(delivery("notify", "sms", "k", **told()), context({"services": {"slack": "json://a.example"}}))
    said = "settings: `plugins.it.services.sms`: no service is written for this kind of address"
    assert str(error.value) == said


def test_what_is_said_twice_is_said_once() -> None:
    clients = RecorderClients()
    settings = {"otherwise": "json://b.example"}
    notify.deliver(delivery("notify", "x", "k", subject="late", text="late"), context(settings, clients=clients))
    assert clients.notifications[0][1:] == ("", "late")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "`plugins.it.services`: this setting is needed; write the address of at least one service"),
        ({"services": {"a": "hooks.example"}}, "`plugins.it.services.a`: the address of a service begins with"),
        ({"services": {"a": "json://h/{adress}"}}, "`plugins.it.services.a`: `{adress}` is no field"),
        ({"services": {"a": "json://{address}/in"}}, "`plugins.it.services.a`: the host is written out"),
        ({"otherwise": "json://u:p@{address}"}, "`plugins.it.otherwise`: the host is written out"),
    ],
)
def test_settings_that_cannot_notify_are_told_before_anything_is_sent(settings: dict[str, object], said: str) -> None:
    with pytest.raises(PlaybookError) as error:
        notify.check(PluginSettings(settings, place="plugins.it"))
    assert str(error.value).startswith(f"settings: {said}")


def test_a_service_whose_tokens_are_a_secret_is_taken_as_written() -> None:
    notify.check(PluginSettings({"services": {"slack": "slack://${env:TOKENS}/{address}", "line": "${env:LINE}"}}))
