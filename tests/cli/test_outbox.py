"""`playbook outbox`: what is on its way, and a person's word on what became of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outbox import Carrier
from playbook_engine.cli.main import playbook
from playbook_engine.errors import UsageError
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.runtime.stores.sqlite import SqliteStore
from shop import Shop, event, message
from story import at

CASES = Path(__file__).parents[1] / "cases" / "outbox"
THREAD = {"channel": "x", "account": "shop", "conversation": "post-dora"}


def outbox(*arguments: str) -> Result:
    result = CliRunner().invoke(playbook, ["outbox", *arguments])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def golden(name: str, text: str) -> None:
    file = CASES / name
    if os.environ.get("UPDATE_CASES"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def shaky(delivery: Delivery, now: int) -> Receipt:
    """Cleo's answers never get through, nobody knows whether Dora's did, and the mail server is down for a while."""
    if delivery.action == "notify":
        return Receipt("again", error="no connection to mail.example:587: ConnectionRefusedError")
    if delivery.parameters["conversation"] == "post-cleo":
        return Receipt("again", error="the service answered 503")
    return Receipt("unknown", error="no answer from api.example: ReadTimeout")


class Place:
    """A store on which an engine worked for half an hour, while hardly anything got through."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(str(folder / "s.db"))
        self.carrier = Carrier(shaky)
        self.shop = Shop(store=self.store, carrier=self.carrier)
        self.shop.takes(
            message("e1", "mon 10:00", "hello?", person="cleo"), message("e2", "mon 10:00", "lovely", person="dora")
        ).wakes("mon 10:30")
        self.url = f"sqlite:{folder / 's.db'}"

    def key(self, state: str) -> str:
        return next(row.key for row in self.store.deliveries(state) if row.delivery.action == "send")

    def goes_on(self, when: str = "mon 10:40") -> Place:
        """Services answer again, and the engine takes up what it finds."""
        self.carrier.answer = lambda delivery, now: Receipt("delivered", message="p1")
        self.shop.wakes(when)
        return self

    def told(self, key: str) -> list[Event]:
        return [each for each in self.store.events() if each.data.get("key") == key and each.type != "action.held"]

    def incident(self, key: str) -> Incident:
        row = self.store.delivery(key)
        found = self.store.incident(row.delivery.incident) if row is not None else None
        assert found is not None
        return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path)


def test_it_lists_what_still_wants_something(place: Place) -> None:
    golden("list.txt", outbox("list", "--store", "sqlite:s.db").stdout)


def test_it_lists_by_state_and_incident_as_json(place: Place) -> None:
    incident = place.incident(place.key("dead")).id
    words = ("--store", place.url, "--state", "dead", "--state", "unknown", "--incident", incident)
    golden("list.json", outbox("list", *words, "--format", "json").stdout)
    assert outbox("list", "--store", place.url, "--state", "expired").stdout == "nothing is expired\n"


def test_it_shows_one_delivery_whole(place: Place) -> None:
    golden("show.txt", outbox("show", place.key("unknown"), "--store", place.url).stdout)
    shown = json.loads(outbox("show", place.key("dead"), "--store", place.url, "--format", "json").stdout)
    assert shown["row"]["delivery"]["parameters"]["template"] == "ack"


def test_a_dead_letter_is_sent_again_under_its_key_and_keeps_the_promise(place: Place) -> None:
    key = place.key("dead")
    assert outbox("retry", key, "--by", "ann", "--store", place.url).stdout == f"{key} is sent again\n"
    place.goes_on()
    row = place.store.delivery(key)
    assert row is not None
    assert (row.status, row.attempts, place.carrier.carried.count((key, at("mon 10:30")))) == ("delivered", 7, 1)
    assert [each.type for each in place.told(key)] == ["action.failed", "action.delivered"]
    assert {duty.step: duty.state for duty in place.incident(key).duties}["reply"] == "met"


def test_a_dead_letter_whose_customer_has_been_answered_is_not_sent_again_unless_somebody_insists(place: Place) -> None:
    key = place.key("dead")
    thread = {**THREAD, "conversation": "post-cleo"}
    place.shop.takes(event("a1", "message.sent", "mon 10:35", by="ann", text="Here I am.", message="a1", **thread))
    with pytest.raises(UsageError, match="no longer makes sense: ann has taken the incident"):
        outbox("retry", key, "--by", "bob", "--store", place.url)
    said = outbox("retry", "--dead", "--by", "bob", "--store", place.url)
    assert f"left: `{key}` no longer makes sense" in said.stderr
    assert f"{key} is sent again" not in said.stdout
    outbox("retry", key, "--by", "bob", "--anyway", "--store", place.url)
    assert [each.type for each in place.goes_on().told(key)] == ["action.failed", "action.delivered"]


def test_what_went_after_all_counts_from_when_it_was_sent(place: Place) -> None:
    key = place.key("unknown")
    place.shop.wakes("mon 11:30")
    assert {duty.step: duty.state for duty in place.incident(key).duties} == {"reply": "breached"}
    outbox("settle", key, "--went", "--by", "eve", "--message", "p9", "--store", place.url)
    place.goes_on("mon 11:31")
    last = place.told(key)[-1]
    assert (last.type, last.by, last.at, last.data["message"]) == ("action.delivered", "eve", at("mon 10:00"), "p9")
    assert {duty.step: duty.state for duty in place.incident(key).duties} == {"reply": "met"}
    assert place.store.conversation_of("x", "p9") == "post-dora"


def test_what_never_went_can_be_sent_again(place: Place) -> None:
    key = place.key("unknown")
    outbox("settle", key, "--never-went", "--by", "eve", "--store", place.url)
    with pytest.raises(UsageError, match="is settled already"):
        outbox("settle", key, "--went", "--by", "bob", "--store", place.url)
    place.goes_on()
    assert [(each.type, each.by) for each in place.told(key)] == [("action.unknown", ""), ("action.failed", "eve")]
    outbox("retry", key, "--by", "eve", "--store", place.url)
    place.goes_on("mon 10:41")
    assert [each.type for each in place.told(key)][-1] == "action.delivered"


def test_what_has_not_left_is_taken_back_and_a_person_hears_of_it(place: Place) -> None:
    place.shop.takes(message("e3", "mon 10:30", "broken?", person="fay"))
    key = next(
        row.key for row in place.store.deliveries("unknown") if row.delivery.parameters["conversation"] != "post-dora"
    )
    with pytest.raises(UsageError, match="is unknown; what is waiting can be taken back"):
        outbox("cancel", key, "--by", "ann", "--store", place.url)
    waiting = next(place.store.deliveries("waiting"))
    outbox("cancel", waiting.key, "--by", "ann", "--store", place.url)
    place.goes_on()
    row = place.store.delivery(waiting.key)
    assert row is not None
    assert (row.status, row.attempts) == ("cancelled", waiting.attempts)
    assert [(each.type, each.by, each.data["error"]) for each in place.told(waiting.key)] == [
        ("action.failed", "ann", "taken back by ann")
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "--store", "sqlite:nowhere.db"), "there is no store at `nowhere.db`"),
        (("show", "k", "--store", "sqlite:s.db"), "no delivery has the key `k`"),
        (("retry", "--by", "ann", "--store", "sqlite:s.db"), "write --dead for all that are dead"),
        (("retry", "k", "--dead", "--by", "ann", "--store", "sqlite:s.db"), "write --dead for all that are dead"),
        (("retry", "k", "--by", "ann", "--store", "sqlite:s.db"), "no delivery has the key `k`"),
        (("settle", "k", "--by", "ann", "--store", "sqlite:s.db"), "say what became of `k`"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str, place: Place) -> None:
    with pytest.raises(UsageError, match=said):
        outbox(*words)
    assert not Path("nowhere.db").exists()
