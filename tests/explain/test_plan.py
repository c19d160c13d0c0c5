"""The plan: who is told when if nobody acts, and that it is what the engine then does."""

from __future__ import annotations

import pytest

from playbook_engine.decide.address import incident_id
from playbook_engine.decide.advance import opened
from playbook_engine.explain.plan import Happening, plan
from playbook_engine.explain.why import explain
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from shipped import SHIPPED, shipped
from shop import Shop, message
from story import DAY, HOUR, at, clock, compiled


def planned(policy: Policy, event: Event, horizon: int) -> tuple[Happening, ...]:
    incident = opened(event, incident_id(event), event.seen_at)
    return plan(policy, explain(policy, incident, event, event.seen_at).decision, horizon)


def test_the_plan_says_who_is_told_when_if_nobody_acts() -> None:
    people = [
        (each.delivery.person, clock(each.at))
        for each in planned(compiled(), message("1", "mon 10:00", "it is broken"), 3 * HOUR)
        if each.delivery is not None and each.delivery.purpose == "escalation"
    ]

    assert people[:3] == [("ann", "mon 10:45"), ("bob", "mon 11:00"), ("eve", "mon 11:15")]


def test_the_plan_looks_no_further_than_asked() -> None:
    following = planned(compiled(), message("1", "mon 10:00", "it is broken"), HOUR)

    assert max(each.at for each in following) <= at("mon 11:00")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_plan_of_a_message_is_what_happens_when_nobody_acts(name: str) -> None:
    policy, events = shipped(name)
    for event in [each for each in events if each.type == "message.received"]:
        shop = Shop(policy).takes(event).wakes(event.seen_at + 2 * DAY)
        carried = sorted(each.key for each in shop.recorder.carried if each.incident == incident_id(event))
        delivered = [each.delivery for each in planned(policy, event, 2 * DAY) if each.delivery is not None]

        assert sorted(each.key for each in delivered) == carried
        assert all(each.at <= event.seen_at + 2 * DAY for each in delivered)
