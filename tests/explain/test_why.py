"""What explain says is what decided: held together over every message of the shipped stories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from playbook_engine.decide.address import address, follow, thread_key
from playbook_engine.decide.advance import advance, opened
from playbook_engine.explain.plan import plan
from playbook_engine.explain.why import Explanation, explain
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Thread
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Incoming, Sender
from playbook_engine.runtime.playbooks import load
from playbook_engine.runtime.store import open_store
from story import HOUR, Story, at, clock, compiled

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


def shipped(name: str) -> tuple[Policy, list[Event]]:
    policy = load(PLAYBOOKS / name).policy
    assert policy is not None
    door = Door(Terms.of(policy), open_store("memory:"), EventsClock())
    with (PLAYBOOKS / name / "events.jsonl").open("rb") as stream:
        incoming = list(take_in(stream, Sender(may_send=MESSAGES | PEOPLE)))
    admitted = [door.admit(outcome) for outcome in incoming if isinstance(outcome, Incoming)]
    return policy, [event for event in admitted if isinstance(event, Event)]


def told(policy: Policy, events: list[Event]) -> Iterator[tuple[Explanation, Decision]]:
    """Each customer's message explained for the incident as it was, and decided."""
    threads: dict[str, Thread] = {}
    incidents: dict[str, Incident] = {}
    for event in events:
        key = thread_key(event)
        thread, name = address(threads.get(key), event, policy.reopen_within)
        if not name:
            continue
        before = incidents.get(name)
        if before is not None:
            worked_off = advance(policy, before, None, event.seen_at, name)
            before = worked_off[-1].incident if worked_off else before
        before = before or opened(event, name, event.seen_at)
        made = advance(policy, before, event, event.seen_at, name)
        decided = next(decision for decision in made if decision.event == event.key)
        if event.type == "message.received":
            yield explain(policy, before, event, max(before.clock, event.seen_at)), decided
        incidents[name] = made[-1].incident
        threads[key] = follow(thread, made[-1].incident)


def rows(found: Explanation, section: str, outcome: str) -> tuple[str, ...]:
    return tuple(verdict.id for verdict in found.section(section) if verdict.outcome == outcome)


@pytest.mark.parametrize("name", ["minimal", "airline", "minato"])
def test_the_rows_that_explain_names_are_the_rows_that_decided(name: str) -> None:
    policy, events = shipped(name)
    count = 0
    for found, decided in told(policy, events):
        because = decided.because
        assert rows(found, "ignore", "decided") == ((because.ignore,) if because.ignore else ())
        assert rows(found, "classify", "fired") == because.classify
        assert rows(found, "rules", "fired") == because.rules
        for section, row in (("route", because.route), ("respond", because.respond), ("targets", because.target)):
            assert rows(found, section, "decided") == ((row,) if row else ())
        assert msgspec.json.encode(found.decision, order="sorted") == msgspec.json.encode(decided, order="sorted")
        count += 1
    assert count > 5


def first(text: str, when: str = "mon 10:00", policy: Policy | None = None) -> Explanation:
    story = Story(policy or compiled())
    event = Event(
        source="test", id="e1", type="message.received", at=at(when), seen_at=at(when), channel="x", account="shop",
        person="cleo", message="m1", text=text, lang="en",
    )  # fmt: skip
    return explain(story.policy, opened(event, "i1", event.seen_at), event, event.seen_at)


def test_a_row_that_matches_after_the_winner_names_the_winner() -> None:
    (verdict,) = [each for each in first("it is broken").section("respond") if each.id == "rest"]

    assert (verdict.outcome, verdict.winner) == ("earlier", "fault")


def test_a_row_that_failed_says_which_test_and_what_it_saw() -> None:
    (verdict,) = [each for each in first("it is broken").section("targets") if each.id == "critical"]

    assert verdict.outcome == "no"
    assert [(check.test.fact, check.value) for check in verdict.failed] == [("severity", "normal")]


def test_the_nearest_rows_lost_by_a_single_test() -> None:
    assert [verdict.id for verdict in first("hm").nearest("respond")] == ["fault", "praise"]


def test_the_plan_says_who_is_told_when_if_nobody_acts() -> None:
    found = first("it is broken")
    following = plan(compiled(), found.decision, 3 * HOUR)
    people = [
        (each.delivery.person, clock(each.at))
        for each in following
        if each.delivery is not None and each.delivery.purpose == "escalation"
    ]

    assert people[:3] == [("ann", "mon 10:45"), ("bob", "mon 11:00"), ("eve", "mon 11:15")]


def test_the_plan_looks_no_further_than_asked() -> None:
    found = first("it is broken")

    assert max(each.at for each in plan(compiled(), found.decision, HOUR)) <= at("mon 11:00")
