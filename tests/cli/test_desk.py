"""`playbook approvals`, `pause` and `resume` beside an engine that runs in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.runtime.store import Store, StoredDelivery, open_store

SHOP = """
playbook: desk
format: 1
owner: ann
timezone: UTC
languages: [en]
fallback: en
people:
  ann: {name: Ann, via: [{email: ann@shop.example}]}
  bob: {name: Bob, via: [{email: bob@shop.example}]}
  eve: {name: Eve, via: [{email: eve@shop.example}]}
departments:
  care: {name: Care, on_duty: ann, lead: bob}
accounts:
  "x:shop": {department: care}
templates:
  ack: Thank you.
  personal: Only for you.
ignore: []
classify: []
route: [{id: rest, when: always, to: care}]
targets: [{id: rest, when: always, reply: 1h, escalate: once}]
respond:
  - id: asked
    when: {attachments: {gt: 0}}
    reply: {send: personal, approve: {by: ann, within: 15m, else: bob}}
    apologise: none
    resolve: none
  - {id: rest, when: always, reply: {send: ack}, apologise: none, resolve: none}
escalations:
  once: [{id: late, at: 100%, notify: bob}]
undecided: {to: bob, within: 1d}
"""


class Running:
    """An engine in another process that follows a file."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:{folder / 'desk.db'}"
        self.events = folder / "events.jsonl"
        self.events.touch()
        self.command = [sys.executable, "-m", "playbook_engine", "run", str(folder / "playbook"), "--follow"]
        self.command += ["--events", str(self.events), "--dry-run", "--store", self.url, "--quiet"]

    def hears(self, id: str, attachments: int = 0) -> None:
        said = {"id": id, "channel": "x", "account": "shop", "author": {"handle": id}, "text": "Hello"}
        with self.events.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**said, "attachments": attachments}) + "\n")

    def says(self, command: str, *words: str) -> Result:
        return CliRunner().invoke(playbook, [*command.split(), self.url, *words])

    def drafts(self) -> list[dict[str, object]]:
        listed = json.loads(self.says("approvals", "--format", "json").stdout)
        assert isinstance(listed, list)
        return listed

    def sends(self) -> list[StoredDelivery]:
        with closing(open_store(self.url)) as store:
            return [row for row in store.deliveries() if row.delivery.action == "send"]

    def until(self, true: Callable[[], object]) -> float:
        """Seconds until it is so, at most a minute."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < 60, "it has not come true"
            time.sleep(0.02)
        return time.monotonic() - began


@contextmanager
def engine(folder: Path) -> Iterator[Running]:
    running = Running(folder)
    with subprocess.Popen(running.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            running.until(lambda: Path(running.url.removeprefix("sqlite:")).is_file())
            yield running
            assert process.poll() is None, "the engine has stopped"
        finally:
            process.kill()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "playbook").mkdir()
    (tmp_path / "playbook" / "playbook.yaml").write_text(SHOP, encoding="utf-8")
    with engine(tmp_path) as running:
        yield running


def kept(desk: Running) -> Store:
    return open_store(desk.url)


def waiting_draft(desk: Running) -> str:
    desk.hears("cleo", attachments=1)
    desk.until(desk.drafts)
    return str(desk.drafts()[0]["draft"])


def test_a_draft_is_listed_without_what_the_customer_would_read(desk: Running) -> None:
    key = waiting_draft(desk)
    (draft,) = desk.drafts()
    listed, shown = desk.says("approvals").stdout, desk.says("approvals show", key, "--personal").stdout

    assert (draft["for"], draft["then"], draft["because"]) == ("ann", ["bob", "undecided"], "approval")
    assert draft["expires"] is not None
    assert key in listed
    assert "Only for you." not in listed + desk.says("approvals show", key).stdout
    assert "Only for you." in shown


def test_an_approval_beside_a_running_engine_sends_at_once(desk: Running) -> None:
    key = waiting_draft(desk)
    said = desk.says("approvals approve", key, "--as", "ann")

    assert (said.exit_code, said.stdout.partition(":")[0]) == (0, "approved")
    desk.until(lambda: [row for row in desk.sends() if row.status == "delivered"])
    assert desk.drafts() == []


def test_whoever_is_not_asked_is_refused_and_that_is_recorded(desk: Running) -> None:
    key = waiting_draft(desk)
    said = desk.says("approvals approve", key, "--as", "eve")

    assert said.exit_code == 1
    assert "not among those who are asked" in said.stderr
    assert [draft["draft"] for draft in desk.drafts()] == [key]
    assert desk.sends() == []
    with closing(kept(desk)) as store:
        assert [1 for record in store.records() if b'"draft-denied"' in record.body and b'"eve"' in record.body] == [1]


def test_a_refusal_with_its_reason_takes_the_draft_away(desk: Running) -> None:
    key = waiting_draft(desk)
    said = desk.says("approvals refuse", key, "--as", "bob", "--because", "wrong tone")

    assert said.exit_code == 0
    assert desk.drafts() == []
    with closing(kept(desk)) as store:
        assert any("wrong tone" in event.data.values() for event in store.events())


def test_the_text_that_a_person_writes_is_what_leaves(desk: Running) -> None:
    key = waiting_draft(desk)
    desk.says("approvals approve", key, "--as", "ann", "--text", "Better words.")

    desk.until(desk.sends)
    assert [row.delivery.parameters["text"] for row in desk.sends()] == ["Better words."]


def test_a_pause_holds_at_once_and_after_resume_all_of_it_leaves(desk: Running) -> None:
    desk.hears("one")
    desk.until(lambda: [row for row in desk.sends() if row.status == "delivered"])
    assert desk.says("pause", "--as", "bob").exit_code == 0
    for name in ("two", "three", "four"):
        desk.hears(name)
    desk.until(lambda: len(desk.sends()) == 4)
    assert sorted(row.status for row in desk.sends()) == ["delivered", "waiting", "waiting", "waiting"]

    assert desk.says("resume", "--as", "ann").exit_code == 0
    desk.until(lambda: all(row.status == "delivered" for row in desk.sends()))
    with closing(kept(desk)) as store:
        switched = [event for event in store.events() if event.type == "mode.switched"]
        assert [(event.by, event.data["on"]) for event in switched] == [("bob", True), ("ann", False)]
        assert list(store.dead_letters()) == []


def test_a_pause_of_one_department_is_ended_by_its_own_resume(desk: Running) -> None:
    desk.hears("one")
    desk.until(desk.sends)
    assert desk.says("pause", "--as", "bob", "--department", "care").exit_code == 0
    assert "is not paused" in desk.says("resume", "--as", "bob").stdout
    assert "paused already by bob" in desk.says("pause", "--as", "ann", "--department", "care").stdout
    with closing(kept(desk)) as store:
        assert [pause.scope for pause in store.pauses()] == ["department:care"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "bo"), "no person `bo`; did you mean `bob`?"),
        (("--as", "bob", "--department", "car"), "no department `car`; did you mean `care`?"),
        (("--as", "bob", "--channel", "mail"), "no channel `mail`; it has x"),
    ],
)
def test_a_name_that_the_playbook_lacks_pauses_nothing(desk: Running, words: tuple[str, ...], said: str) -> None:
    desk.hears("one")
    desk.until(desk.sends)
    result = desk.says("pause", *words)

    assert said in str(result.exception)
    with closing(kept(desk)) as store:
        assert store.pauses() == ()


def test_there_is_nothing_to_pause_where_there_is_no_store(tmp_path: Path) -> None:
    result = CliRunner().invoke(playbook, ["pause", str(tmp_path / "none.db"), "--as", "bob"])

    assert "there is no store at" in str(result.exception)
    assert not (tmp_path / "none.db").exists()
