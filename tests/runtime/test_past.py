"""A decision of the past: made again from what a store holds, it is the one that was recorded."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from playbook_engine.errors import StoreError
from playbook_engine.registry import Registry
from playbook_engine.runtime.past import decisions_of, replayed
from playbook_engine.runtime.playbooks import kept_text, load, recompiled
from playbook_engine.runtime.store import Store, open_store
from playbook_engine.runtime.stores.memory import MemoryStore
from shipped import PLAYBOOKS, SHIPPED, lived, pasts
from shop import Shop, event, message
from story import DAY, compiled


@pytest.mark.parametrize("name", SHIPPED)
def test_every_decision_of_a_shipped_story_comes_out_the_same_again(name: str) -> None:
    assert all(past.same for past in lived(name))
    assert len(lived(name)) > 40


def test_the_incident_is_as_it_was_before_the_decision() -> None:
    shop = Shop().takes(message("1", "mon 10:00", "broken"), message("2", "mon 10:05", "really"))
    second = [past for past in pasts(shop.store, compiled()) if past.record.event == "test#2"]

    assert [(past.incident.messages, past.incident.stage) for past in second] == [(1, "open")]


def test_two_incidents_that_became_one_are_replayed_each_by_itself() -> None:
    shop = Shop().takes(message("1", "mon 10:00", "broken"), message("2", "mon 10:05", "hm", person="bo"))
    younger, elder = sorted(shop.store.incidents(), key=lambda incident: -incident.opened_at)
    linked = event("3", "incident.linked", "mon 10:10", incident=elder.id, data={"into": younger.id})
    shop.takes(linked).wakes("wed 10:00")
    merged = shop.store.incident(younger.id)

    assert merged is not None
    assert merged.merged_into == elder.id
    taken_up = list(pasts(shop.store, compiled()))
    assert all(past.same for past in taken_up)
    assert {past.record.incident for past in taken_up if past.record.type == "incident.linked"} == {
        elder.id,
        younger.id,
    }


HELD = "limits: [{id: few, of: send, per: all, max: 1, in: 10m, then: hold}]\n"


def test_a_message_of_ours_that_waited_for_an_outcome_is_replayed() -> None:
    held = message("2", "mon 10:00", "lovely", person="bo")
    parked = replace(held, id="3", type="message.sent", message="m-3", by="ann")
    shop = Shop(compiled(more=HELD)).takes(message("1", "mon 10:00", "lovely"), held, parked).wakes("mon 12:00")

    assert [note.kind for decision in shop.decisions for note in decision.notes].count("parked") == 1
    assert all(past.same for past in pasts(shop.store, shop.engine.policy))


def test_under_another_policy_it_is_known_not_to_be_the_same() -> None:
    shop = Shop().takes(message("1", "mon 10:00", "broken"))
    other = compiled(replaced={"reply: 1h,": "reply: 2h,"})

    assert {past.same for past in pasts(shop.store, other)} == {False}


class Forgetful(MemoryStore):
    """A store that has lost an event."""

    def event(self, source: str, id: str) -> None:
        return None


def test_an_event_that_is_gone_is_named() -> None:
    shop = Shop(store=Forgetful()).takes(message("1", "mon 10:00", "broken"))

    with pytest.raises(StoreError, match="`test#1` is not in memory: any more"):
        list(pasts(shop.store, compiled()))


def test_a_timer_that_would_not_be_there_is_named() -> None:
    shop = Shop().takes(message("1", "mon 10:00", "broken")).wakes("mon 10:50")
    other = compiled(replaced={"{id: warn, at: 75%": "{id: warn, at: 50%"})

    with pytest.raises(StoreError, match="came from a timer that is not there"):
        list(pasts(shop.store, other))


def test_an_unknown_incident_has_no_decisions() -> None:
    assert decisions_of(MemoryStore(), "nobody") == ()


def test_a_source_may_hold_the_sign_that_ends_it() -> None:
    given = replace(message("1", "mon 10:00", "broken"), source="https://shop.example/#/inbox")
    shop = Shop().takes(given)

    assert next(pasts(shop.store, compiled())).event.source == "https://shop.example/#/inbox"


@pytest.mark.parametrize("url", ["memory:", "sqlite:{}/store.db"])
def test_it_is_the_same_from_every_store(url: str, tmp_path: Path) -> None:
    store: Store = open_store(url.format(tmp_path))
    Shop(store=store).takes(message("1", "mon 10:00", "broken")).wakes("mon 12:00")

    taken_up = list(pasts(store, compiled()))
    assert all(past.same for past in taken_up)
    assert len(taken_up) > 5
    store.close()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_policy_is_made_again_from_the_text_that_a_store_keeps(name: str) -> None:
    actions = Registry.build().actions
    loaded = load(PLAYBOOKS / name, actions)
    assert loaded.policy is not None
    again = recompiled(kept_text(loaded), "policy of then", actions)

    assert again is not None
    assert again.digest == loaded.policy.digest == sha256(kept_text(loaded).encode()).hexdigest()
    assert again.route[0].span.file == "policy of then"


def test_of_a_text_that_is_no_playbook_no_policy_is_made() -> None:
    assert recompiled('{"playbook":"shop"}', "policy of then", {}) is None
    assert recompiled("", "policy of then", {}) is None


def test_each_decision_is_made_under_its_own_policy() -> None:
    old, new = compiled(), compiled(replaced={"reply: 1h,": "reply: 2h,"})
    shop = Shop(old).takes(message("1", "mon 10:00", "broken"))
    shop.engine.use(new)
    shop.takes(message("2", "mon 10:05", "more")).wakes("tue 10:00")
    known = {old.digest: old, new.digest: new}
    (incident,) = shop.store.incidents()
    taken_up = list(replayed(shop.store, incident.id, known.__getitem__))

    assert all(past.same for past in taken_up)
    assert {past.policy.digest for past in taken_up} == set(known)
    assert taken_up[-1].record.now <= taken_up[0].record.now + DAY
