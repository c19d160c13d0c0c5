"""Threads and incidents that come together."""

from __future__ import annotations

from shop import Shop, event, message
from story import compiled

HAND_OVER = """
rules:
  personal:
    when: {personal_data: true}
    once_per: incident
    do: [{hand_over: {channel: direct, send: move-to-dm}}]
"""


def test_a_handover_leads_the_private_thread_to_the_incident() -> None:
    shop = Shop(compiled(more=HAND_OVER))
    shop.takes(message("e1", "mon 10:00", "mine is 090-1234-5678"))
    shop.takes(message("e2", "mon 10:05", "as I said", public=False, conversation=""))
    assert shop.incident.messages == 2


def test_an_open_incident_in_the_private_thread_and_the_one_handed_over_become_one() -> None:
    shop = Shop(compiled(more=HAND_OVER))
    shop.takes(message("e1", "mon 10:00", "hello there", public=False, conversation=""))
    elder = shop.incident.id
    shop.takes(message("e2", "mon 10:30", "broken; call 090-1234-5678"))
    stages = {incident.id: incident.stage for incident in shop.store.incidents()}
    (younger,) = [id for id in stages if id != elder]
    assert stages[younger] == "merged"
    linked = [
        (kept.incident, kept.data.get("into"), kept.data.get("absorbed")) for kept in shop.events("incident.linked")
    ]
    assert linked == [(younger, elder, None), (elder, None, younger)]
    absorbed = shop.store.incident(younger)
    assert absorbed is not None
    assert {sent.action: sent.state for sent in absorbed.sent} == {"send": "cancelled", "notify": "delivered"}
    shop.takes(message("e3", "mon 10:40", "still there?"))
    assert shop.decisions[-1].incident.id == elder
    found = shop.store.incident(elder)
    assert found is not None
    assert found.messages == 3


def test_whichever_way_round_a_link_is_written_the_younger_is_absorbed() -> None:
    for named, into in ((0, 1), (1, 0)):
        shop = Shop().takes(message("e1", "mon 10:00", person="cleo"), message("e2", "mon 10:01", person="dora"))
        ids = [decision.incident.id for decision in shop.decisions if decision.type == "message.received"]
        link = event("l1", "incident.linked", "mon 10:05", incident=ids[named], by="ann", data={"into": ids[into]})
        shop.takes(link)
        stages = {incident.id: incident.stage for incident in shop.store.incidents()}
        assert (stages[ids[1]], stages[ids[0]] == "merged") == ("merged", False)
        shop.takes(event("a1", "incident.acknowledged", "mon 10:06", incident=ids[1], by="ann"))
        assert shop.decisions[-1].incident.id == ids[0]


def test_a_link_to_nothing_is_set_aside() -> None:
    shop = Shop().takes(message("e1", "mon 10:00"))
    id = shop.incident.id
    shop.takes(event("l1", "incident.linked", "mon 10:05", incident=id, by="ann", data={"into": "nowhere"}))
    shop.takes(event("l2", "incident.linked", "mon 10:06", incident=id, by="ann", data={"into": id}))
    assert shop.aside() == [("no-such-incident", "test#l1")]
    assert shop.incident.stage != "merged"
