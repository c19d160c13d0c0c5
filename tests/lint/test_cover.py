"""Edges of the rules about who is there: gaps, silence after hours, promises that nobody can keep, levels unheard."""

from __future__ import annotations

import pytest

from lint.linting import NOW, findings, laid_over, subject_of
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.rules.pb307_deadline_lands_far_away import may_exceed
from playbook_engine.policy.durations import DAY, parse_duration
from playbook_engine.policy.policy import Deadline
from playbook_engine.prove.cells import SPAN
from playbook_engine.prove.worst import worst_due

ALONE = "people:\n  mori: {name: 森, via: [{email: mori@s.example}], calendar: desk}\n"
DESK = "departments:\n  care: {name: {ja: 係, en: Care}, calendar: desk, on_duty: mori, lead: mori%s}\n"
CLOSED = "departments:\n  care: {name: {ja: 係, en: Care}, calendar: desk, on_duty: desk-team, lead: desk-team%s}\n"
TEAM = 'people:\n  desk-team: {name: 係, via: [{slack: "#care"}]}\n'


def of(fragment: str, code: str) -> tuple[Finding, ...]:
    return findings(fragment, only=(code,))


SHIFTS = """
departments:
  care: {name: {ja: 係, en: Care}, calendar: desk, on_duty: {desk: desk-team, late: desk-team}}
"""


def late(hours: str) -> str:
    return f"calendars:\n  late: {{open: {hours}}}\n"


def test_the_times_of_a_week_that_nobody_covers_are_listed() -> None:
    (found,) = of(SHIFTS + TEAM + late("{mon-sat: [18:00-09:00], sun: [00:00-24:00]}"), "PB303")

    assert found.path == ("departments", "care", "on_duty")
    assert found.evidence[:2] == (
        "Sat 09:00 - Sat 10:00: 57 times in 400 days, the first on 2026-11-28",
        "Sat 16:00 - Sat 18:00: 57 times in 400 days, the first on 2026-11-28",
    )
    assert any(line.startswith("Thu 09:00 - Thu 18:00") for line in found.evidence)  # holidays


def test_a_week_that_is_covered_to_the_minute_has_no_gap() -> None:
    assert of(SHIFTS + TEAM + late("{daily: [00:00-24:00]}"), "PB303") == ()


def test_a_desk_by_itself_arranges_nothing_for_closed_hours() -> None:
    assert of(DESK % "" + ALONE, "PB303") == ()


def test_customers_who_are_told_are_not_left_out() -> None:
    told = SHIFTS.replace("late: desk-team}", "late: desk-team}, when_closed: {send: ack}")

    assert of(told + TEAM + late("{daily: [18:00-21:00]}"), "PB303") == ()


def test_a_department_that_is_open_with_nobody_on_duty_has_a_gap_whatever_it_sends() -> None:
    told = """
departments:
  care: {name: {ja: 係, en: Care}, calendar: desk, on_duty: {late: desk-team}, when_closed: {send: ack}}
"""
    (found,) = of(told + TEAM + late("{daily: [12:00-21:00]}"), "PB303")

    assert found.evidence[0].startswith("Sat 10:00 - Sat 12:00: 57 times")


def test_two_time_zones_fall_apart_while_only_one_has_changed_its_clocks() -> None:
    zones = """
departments:
  care: {name: {ja: 係, en: Care}, calendar: london, on_duty: {london: desk-team, york: desk-team}}
calendars:
  london: {timezone: Europe/London, open: {daily: [09:00-21:00]}}
  york: {timezone: America/New_York, open: {daily: [16:00-04:00]}}
"""
    (found,) = of(zones + TEAM, "PB303")

    assert len(found.evidence) == 7
    assert found.evidence[0] == "Sun 08:00 - Sun 09:00: 3 times in 400 days, the first on 2027-03-14"


def test_the_longest_silence_after_hours_is_told_with_its_two_instants() -> None:
    (found,) = of(CLOSED % "" + TEAM, "PB304")

    assert found.message == (
        "whoever writes to `care` after hours hears nothing, at the longest "
        "from Sat 2027-05-01 16:00 to Thu 2027-05-06 09:00 (113h)"
    )
    assert [each.node for each in found.related] == ["respond.fault"]


@pytest.mark.parametrize(
    "fragment",
    [
        CLOSED % ", when_closed: {send: ack}" + TEAM,
        DESK % "",  # the deputy steps in
        CLOSED % "" + TEAM + "respond:\n  - {id: all, when: always, reply: by_hand, apologise: none, resolve: none}\n",
        "departments:\n  care: {name: {ja: 係, en: Care}, on_duty: desk-team}\n" + TEAM,
    ],
)
def test_where_nothing_waits_or_somebody_is_there_nobody_is_left_in_silence(fragment: str) -> None:
    assert of(fragment, "PB304") == ()


def target(reply: str, counts: str = "human") -> str:
    return (
        f"targets:\n  - {{id: rest, when: always, reply: {reply}, resolve: {{open_days: 2}}, "
        f"counts: {counts}, escalate: standard}}\n"
    )


def test_the_promise_of_the_rule_of_thumb_is_broken_by_every_weekend() -> None:
    weekdays = "calendars:\n  desk: {open: {mon-fri: [09:00-17:00]}}\n"
    (found,) = of(CLOSED % "" + TEAM + weekdays + target("{when_open: {open_time: 1h}, when_closed: 12h}"), "PB310")

    assert found.message == (
        "`rest` promises a reply within 12h on the clock; for up to 64h nobody is on duty for `care`"
    )
    assert found.evidence == (
        "written Fri 2026-11-27 17:00, due Sat 2026-11-28 05:00",
        "the longest time without anybody on duty: from Fri 2026-11-27 17:00 to Mon 2026-11-30 09:00 (64h)",
    )
    assert found.path == ("targets", 0, "reply")


@pytest.mark.parametrize(("closed", "found"), [("63h", 1), ("64h", 0), ("65h", 0)])
def test_a_promise_as_long_as_the_longest_closed_time_is_kept_to_the_minute(closed: str, found: int) -> None:
    weekdays = "calendars:\n  desk: {open: {mon-fri: [09:00-17:00]}}\n"

    assert len(of(CLOSED % "" + TEAM + weekdays + target(closed), "PB310")) == found


@pytest.mark.parametrize(
    "fragment",
    [
        target("{open_time: 1h}"),
        target("12h").replace("escalate: standard", "escalate: early")
        + "escalations:\n  early:\n    - {id: soon, at: 50%, notify: head, acknowledge_within: 1h}\n",
        target("12h", "any") + "departments:\n  care: {name: {ja: 係, en: Care}, calendar: desk, on_duty: desk-team, "
        "lead: desk-team, when_closed: {send: ack}}\n",
    ],
)
def test_open_time_a_person_told_in_time_and_a_text_that_counts_keep_a_promise(fragment: str) -> None:
    department = "" if "departments" in fragment else CLOSED % ""

    assert of(fragment + department + TEAM, "PB310") == ()


def test_a_text_that_is_sent_does_not_keep_the_promise_of_a_person() -> None:
    assert len(of(target("12h") + CLOSED % ", when_closed: {send: ack}" + TEAM, "PB310")) == 1


def test_whoever_takes_over_keeps_the_promise() -> None:
    night = "  night: {name: {ja: 夜, en: Night}, on_duty: head}\n"
    fragment = CLOSED % ", when_closed: {hand_over: {department: night}}" + night

    assert of(fragment + TEAM + target("12h"), "PB310") == ()


def test_what_the_way_to_a_department_has_ruled_out_is_not_promised_there() -> None:
    fragment = """
departments:
  care: {name: {ja: 係, en: Care}, on_duty: head, lead: head}
  day: {name: {ja: 昼, en: Day}, calendar: desk, on_duty: desk-team}
route:
  - {id: high, when: {severity: high}, to: care}
  - {id: rest, when: {kind: praise}, to: day}
  - {id: all, when: always, to: care}
targets:
  - {id: fast, when: {severity: high}, reply: 15m, escalate: urgent}
  - {id: slow, when: always, reply: {open_time: 2h}, escalate: urgent}
"""
    assert of(fragment + TEAM, "PB310") == ()


def far(closed: str, more: str = "") -> tuple[Finding, ...]:
    hours = f"calendars:\n  desk: {{open: {{mon-fri: [09:00-18:00]}}, except: {{{closed}: closed}}}}\n"
    return of(hours + (more or CLOSED % "" + TEAM) + target("{open_time: 1h}"), "PB307")


def test_a_deadline_that_lands_more_than_a_week_away_is_told_with_its_worst_instant() -> None:
    (found,) = far("2026-12-29..2027-01-05")

    assert found.message == "`rest` lets a customer of `care` wait for 208h for a reply"
    assert found.evidence == (
        "written Mon 2026-12-28 17:00, due Wed 2027-01-06 09:00; "
        "`desk` is closed from Mon 2026-12-28 18:00 to Wed 2027-01-06 09:00 (207h)",
    )


def test_seven_days_are_not_more_than_a_week() -> None:
    assert far("2026-12-29..2027-01-03") == ()
    assert len(far("2026-12-29..2027-01-04")) == 1


def test_customers_who_are_told_when_it_is_closed_know_when_to_expect_an_answer() -> None:
    assert far("2026-12-29..2027-01-05", CLOSED % ", when_closed: {send: ack}" + TEAM) == ()


LADDER = """
escalations:
  standard:
    - {id: warn, at: 75%, notify: mori}
    - {id: chief, overdue: 1h, notify: head, acknowledge_within: 1h}
"""


def levels(fragment: str) -> tuple[Finding, ...]:
    return tuple(each for each in of(fragment, "PB405") if each.node == "escalations.standard.warn")


def test_a_level_on_the_clock_may_find_everybody_out_of_hours() -> None:
    (found,) = levels(LADDER + ALONE)

    assert found.path == ("escalations", "standard", 0, "notify")
    assert found.message == (
        "`warn` may tell `mori` while out of hours, with nobody to step in: "
        "for `care` from Sat 2027-05-01 16:00 to Thu 2027-05-06 09:00 (113h)"
    )


def test_a_level_in_open_time_finds_the_desk_of_that_time() -> None:
    assert levels(LADDER + ALONE + target("{open_time: 4h}")) == ()


def test_a_level_after_the_deadline_runs_on_the_clock_whatever_the_deadline() -> None:
    fragment = LADDER.replace("at: 75%", "overdue: 10m") + ALONE + target("{open_time: 4h}")

    assert len(levels(fragment)) == 1


def test_one_of_several_who_is_there_hears_the_level() -> None:
    assert levels(LADDER.replace("notify: mori", "notify: [mori, head]") + ALONE) == ()


@pytest.mark.parametrize("amount", ["1h", "8h", "9h1m", "17h", "18h1m", "40h"])
@pytest.mark.parametrize("most", [4, 5, 6, 7, 8])
def test_the_cheap_question_and_the_exact_one_agree_on_what_lands_far_away(amount: str, most: int) -> None:
    hours = "calendars:\n  desk: {open: {mon-fri: [09:00-18:00]}, except: {2026-12-29..2027-01-01: closed}}\n"
    policy = subject_of(laid_over(hours + CLOSED % "" + TEAM)).policy
    deadline = Deadline("open_time", parse_duration(amount))

    longest = worst_due(policy, "care", deadline, NOW, NOW + SPAN).overall.longest

    assert longest.lasts is not None
    assert may_exceed(policy, "care", deadline, most * DAY, NOW) == (longest.lasts > most * DAY)
