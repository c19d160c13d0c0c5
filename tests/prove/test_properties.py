"""Each property: a playbook in which it holds, and one with a defect that breaks it, shown by the engine itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.hours import OpenHours
from playbook_engine.policy.opening import Shift
from playbook_engine.prove.properties import every_property
from playbook_engine.prove.replay import replay
from prove.holding import OPEN, decided, due, playbook, verdict

SHOP = """
departments:
  shop: {{name: Shop, on_duty: head, lead: head, may_spend: {{coupon: {{per_incident: {} JPY, per_day: 50000 JPY}}}}}}
accounts:
  "x:shop": {{department: shop, type: support, purpose: Orders, profile: Daily, silent_after: 12h}}
  "x:suzuran": {{department: care, type: brand, purpose: Us, profile: Daily, silent_after: 12h}}
route:
  - {{id: shop, when: {{account: "x:shop"}}, to: shop}}
  - {{id: rest, when: always, to: care}}
"""
PRESS = "departments:\n  press: {name: Press, on_duty: head, lead: head}\nrules:\n"
TARGETS = """
targets:
  - {{id: critical, when: {{severity: {{gte: high}}}}, reply: 15m, apologise: {}, resolve: 8h, escalate: urgent}}
  - {{id: rest, when: always, reply: 1h, apologise: 4h, resolve: 16h, escalate: standard}}
classify:
  - {{id: urgent, when: {{text: {{words: [urgent]}}}}, set: {{severity: high}}}}
"""


@dataclass(frozen=True)
class Defect:
    """A property, fragments in which it holds and is broken, and what is then said of the row at `place`.

    `rows` and `due` are what the engine decides of the counterexample; of two messages, of the second.
    """

    code: str
    sound: str
    broken: str
    said: str
    place: str
    rows: tuple[str, ...] = ()
    due: tuple[tuple[str, str], ...] = ()


DEFECTS = (
    Defect(
        "P2",
        "owner: mori\n",
        "respond:\n"
        "  - {id: fault, when: {kind: fault}, reply: by_hand, apologise: {draft: sorry}, resolve: by_hand}\n"
        "  - {id: damage, when: {kind: fault, topics: damage}, reply: by_hand, apologise: none, resolve: none}\n"
        "  - {id: rest, when: always, reply: by_hand, apologise: none, resolve: by_hand}\n",
        "`damage` of `respond` can never win: `fault` before it takes everything it matches",
        "example.yaml:3:5",
    ),
    Defect(
        "P3",
        "rules:\n  either: {when: {any: [{channel: x}, {channel: email}]}, do: [{tag: seen}]}\n",
        "rules:\n  both: {when: {all: [{channel: x}, {channel: email}]}, do: [{tag: seen}]}\n",
        "the condition of `both` of `rules` contradicts itself",
        "example.yaml:2:3",
    ),
    Defect(
        "P4",
        f"{PRESS}  one: {{when: {{channel: x}}, do: [{{hand_over: {{department: press}}}}]}}\n"
        "  two: {when: {channel: email}, do: [{hand_over: {department: care}}]}\n",
        f"{PRESS}  one: {{when: {{topics: legal}}, do: [{{hand_over: {{department: press}}}}]}}\n"
        "  two: {when: {kind: praise}, do: [{hand_over: {department: care}}]}\n",
        "`one` and `two` hand one message over to different places",
        "example.yaml:5:3",
        (
            *("classify lawyer", "classify praise", "respond praise", "route rest", "rules one", "rules two"),
            "targets critical",
        ),
        (("reply", "Wed 11-25 09:15"),),
    ),
    Defect(
        "P6",
        SHOP.format(1000),
        SHOP.format(500),
        "`fault` offers a coupon of 1000 JPY where `shop` answers, which may give 500 JPY",
        "playbook.yaml:56:128",
        ("classify broken", "respond fault", "route shop", "targets rest"),
        (("reply", "Wed 11-25 01:00"), ("apologise", "Wed 11-25 04:00"), ("resolve", "Fri 11-27 00:00")),
    ),
    Defect(
        "P7",
        "respond:\n  - {id: legal, when: {topics: legal}, reply: by_hand, apologise: none, resolve: none}\n",
        "respond:\n  - {id: legal, when: {topics: legal}, reply: none, apologise: none, resolve: none}\n",
        "something is for people only, and nobody owes it a reply",
        "",
        ("classify lawyer", "respond legal", "route rest", "targets critical"),
    ),
    Defect(
        "P8",
        f"{OPEN}ignore:\nrespond:\n  - {{id: rest, when: always, reply: by_hand, apologise: none, resolve: none}}\n",
        f"{OPEN}ignore:\n",
        "a message of a machine gets an automatic reply",
        "",
        ("respond rest", "route rest", "targets rest"),
        (("reply", "Wed 11-25 01:00"), ("resolve", "Fri 11-27 00:00")),
    ),
    Defect(
        "P9",
        "rules:\n  clean: {when: {topics: legal}, do: [{hide: {approve: {by: head, within: 1h, else: mori}}}]}\n",
        "rules:\n  clean: {when: {topics: legal}, do: [{hide: {}}]}\n",
        "`clean` of `rules` hides speech without a person",
        "example.yaml:2:40",
        ("classify lawyer", "respond rest", "route rest", "rules clean", "targets critical"),
        (("reply", "Wed 11-25 09:15"), ("resolve", "Wed 11-25 17:00")),
    ),
    Defect(
        "P10",
        OPEN,
        "owner: mori\n",
        "the acknowledgement by `care` is held for more than 2d; after that only a person may send it",
        "",
        ("respond rest", "route rest", "targets rest"),
        (("reply", "Sun 01-10 04:00"), ("resolve", "Wed 01-13 18:00")),
    ),
    Defect(
        "P11",
        OPEN + TARGETS.format("4h"),
        OPEN + TARGETS.format("5h"),
        "a higher `severity` is promised more slowly",
        "",
        ("classify late", "classify urgent", "respond fault", "route rest", "targets critical"),
        (("reply", "Wed 11-25 00:15"), ("apologise", "Wed 11-25 05:00"), ("resolve", "Wed 11-25 08:00")),
    ),
    Defect(
        "P12",
        "route:\n  - {id: english, when: {lang: en}, to: care}\n",
        "targets:\n  - {id: foreign, when: {lang: en}, reply: 12h, apologise: 24h, resolve: 48h, escalate: standard}\n",
        "the language alone changes the target",
        "",
        ("respond rest", "route rest", "targets rest"),
        (("reply", "Wed 11-25 10:00"), ("resolve", "Fri 11-27 18:00")),
    ),
    Defect(
        "P14",
        "people:\n  mori: {name: 森, via: [{email: mori@suzuran.example}], initials: MR}\n",
        "people:\n  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk, initials: MR}\n"
        "departments:\n  care: {name: Care, calendar: desk, on_duty: mori, lead: head}\n",
        "`care` is at times without anybody on duty who is in hours; the first person is told all the same",
        "",
    ),
    Defect(
        "P15",
        "rules:\n  hello: {when: {public: true}, do: [{send: ack}]}\n",
        "ignore:\nlimits:\nrules:\n  hello: {when: {public: true}, do: [{send: ack}]}\n",
        "`hello` may answer a machine that answers us, and nothing bounds it;"
        " ignore `automatic` messages or limit `send`",
        "",
    ),
)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.code)
def test_a_property_holds_of_a_playbook_without_the_defect(defect: Defect) -> None:
    found = verdict(defect.code, playbook(defect.sound))
    assert found.kind == "holds", [(each.said, each.evidence) for each in found.details if each.kind != "holds"]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.code)
def test_a_defect_is_named_at_its_place_and_the_engine_replays_what_it_leads_to(defect: Defect) -> None:
    policy = playbook(defect.broken)
    found = verdict(defect.code, policy)
    assert found.kind == "broken"
    detail = next(each for each in found.of("broken") if each.said == defect.said)
    assert (str(detail.place) if detail.place is not None else "") == defect.place
    assert bool(detail.replayed) == bool(defect.rows)
    for shown in detail.replayed:
        assert replay(policy, shown.events) == shown
    if detail.replayed:
        assert decided(detail.replayed[-1]) == defect.rows
        assert due(detail.replayed[-1]) == dict(defect.due)


def test_every_property_is_tried_here() -> None:
    elsewhere = {"P1", "P5", "P16"}
    assert {defect.code for defect in DEFECTS} | elsewhere == {each.code for each in every_property()}


@pytest.mark.parametrize("section", ["route", "targets", "respond"])
def test_a_message_that_finds_no_row_is_never_passed_over_in_silence(section: str) -> None:
    """A catch-all is demanded of every playbook, so the hole is made in the policy itself."""
    whole = playbook("owner: mori\n")
    assert verdict("P1", whole).kind == "holds"
    rows = tuple(row for row in getattr(whole, section) if row.id != "rest")
    left: dict[str, Any] = {section: rows}
    holed = replace(whole, **left)
    found = verdict("P1", holed)
    assert found.kind == "inconclusive", "the engine, which has no such playbooks, decides nothing at all of it"
    assert [each.said.split(":")[0] for each in found.of("inconclusive")] == [
        f"every message finds a row of `{section}`"
    ]


def test_a_reply_that_never_comes_due_is_found_with_who_writes_when() -> None:
    """Such a calendar is refused when a playbook is read, so it is put into the policy itself."""
    whole = playbook("owner: mori\n")
    assert verdict("P5", whole).kind == "holds"
    once = OpenHours.of("Asia/Tokyo", {}, exceptions={date(2026, 12, 1): (Shift(9 * 3_600, 18 * 3_600),)})
    found = verdict("P5", replace(whole, calendars={**whole.calendars, "desk": Calendar(once)}))
    assert [(each.said, str(each.place)) for each in found.of("broken")] == [
        ("a reply by `care` under `critical` never comes due", "playbook.yaml:63:5"),
        ("a reply by `care` under `rest` never comes due", "playbook.yaml:64:5"),
        ("a later reply by `care` under `rest` never comes due", "playbook.yaml:64:5"),
    ]
    assert found.of("broken")[1].evidence == (
        "written Tue 2026-12-01 17:00",
        "desk does not open for so long any more",
    )
