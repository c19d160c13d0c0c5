"""An example as a file of events: what the door makes of it is what was replayed."""

from __future__ import annotations

from io import BytesIO

import pytest
from msgspec.structs import replace

from playbook_engine.model.event import Event
from playbook_engine.prove.case import Case
from playbook_engine.prove.events_file import as_lines, unsaid
from playbook_engine.prove.replay import Replayed
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Incoming, Sender
from playbook_engine.runtime.store import open_store
from prove.holding import SINCE
from shipped import SHIPPED, shipped


def admitted(replayed: Replayed, case: Case) -> list[Event]:
    outcomes = take_in(BytesIO(as_lines(replayed).encode()), Sender(may_send=MESSAGES | PEOPLE))
    door = Door(Terms.of(case.policy), open_store("memory:"), EventsClock())
    found = [door.admit(outcome) for outcome in outcomes if isinstance(outcome, Incoming)]
    return [event for event in found if isinstance(event, Event)]


def unstamped(event: Event) -> Event:
    """Without what only the door knows, and what it makes up where a customer is not named."""
    told = replace(
        event, source="", seq=0, policy="", person="", data={k: v for k, v in event.data.items() if v is not None}
    )
    return told if event.type.startswith("message.") else replace(told, modes=(), lang="", origin="", message="")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_door_makes_of_the_file_what_was_replayed_unless_it_is_said_what_a_file_cannot_say(name: str) -> None:
    case = Case(shipped(name)[0], SINCE)
    shown = [case.witnesses.show(case.prover.wins(row)).replayed for row in case.prover.first.rows]
    replayed = [each for each in shown if each is not None]
    whole = [each for each in replayed if not unsaid(each)]
    assert len(whole) > len(replayed) / 2
    for each in whole:
        assert [unstamped(event) for event in admitted(each, case)] == [unstamped(event) for event in each.events]
    for each in replayed:
        if each not in whole:
            assert [unstamped(e) for e in admitted(each, case)] != [unstamped(e) for e in each.events], unsaid(each)
