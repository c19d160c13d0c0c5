"""What `log` writes."""

from __future__ import annotations

import json
from pathlib import Path

from outside import context, delivery
from playbook_engine import Receipt
from playbook_engine.runtime.clients import LiveClients, RecorderClients, say_in
from playbook_engine.runtime.hosts import Hosts
from playbook_plugins import log


def test_an_answer_is_one_line_however_many_it_has() -> None:
    clients = RecorderClients()
    answer = delivery("send", "email", text="Thank you.\n\nOne of us will answer.", to="hanako@mail.example")
    assert log.deliver(answer, context({}, clients=clients)) == Receipt("delivered")
    assert clients.lines == [
        "2026-03-02T02:00:00Z send email hanako@mail.example: Thank you. One of us will answer. [i1:1:reply:email:1]"
    ]


def test_money_and_queues_are_told() -> None:
    clients = RecorderClients()
    log.deliver(delivery("coupon", amount=1000, currency="JPY"), context({}, clients=clients, now=1))
    log.deliver(delivery("ticket", queue="returns"), context({}, clients=clients))
    assert clients.lines == [
        "1970-01-01T00:00:00.001Z coupon 1000 JPY [i1:1:reply:email:1]",
        "2026-03-02T02:00:00Z ticket: returns [i1:1:reply:email:1]",
    ]


def test_a_line_of_json_holds_the_delivery_and_nothing_else() -> None:
    clients = RecorderClients()
    log.deliver(delivery("notify", "slack", text="遅れ", address="#care"), context({"form": "json"}, clients=clients))
    assert json.loads(clients.lines[0]) == {
        "at": "2026-03-02T02:00:00Z",
        "key": "i1:1:reply:email:1",
        "incident": "i1",
        "action": "notify",
        "channel": "slack",
        "purpose": "step",
        "step": "",
        "account": "",
        "person": "",
        "public": False,
        "automatic": True,
        "parameters": {"text": "遅れ", "address": "#care"},
    }


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    file = tmp_path / "out.log"
    live = LiveClients(Hosts(), say_in(file))
    for key in ("a", "b"):
        log.deliver(delivery("tag", key=key, tags="late"), context({}, clients=live))
    assert file.read_text("utf-8").splitlines() == [
        "2026-03-02T02:00:00Z tag: late [a]",
        "2026-03-02T02:00:00Z tag: late [b]",
    ]


def test_a_file_that_cannot_be_written_to_fails_the_delivery(tmp_path: Path) -> None:
    live = LiveClients(Hosts(), say_in(tmp_path / "no" / "such" / "folder"))
    receipt = log.deliver(delivery("tag", tags="late"), context({}, clients=live))
    assert receipt == Receipt("failed", error="the log cannot be written to: No such file or directory")
