"""`playbook serve` as its senders and its supervisor see it: a real process, real requests, real signals."""

from __future__ import annotations

import hmac
import json
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from outside import web_server
from playbook_engine.cli.main import playbook
from playbook_engine.runtime.store import Record, open_store
from serve.served import Served, served

TOKEN = {"authorization": "Bearer open sesame"}
SECRETS = {"TOKEN": "open sesame", "SLACK": "shh"}
PLAYBOOK = """\
playbook: fern
format: 1
timezone: Europe/London
languages: [en]
fallback: en
people:
  desk: {name: Desk, via: [{slack: "#desk"}]}
departments:
  care: {name: Care, lead: desk, on_duty: desk}
accounts: {"x:fern": {department: care}}
templates:
  ack: Thank you, we are looking into it.
ignore: [{id: machines, when: {automatic: true}, because: A machine needs no answer}]
route: [{id: rest, when: always, to: care}]
targets: [{id: rest, when: always, reply: 2s, resolve: 2d, counts: human, escalate: calm}]
respond: [{id: rest, when: always, reply: {send: ack}, apologise: none, resolve: by_hand}]
escalations:
  calm: [{id: late, at: 100%, notify: desk}]
undecided: {to: desk, within: 30m}
limits: [{id: one-person, of: send, per: author, max: 30, in: 10m, then: hold}]
"""
SETTINGS = """\
carry: [{action: send, by: webhook}]
plugins: {webhook: {url: "URL/out"}}
hooks:
  - {path: /events, signed: {as: bearer, secret: "${env:TOKEN}"}}
  - {path: /people, from: people, signed: {as: bearer, secret: "${env:TOKEN}"}}
  - {path: /slack, map: slack, channel: x, signed: {as: slack, secret: "${env:SLACK}"}}
  - {path: /x, map: x, signed: {as: x, secret: "${env:TOKEN}"}}
"""


def message(id: str, text: str = "Where is my parcel?", **more: object) -> dict[str, object]:
    return {"id": id, "channel": "x", "account": "fern", "text": text, "author": {"handle": "ivy"}, **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "playbook.yaml").write_text(PLAYBOOK, "utf-8")
    (tmp_path / "settings.yaml").write_text(SETTINGS.replace('plugins: {webhook: {url: "URL/out"}}\n', "").replace(
        "carry: [{action: send, by: webhook}]\n", ""), "utf-8")  # fmt: skip
    return tmp_path


@pytest.fixture
def one(folder: Path) -> Iterator[Served]:
    with served(folder, "--settings", "settings.yaml", "--dry-run", secrets=SECRETS) as running:
        yield running


def test_a_message_is_answered_once_it_is_kept_and_a_repetition_is_counted(one: Served) -> None:
    assert one.post("/events", message("m1"), TOKEN) == (200, taken(1))
    assert one.post("/events", message("m1"), TOKEN) == (200, {**taken(0), "repeated": 1})
    lines = b"\n".join(json.dumps(message(f"n{n}")).encode() for n in range(3))
    assert one.post("/events", lines, TOKEN) == (200, taken(3))
    assert one.figure('events_total{type="message.received"}') == 4
    assert one.figure("repetitions_total") == 1


def test_what_cannot_be_read_is_set_aside_and_what_is_not_signed_is_refused(one: Served) -> None:
    assert one.post("/events", b"{", TOKEN) == (200, {**taken(0), "set_aside": ["not-json"]})
    assert one.post("/events", message("m1", type="incident.resolved", by="desk"), TOKEN)[1]["set_aside"] == ["forged"]
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic open sesame"}):
        status, said = one.post("/events", message("m2"), headers)
        assert (status, said["error"]) == (401, "not-signed")
    assert one.post("/events", b"x" * (1 << 20) + b"x", TOKEN)[0] == 413
    assert one.get("/events")[0] == 405
    assert one.post("/nowhere", message("m2"))[0] == 404
    assert one.figure('refused_requests_total{reason="not-signed"}') == 3
    assert one.figure('set_aside_total{reason="forged"}') == 1


def test_people_act_at_a_hook_of_their_own(one: Served) -> None:
    one.post("/events", message("m1"), TOKEN)
    resolved = {"type": "incident.resolved", "by": "desk", "channel": "x", "account": "fern", "conversation_id": "m1"}
    assert one.post("/people", resolved, TOKEN) == (200, taken(1))
    assert one.figure('events_total{type="incident.resolved"}') == 1


def test_a_promise_is_watched_while_nobody_writes(one: Served) -> None:
    one.post("/events", message("m1"), TOKEN)
    name = 'duties_total{department="care",fate="breached",step="reply"}'
    end = time.monotonic() + 60
    while one.figure(name) == 0 and time.monotonic() < end:
        time.sleep(0.1)
    assert one.figure(name) == 1
    assert one.figure("latest_timer_seconds") < 60


def test_the_questions_that_platforms_ask_when_a_hook_is_set_up_are_answered(one: Served) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    at = str(int(time.time_ns() // 1_000_000_000))
    made = hmac.new(b"shh", f"v0:{at}:".encode() + body, "sha256").hexdigest()
    headers = {"x-slack-request-timestamp": at, "x-slack-signature": f"v0={made}"}
    assert one.post("/slack", body, headers) == (200, "abc")
    assert one.get("/x?crc_token=q")[1]["response_token"].startswith("sha256=")
    assert one.get("/slack?crc_token=q")[0] == 405


def test_a_cloud_event_may_have_its_attributes_in_the_headers(one: Served) -> None:
    headers = {**TOKEN, "ce-specversion": "1.0", "ce-type": "message.received", "ce-source": "crm", "ce-id": "c1"}
    said = {"channel": "x", "account": "fern", "text": "Hello?", "author": {"handle": "ivy"}}
    assert one.post("/events", said, headers) == (200, taken(1))
    assert one.post("/events", said, headers) == (200, {**taken(0), "repeated": 1})


def test_a_supervisor_is_told_whether_events_are_being_decided(one: Served) -> None:
    assert one.get("/healthz") == (200, "ok\n")
    assert one.get("/readyz") == (200, "ready\n")


def test_nothing_that_a_customer_wrote_is_in_the_log(one: Served) -> None:
    one.post("/events", message("m1", "my number is 0355550123"), TOKEN)
    one.post("/events", b'{"id": "q", "channel": "x", "text": ["my number is 0355550123"]}', TOKEN)
    one.post("/events", message("m9", channel="fax"), TOKEN)
    assert one.stop() == 0
    assert "set aside [unknown-channel]" in one.said()
    assert "0355550123" not in one.said()
    assert "ivy" not in one.said()


def test_a_sender_that_gives_its_body_slowly_keeps_nobody_else_waiting(one: Served) -> None:
    host, port = one.url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)))) as slow:
        slow.sendall(b"POST /events HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{")
        assert one.post("/events", message("m1"), TOKEN) == (200, taken(1))


def test_many_senders_at_once_are_all_answered_and_each_event_is_kept_once(folder: Path) -> None:
    def send(number: int) -> Any:
        return running.post("/events", message(f"m{number % 100}", author={"handle": f"ivy{number % 100}"}), TOKEN)

    with served(folder, "--settings", "settings.yaml", "--store", "sqlite:s.db", secrets=SECRETS) as running:
        with ThreadPoolExecutor(16) as senders:
            answers = list(senders.map(send, range(200)))
        assert {status for status, _ in answers} == {200}
        assert sum(said["taken"] for _, said in answers) == 100
        assert sum(said["repeated"] for _, said in answers) == 100
        assert running.stop() == 0
    assert len(stored(folder)) == 100


def test_what_was_answered_is_kept_although_the_process_is_killed(folder: Path) -> None:
    options = ("--settings", "settings.yaml", "--store", "sqlite:s.db")
    with served(folder, *options, secrets=SECRETS) as one:
        for number in range(20):
            assert one.post("/events", message(f"m{number}"), TOKEN)[0] == 200
        one.stop(signal.SIGKILL)
    with served(folder, *options, secrets=SECRETS, name="again") as one:
        assert one.post("/events", message("m19"), TOKEN) == (200, {**taken(0), "repeated": 1})
        assert one.stop() == 0
    assert len(stored(folder)) == 20


def test_what_it_recorded_is_verified_from_the_store_alone(folder: Path) -> None:
    with served(folder, "--settings", "settings.yaml", "--store", "sqlite:s.db", secrets=SECRETS) as one:
        assert one.post("/events", message("m1"), TOKEN)[0] == 200
        assert one.stop() == 0
    audit = CliRunner().invoke(playbook, ["audit", "verify", str(folder / "s.db")])
    assert audit.exit_code == 0, audit.output
    assert b"parcel" not in b"".join(record.body for record in records(folder))


def test_what_is_decided_leaves_through_the_plugin_that_carries_it(folder: Path) -> None:
    with web_server() as service:
        (folder / "settings.yaml").write_text(SETTINGS.replace("URL", service.url), "utf-8")
        with served(folder, "--settings", "settings.yaml", "--store", "sqlite:s.db", secrets=SECRETS) as one:
            assert one.post("/events", message("m1"), TOKEN)[0] == 200
            assert one.stop() == 0
        assert [asked.path for asked in service.asked] == ["/out"]


def test_a_playbook_is_read_anew_on_sighup_and_a_broken_one_changes_nothing(one: Served, folder: Path) -> None:
    file = folder / "playbook.yaml"
    file.write_text(PLAYBOOK.replace("to: care}]", "to: cair}]"), "utf-8")
    one.process.send_signal(signal.SIGHUP)
    one.until("the old one stays in force")
    file.write_text(PLAYBOOK.replace('"x:fern"', '"fax:fern": {department: care}, "x:fern"'), "utf-8")
    assert one.post("/events", message("m1", channel="fax"), TOKEN)[1]["set_aside"] == ["unknown-channel"]
    one.process.send_signal(signal.SIGHUP)
    one.until("is in force")
    assert one.post("/events", message("m2", channel="fax"), TOKEN) == (200, taken(1))


def test_a_store_that_cannot_be_written_makes_senders_come_again(folder: Path) -> None:
    with served(folder, "--settings", "settings.yaml", "--store", "sqlite:s.db", secrets=SECRETS) as one:
        assert one.post("/events", message("m1"), TOKEN)[0] == 200
        with closing(sqlite3.connect(folder / "s.db", isolation_level=None)) as other:
            # Another writer that does not let go is what a store that cannot be written looks like.
            other.execute("BEGIN IMMEDIATE")
            status, said = one.post("/events", message("m2"), TOKEN)
            assert (status, said["error"]) == (503, "store")
            other.execute("ROLLBACK")
        end = time.monotonic() + 60
        while one.post("/events", message("m2"), TOKEN)[0] != 200 and time.monotonic() < end:
            time.sleep(0.2)
        assert one.stop() == 0
    assert len(stored(folder)) == 2


def taken(count: int) -> dict[str, object]:
    return {"taken": count, "repeated": 0, "skipped": 0, "set_aside": []}


def records(folder: Path) -> list[Record]:
    with closing(open_store(f"sqlite:{folder / 's.db'}")) as store:
        return list(store.records())


def stored(folder: Path) -> list[str]:
    """The ids of customers' messages in the store."""
    with closing(open_store(f"sqlite:{folder / 's.db'}")) as store:
        return [event.id for event in store.events() if event.type == "message.received"]
