"""What the ledger grants: tables of single claims, properties of many."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.decide.grant import (
    Entry,
    Granted,
    Over,
    Verdict,
    Wait,
    entries_for,
    grant,
    window_start,
)
from playbook_engine.model.delivery import Claim, Delivery

MINUTE = 60_000
HOUR = 60 * MINUTE


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def delivery(*claims: Claim, key: str = "new") -> Delivery:
    return Delivery(key=key, incident="i", action="send", channel="x", parameters={}, claims=claims)


def taken(*instants: int, tally: str = "t", amount: int = 1) -> list[Entry]:
    return [Entry(tally, f"old{n}", amount, at) for n, at in enumerate(instants)]


RATE = Claim("t", 1, 2, per=10 * MINUTE)

TABLE: dict[str, tuple[list[Entry], Delivery, int, Verdict]] = {
    "without claims everything may leave": ([], delivery(), 0, Granted()),
    "an empty tally has room": ([], delivery(RATE), 0, Granted()),
    "the last room is granted": (taken(1_000), delivery(RATE), 2_000, Granted()),
    "a full window waits until the oldest leaves it": (
        taken(1_000, 2_000),
        delivery(RATE),
        3_000,
        Wait(601_000, "t"),
    ),
    "an entry counts in the last millisecond of its window": (
        taken(1_000, 2_000),
        delivery(RATE),
        600_999,
        Wait(601_000, "t"),
    ),
    "an entry does not count when its window has passed": (
        taken(1_000, 2_000),
        delivery(RATE),
        601_000,
        Granted(),
    ),
    "an entry of the future counts": (taken(5_000, 6_000), delivery(RATE), 4_000, Wait(605_000, "t")),
    "a retry does not count against itself": (
        [Entry("t", "new", 1, 1_000), Entry("t", "old", 1, 1_000)],
        delivery(RATE),
        2_000,
        Granted(),
    ),
    "another tally is another matter": (taken(1_000, 2_000, tally="u"), delivery(RATE), 3_000, Granted()),
    "amounts add up": (
        taken(0, 0, amount=400),
        delivery(Claim("t", 300, 1_000, over="ask")),
        1,
        Over("t", "ask"),
    ),
    "an amount that just fits is granted": (taken(0, 0, amount=400), delivery(Claim("t", 200, 1_000)), 1, Granted()),
    "what never has room again is dropped": (
        taken(0),
        delivery(Claim("t", 1, 1, over="drop")),
        9 * HOUR,
        Over("t", "drop"),
    ),
    "a wait without end asks a person": (taken(0), delivery(Claim("t", 1, 1)), 9 * HOUR, Over("t", "ask")),
    "more than the limit asks a person": ([], delivery(Claim("t", 5, 4, per=HOUR)), 0, Over("t", "ask")),
    "more than the limit that drops is dropped": (
        [],
        delivery(Claim("t", 5, 4, per=HOUR, over="drop")),
        0,
        Over("t", "drop"),
    ),
    "a digest says when there is room": (
        taken(0),
        delivery(Claim("t", 1, 1, per=HOUR, over="digest")),
        1,
        Over("t", "digest", HOUR),
    ),
    "the longest of several waits counts": (
        [*taken(0), *taken(7, tally="u")],
        delivery(Claim("t", 1, 1, per=HOUR), Claim("u", 1, 1, per=HOUR)),
        10,
        Wait(HOUR + 7, "u"),
    ),
    "what ends a delivery goes before what delays it": (
        [*taken(0), *taken(0, tally="u")],
        delivery(Claim("t", 1, 1, per=HOUR), Claim("u", 1, 1, per=HOUR, over="ask")),
        10,
        Over("u", "ask", HOUR),
    ),
    "a day is the day of its zone": (
        taken(ms("2026-03-02 15:30")),
        delivery(Claim("t", 1, 1, zone="Asia/Tokyo")),
        ms("2026-03-03 14:59:59.999"),
        Wait(ms("2026-03-03 15:00"), "t"),
    ),
    "yesterday's entries do not count today": (
        taken(ms("2026-03-02 14:30")),
        delivery(Claim("t", 1, 1, zone="Asia/Tokyo")),
        ms("2026-03-02 15:00"),
        Granted(),
    ),
    "the day on which clocks go back has 25 hours": (
        taken(ms("2026-10-24 22:00")),
        delivery(Claim("t", 1, 1, zone="Europe/Berlin")),
        ms("2026-10-25 22:59"),
        Wait(ms("2026-10-25 23:00"), "t"),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_is_granted(name: str) -> None:
    entries, wanted, now, verdict = TABLE[name]
    assert grant(entries, wanted, now) == verdict


def test_a_granted_delivery_writes_one_entry_for_each_tally() -> None:
    wanted = delivery(Claim("b", 5, 9), Claim("a", 1, 9), Claim("b", 3, 9, per=HOUR))
    assert entries_for(wanted, 7) == (Entry("a", "new", 1, 7), Entry("b", "new", 5, 7))


claims = st.builds(
    Claim,
    tally=st.sampled_from("ab"),
    amount=st.integers(1, 4),
    limit=st.integers(0, 6),
    per=st.sampled_from([0, 5, 20]),
    over=st.sampled_from(["wait", "ask", "digest", "drop"]),
)
a_day = st.builds(
    Claim, tally=st.just("d"), amount=st.integers(1, 3), limit=st.integers(1, 5), zone=st.just("Asia/Tokyo")
)
entry_lists = st.lists(
    st.builds(
        Entry,
        tally=st.sampled_from("abd"),
        delivery=st.sampled_from("pqrs"),
        amount=st.integers(1, 4),
        at=st.integers(0, 40),
    ),
    max_size=8,
)


@given(st.lists(st.tuples(st.sampled_from("pqrstuvw"), st.integers(0, 6), st.integers(1, 3)), max_size=40))
def test_no_window_ever_holds_more_than_the_limit(calls: list[tuple[str, int, int]]) -> None:
    """Deliveries come, some again, and time goes on: every window of every length-of-window is within the limit."""
    per, limit, now = 10, 5, 0
    ledger: dict[str, Entry] = {}
    for key, later, amount in calls:
        now += later
        wanted = delivery(Claim("t", amount, limit, per=per), key=key)
        if isinstance(grant(ledger.values(), wanted, now), Granted):
            ledger.update((entry.delivery, entry) for entry in entries_for(wanted, now))
        for end in range(now + per):
            held = [entry.amount for entry in ledger.values() if end - per < entry.at <= end]
            assert sum(held) <= limit


@given(entry_lists, st.lists(st.one_of(claims, a_day), min_size=1, max_size=3), st.integers(0, 40))
def test_a_wait_ends_in_a_grant_and_not_a_millisecond_earlier(
    entries: list[Entry], wanted: list[Claim], now: int
) -> None:
    asked = delivery(*wanted)
    verdict = grant(entries, asked, now)
    if isinstance(verdict, Wait):
        assert verdict.until > now
        assert grant(entries, asked, verdict.until) == Granted()
        assert isinstance(grant(entries, asked, verdict.until - 1), Wait)


@given(entry_lists, st.lists(claims, min_size=1, max_size=3), st.integers(0, 40))
def test_a_repeated_call_is_judged_as_the_first_was(entries: list[Entry], wanted: list[Claim], now: int) -> None:
    asked = delivery(*wanted)
    first = grant(entries, asked, now)
    assert grant([*entries, *entries_for(asked, now)], asked, now) == first


@given(entry_lists, claims, st.integers(0, 40))
def test_entries_before_the_window_can_be_left_out(entries: list[Entry], wanted: Claim, now: int) -> None:
    start = window_start(wanted, now)
    kept = [entry for entry in entries if start is None or entry.at >= start]
    assert grant(kept, delivery(wanted), now) == grant(entries, delivery(wanted), now)
