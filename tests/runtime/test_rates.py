"""What platforms take in a stretch of time, kept at the moment of leaving."""

from __future__ import annotations

from outbox import Carrier, Desk, types
from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.policy.platforms import SEND_RATES, SendRate
from playbook_engine.registry import Registry
from playbook_engine.runtime.dispatcher import Dispatcher
from playbook_engine.runtime.rates import MOST_TOLD, TOLD_WITHIN, Room, room_of

MINUTE = 60_000
RATES = (
    SendRate("x", "posts", 2, 15 * MINUTE, "account", "the platform's page", "2026-11-20"),
    SendRate("x", "posts", 3, 60 * MINUTE, "app", "the platform's page", "2026-11-20"),
    SendRate("x", "direct", 1, 15 * MINUTE, "account", "the platform's page", "2026-11-20"),
)


def desk(room: Room) -> Desk:
    made = Desk(Carrier())
    made.dispatcher = Dispatcher(made.store, made.carrier, room)
    return made


def everything(delivery: Delivery) -> bool:
    return True


def carried(one: Desk) -> list[str]:
    assert isinstance(one.carrier, Carrier)
    return [key for key, _ in one.carrier.carried]


def test_an_account_sends_no_more_posts_than_its_platform_takes() -> None:
    one = desk(room_of(RATES, everything))
    for key in "abcd":
        one.put(key, account="shop", public=True)
    told = one.drain(0)
    assert types(told) == [(key, "action.delivered") for key in "ab"] + [(key, "action.held") for key in "cd"]
    assert told[2].data == {"key": "c", "because": f"rate:x:posts:{15 * MINUTE}:shop", "until": 15 * MINUTE}
    one.drain(15 * MINUTE - 1)
    assert carried(one) == ["a", "b"]
    one.drain(15 * MINUTE)
    assert carried(one) == ["a", "b", "c"]
    one.drain(60 * MINUTE)
    assert carried(one) == ["a", "b", "c", "d"]


def test_accounts_have_room_of_their_own_and_share_the_app_s() -> None:
    one = desk(room_of(RATES, everything))
    for key, account in (("a", "shop"), ("b", "shop"), ("c", "cafe"), ("d", "cafe")):
        one.put(key, account=account, public=True)
    one.drain(0)
    assert carried(one) == ["a", "b", "c"]


def test_direct_messages_and_other_platforms_are_counted_apart() -> None:
    one = desk(room_of(RATES, everything))
    one.put("post", account="shop", public=True)
    one.put("direct", account="shop")
    one.put("direct too", account="shop")
    one.put("mail", channel="email")
    one.put("ticket", action="ticket")
    one.drain(0)
    assert sorted(carried(one)) == ["direct", "mail", "post", "ticket"]


def test_what_leaves_this_machine_nowhere_has_no_rate() -> None:
    one = desk(room_of(RATES, lambda delivery: False))
    for key in "abc":
        one.put(key, account="shop", public=True)
    one.drain(0)
    assert carried(one) == ["a", "b", "c"]


def test_a_playbook_s_own_limit_and_the_platform_s_both_hold() -> None:
    one = desk(room_of(RATES, everything))
    for key in "ab":
        one.put(key, account="shop", public=True, claims=(Claim("limit:t:p", 1, 1, per=MINUTE),))
    one.drain(0)
    assert carried(one) == ["a"]


def test_in_a_storm_a_person_is_told_so_many_things_apart_and_the_rest_in_one() -> None:
    one = desk(room_of((), everything))
    for n in range(MOST_TOLD + 30):
        one.put(f"n{n:02}", action="notify", channel="email", person="ann")
    one.drain(0)
    assert len(carried(one)) == MOST_TOLD
    one.drain(TOLD_WITHIN)
    assert len(carried(one)) == MOST_TOLD + 1
    assert set(one.statuses().values()) == {"delivered", "digested"}


def test_the_rates_of_a_plugin_stand_in_place_of_the_shipped_ones() -> None:
    registry = Registry.build(third_party=False)
    delivery = Delivery(key="k", incident="i", action="send", channel="x", parameters={}, account="shop", public=True)
    shipped = room_of(registry.send_rates, everything)(delivery)
    assert {(claim.limit, claim.per) for claim in shipped} == {
        (rate.most, rate.within) for rate in SEND_RATES if (rate.platform, rate.of) == ("x", "posts")
    }
    own = room_of((SendRate("x", "posts", 7, MINUTE, "app", "our contract", "2026-11-20"),), everything)(delivery)
    assert own == (Claim(f"rate:x:posts:{MINUTE}", 1, 7, per=MINUTE),)
