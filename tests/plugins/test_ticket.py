"""Tickets in a table of the run's own, and in systems that have an HTTP interface."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from threading import Thread

import pytest

from outside import Answer, Asked, context, delivery, web_server
from playbook_engine import Delivery, PlaybookError, PluginSettings, Receipt, Undelivered
from playbook_plugins import ticket

(ACTION,) = ticket.playbook_actions()


def asked_for(key: str = "i1:1:resolve:ticket:1", incident: str = "i1", queue: str = "returns") -> Delivery:
    said = {"queue": queue, "subject": "取っ手が取れた", "text": "本文", "incident": incident}
    return Delivery(key=key, incident=incident, action="ticket", channel="ticket", parameters=said)


def number(delivery: Delivery, folder: Path, **settings: object) -> str:
    receipt = ticket.deliver(delivery, context(settings, folder))
    assert receipt.outcome == "delivered"
    return str(receipt.result["number"])


def test_tickets_are_numbered(tmp_path: Path) -> None:
    assert number(asked_for("a", "i1"), tmp_path) == "T-1"
    assert number(asked_for("b", "i2"), tmp_path) == "T-2"
    assert number(asked_for("c", "i2", "carrier"), tmp_path, prefix="#") == "#3"


def test_the_same_key_gives_the_same_ticket(tmp_path: Path) -> None:
    assert [number(asked_for(), tmp_path) for _ in range(3)] == ["T-1", "T-1", "T-1"]


def test_an_incident_has_one_ticket_in_a_queue(tmp_path: Path) -> None:
    assert [number(asked_for(key), tmp_path) for key in ("a", "b")] == ["T-1", "T-1"]
    with sqlite3.connect(tmp_path / "tickets.db") as table:
        rows = table.execute("SELECT number, queue, incident, key, subject, text FROM tickets").fetchall()
    table.close()
    assert rows == [(1, "returns", "i1", "a", "取っ手が取れた", "本文")]


def test_a_ticket_without_a_subject_is_named_after_queue_and_incident(tmp_path: Path) -> None:
    bare = delivery("ticket", queue="returns")
    assert ticket.fields_of(bare)["subject"] == "returns i1"
    assert number(bare, tmp_path) == "T-1"


def test_tickets_opened_at_the_same_time_have_different_numbers(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [
        Thread(target=lambda n=n: found.append(number(asked_for(f"k{n}", f"i{n}"), tmp_path))) for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"T-{n}" for n in range(1, 13))


def test_a_table_that_another_process_holds_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number(asked_for(), tmp_path)
    monkeypatch.setattr(ticket, "_PATIENCE", 0.0)
    holder = sqlite3.connect(tmp_path / "tickets.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Undelivered) as busy:
        number(asked_for("b", "i2"), tmp_path)
    holder.close()
    assert (busy.value.outcome, str(busy.value)) == ("again", "the table of tickets is not to be had: SQLITE_BUSY")


class TicketSystem:
    """Tickets by their tag, as another system keeps them."""

    def __init__(self) -> None:
        self.tickets: dict[str, str] = {}

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            said = json.loads(asked.body)
            self.tickets[said["tag"]] = f"ZD-{len(self.tickets) + 1}"
            return Answer(201, json.dumps({"data": {"id": self.tickets[said["tag"]]}}).encode())
        tag = asked.path.partition("tag=")[2].replace("%3A", ":")
        found = [{"id": self.tickets[tag]}] if tag in self.tickets else []
        return Answer(200, json.dumps({"results": found}).encode())


def elsewhere(url: str) -> dict[str, object]:
    return {
        "open": {
            "url": f"{url}/api/{{queue}}",
            "headers": {"Authorization": "Bearer t", "Idempotency-Key": "{key}"},
            "json": {"title": "{subject}", "body": "{text}", "tag": "{key}", "priority": 3, "tags": ["{queue}"]},
            "number": "data.id",
        },
        "find": {"url": f"{url}/api?tag={{key}}", "number": "results[0].id"},
    }


def test_a_ticket_is_opened_in_another_system() -> None:
    with web_server(TicketSystem().answer) as server:
        receipt = ticket.deliver(asked_for(), context(elsewhere(server.url)))
    assert receipt == Receipt("delivered", message="ZD-1", result={"number": "ZD-1", "queue": "returns"})
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/api/returns")
    assert asked.headers["authorization"] == "Bearer t"
    assert asked.headers["idempotency-key"] == "i1:1:resolve:ticket:1"
    assert json.loads(asked.body) == {
        "title": "取っ手が取れた",
        "body": "本文",
        "tag": "i1:1:resolve:ticket:1",
        "priority": 3,
        "tags": ["returns"],
    }


def test_the_other_system_can_be_asked_whether_a_ticket_is_there() -> None:
    with web_server(TicketSystem().answer) as server:
        settings = elsewhere(server.url)
        assert ticket.ask(asked_for(), context(settings)) == Receipt("again")
        ticket.deliver(asked_for(), context(settings))
        found = ticket.ask(asked_for(), context(settings))
    assert found == Receipt("delivered", message="ZD-1", result={"number": "ZD-1", "queue": "returns"})


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(404), "again"),
        (Answer(500), "unknown"),
        (Answer(200, b"<html>"), "unknown"),
        (Answer(200, b"{}"), "again"),
    ],
)
def test_what_the_other_system_says_when_asked(answer: Answer, outcome: str) -> None:
    with web_server(lambda asked: answer) as server:
        assert ticket.ask(asked_for(), context(elsewhere(server.url))).outcome == outcome


def test_nothing_a_customer_writes_becomes_part_of_the_call() -> None:
    hostile = {
        "queue": "../admin?x=1#",
        "subject": '", "role": "admin',
        "text": "{key} \r\nX-Evil: 1",
        "incident": "i1",
    }
    with web_server(TicketSystem().answer) as server:
        settings = elsewhere(server.url)
        opened = settings["open"]
        assert isinstance(opened, dict)
        opened["headers"] = {"X-Subject": "{text}"}
        ticket.deliver(delivery("ticket", **{"key": "k", **hostile}), context(settings))
    (asked,) = server.asked
    assert asked.path == "/api/..%2Fadmin%3Fx%3D1%23"
    assert "x-evil" not in asked.headers
    said = json.loads(asked.body)
    assert (said["title"], said["body"]) == ('", "role": "admin', "{key} \r\nX-Evil: 1")
    assert set(said) == {"title", "body", "tag", "priority", "tags"}


def test_a_form_is_sent_as_a_form() -> None:
    with web_server() as server:
        call = {"url": server.url, "form": {"title": "{subject}", "q": "a&b={queue}"}}
        ticket.deliver(asked_for(), context({"open": call}))
    (asked,) = server.asked
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.body == b"title=%E5%8F%96%E3%81%A3%E6%89%8B%E3%81%8C%E5%8F%96%E3%82%8C%E3%81%9F&q=a%26b%3Dreturns"


def test_a_number_that_is_not_found_leaves_the_ticket_opened() -> None:
    with web_server(lambda asked: Answer(201, b'{"id": 5}')) as server:
        receipt = ticket.deliver(asked_for(), context(elsewhere(server.url)))
    assert receipt.outcome == "delivered"
    assert receipt.result == {"queue": "returns"}
    assert receipt.error == "the answer has no number where it should be"


@pytest.mark.parametrize(
    ("settings", "promised"),
    [({}, "key"), ({"open": {"url": "u"}}, "none"), ({"open": {"url": "u"}, "find": {"url": "u"}}, "query")],
)
def test_what_is_promised_depends_on_where_tickets_are(settings: dict[str, object], promised: str) -> None:
    assert ACTION.promise is not None
    assert ACTION.promise(PluginSettings(settings)) == promised


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"find": {"url": "https://t.example", "number": "id"}}, "settings: `plugins.it.open`: this setting is needed"),
        ({"open": {}}, "settings: `plugins.it.open.url`: this setting is needed; write it"),
        ({"open": {"url": "https://{queue}.example/"}}, "settings: `plugins.it.open.url`: the host is written out"),
        (
            {"open": {"url": "https://t.example", "json": {"a": ["{subjetc}"]}}},
            "settings: `plugins.it.open`: no field is called `subjetc`; did you mean `subject`?",
        ),
        ({"open": {"url": "https://t.example", "number": "a..b"}}, "settings: `plugins.it.open.number`: a JMESPath"),
        (
            {"open": {"url": "https://t.example"}, "find": {"url": "https://t.example"}},
            "settings: `plugins.it.find.number`: this setting is needed; write it",
        ),
    ],
)
def test_a_call_that_could_never_work_is_told_before_it_is_made(settings: dict[str, object], said: str) -> None:
    with pytest.raises(PlaybookError) as error:
        ticket.check(PluginSettings(settings, place="plugins.it"))
    assert str(error.value).startswith(said)
