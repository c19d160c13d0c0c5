"""Kinds of defects that stand in what a playbook says: names, steps, hours, ladders and lists."""

from __future__ import annotations

import random  # noqa: TID251 - the chance that a seed gives
import re

from lint.seeding import Planted, Playbook, defect
from playbook_engine.text.document import Path

Chance = random.Random


@defect("PB104")
def misspelt_department(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_misspelt(chance, "route/*/to", "accounts/*/department", "**/hand_over/department")


@defect("PB105")
def misspelt_template(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_misspelt(chance, "**/send", "**/draft", "departments/*/when_closed/send")


@defect("PB106")
def misspelt_action(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_misspelt(chance, "**/*/ticket", "**/*/coupon", "rules/*/do/*/notify", keys=True)


@defect("PB108")
def misspelt_value_of_a_fact(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_misspelt(chance, "classify/*/set/kind", "classify/*/set/severity", "respond/*/when/kind")


@defect("PB108")
def misspelt_fact(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_misspelt(chance, "route/*/when/kind", "targets/*/when/severity", "**/set/kind", keys=True)


@defect("PB109")
def id_of_another_row(chance: Chance, playbook: Playbook) -> Planted | None:
    section = chance.choice(("classify", "route", "targets", "respond", "limits"))
    rows = playbook.paths(f"{section}/*/id")
    if len(rows) < 2:
        return None
    first, second = sorted(chance.sample(rows, 2))
    return playbook.put(second, playbook.said(first))


@defect("PB109")
def id_that_differs_by_case_only(chance: Chance, playbook: Playbook) -> Planted | None:
    first, second = sorted(chance.sample(playbook.paths("classify/*/id"), 2))
    return playbook.put(second, playbook.said(first).upper())


@defect("PB110")
def something_never_used(chance: Chance, playbook: Playbook) -> Planted:
    said = chance.choice(
        (
            "links:\n  never-used: https://shop.example/\n",
            "calendars:\n  never-used: {open: {daily: [09:00-12:00]}}\n",
            "people:\n  never-used: {name: Nobody, via: [{email: nobody@shop.example}]}\n",
            f"departments:\n  never-used: {{name: Nobody, on_duty: {playbook.value(('undecided', 'to'))}}}\n",
            "facts:\n  never-used: {one_of: [a, b]}\n",
        )
    )
    planted = playbook.with_more(said)
    return Planted(planted.files, planted.file, 2)


@defect("PB112")
def no_owner(chance: Chance, playbook: Playbook) -> Planted:
    key = playbook.subject.document.key_spans[(chance.choice(("owner", "review_by")),)]
    name = playbook.subject.document.span("playbook")
    return Planted(playbook.with_line(key.file, key.line, "#"), name.file, name.line)


@defect("PB113")
def review_long_past(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_one(chance, "review_by", f"202{chance.randrange(0, 6)}-0{chance.randrange(1, 10)}-15")


@defect("PB114")
def operator_that_does_not_fit(chance: Chance, playbook: Playbook) -> Planted | None:
    pattern, said = chance.choice(
        (
            ("**/severity", "{contains: high}"),
            ("**/when/kind", "{gt: other}"),
            ("**/when/public", "{gte: 1}"),
            ("**/author.followers", "{gte: many}"),
            ("**/incident.public_turns", "{gte: 3h}"),
        )
    )
    found = [path for path in playbook.paths(pattern) if path[0] in ("route", "targets", "respond", "rules")]
    return playbook.put(chance.choice(found), said) if found else None


@defect("PB115")
def misspelt_person(chance: Chance, playbook: Playbook) -> Planted | None:
    patterns = ("undecided/to", "departments/*/lead", "people/*/deputy", "departments/*/approve/else")
    found = [path for pattern in patterns for path in playbook.paths(pattern) if _is_person(playbook, path)]
    path = chance.choice(found)
    return playbook.put(path, playbook.misspelt(chance, playbook.said(path)))


@defect("PB116")
def misspelt_calendar_or_ladder(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_misspelt(chance, "departments/*/calendar", "people/*/calendar", "targets/*/escalate")


@defect("PB117")
def two_times_for_one_level(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("escalations/*/*/at") if playbook.is_whole(path[:-1])]
    path = chance.choice(found)
    return playbook.put(path, f"{playbook.said(path)}, overdue: 1h")


@defect("PB118")
def fact_of_two_kinds(chance: Chance, playbook: Playbook) -> Planted:
    planted = playbook.with_more("facts:\n  odd: {flag: true, from: crm, keep: first}\n")
    kinds = playbook.with_more("facts:\n  odd: {many_of: [a, b], default: a}\n")
    chosen = chance.choice((planted, kinds))
    return Planted(chosen.files, chosen.file, 2)


@defect("PB119")
def person_without_an_address(chance: Chance, playbook: Playbook) -> Planted:
    planted = playbook.with_more("people:\n  mute: {name: Mute, initials: MM}\n")
    return Planted(planted.files, planted.file, 2)


@defect("PB121")
def limit_that_cannot_hold(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("limits/*/then") if playbook.value((*path[:-1], "of")) == "send"]
    return playbook.put(chance.choice(found), "digest")


@defect("PB122")
def mode_without_an_end(chance: Chance, playbook: Playbook) -> Planted:
    starts, ends = "starts: {messages: 5, in: 1h}", "ends: {messages: 2, in: 1h}"
    planted = playbook.with_more(f"modes:\n  flood: {{{chance.choice((starts, ends))}}}\n")
    return Planted(planted.files, planted.file, 2)


@defect("PB123")
def holidays_that_nobody_reviewed(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_one(chance, "calendars/*/holidays", chance.choice(("KR", "BR", "DE-BY")))


@defect("PB201")
def step_left_out(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.drop_one(chance, f"respond/*/{chance.choice(('reply', 'apologise', 'resolve'))}")


@defect("PB201")
def step_that_is_a_word(chance: Chance, playbook: Playbook) -> Planted | None:
    pattern = f"respond/*/{chance.choice(('reply', 'apologise', 'resolve'))}"
    return playbook.put_one(chance, pattern, chance.choice(("later", "byhand", "yes")))


@defect("PB203")
def target_without_a_reply(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.drop_one(chance, "targets/*/reply")


@defect("PB205")
def apology_before_the_reply(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("targets/*/apologise")]
    found = [path for path in found if "open_days" not in str(playbook.value((*path[:-1], "reply")))]
    return playbook.put(chance.choice(found), chance.choice(("1s", "30s")))


@defect("PB206")
def no_time_to_resolve(chance: Chance, playbook: Playbook) -> Planted | None:
    last = max(playbook.paths("targets/*/resolve"))
    return playbook.drop(last) if playbook.value((*last[:-1], "when")) == "always" else None


@defect("PB207")
def resolution_nobody_hears_of(chance: Chance, playbook: Playbook) -> Planted | None:
    said = chance.choice(("{do: [{tag: done}]}", "{do: [{ticket: returns}]}"))
    return playbook.put_one(chance, "respond/*/resolve", said, r"\{.*|by_hand")


@defect("PB209")
def reply_nobody_sees(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_one(chance, "respond/*/reply", "{do: [{tag: seen}]}")


@defect("PB210")
def two_texts_at_once(chance: Chance, playbook: Playbook) -> Planted | None:
    sent = sorted({str(playbook.value(path)) for path in playbook.paths("respond/*/reply/send")})
    found = [path for path in playbook.paths("respond/*/apologise") if playbook.value((*path[:-1], "reply", "send"))]
    if len(sent) < 2 or not found:
        return None
    path = chance.choice(found)
    other = [each for each in sent if each != playbook.value((*path[:-1], "reply", "send"))]
    return playbook.put(path, f"{{send: {chance.choice(other)}}}")


@defect("PB211")
def response_that_does_nothing(chance: Chance, playbook: Playbook) -> Planted | None:
    said = "respond/*/reply"
    found = [path for path in playbook.paths(said) if _nothing_else(playbook, path)]
    return _row(playbook, playbook.put(chance.choice(found), "none"), found[0]) if len(found) == 1 else None


@defect("PB301")
def zone_that_is_none(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_one(chance, "timezone", chance.choice(("Asia/Tokio", "Europe/Londn", "America/Newyork")))


@defect("PB302")
def shifts_that_overlap(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_one(chance, "calendars/*/open/*", "[09:00-13:00, 12:00-18:00]")


@defect("PB302")
def calendar_that_never_opens(chance: Chance, playbook: Playbook) -> Planted:
    planted = playbook.with_more("calendars:\n  never: {open: {mon-fri: closed}}\n")
    return Planted(planted.files, planted.file, 2)


@defect("PB401")
def deputy_of_oneself(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice(playbook.paths("people/*/deputy"))
    return playbook.put(path, str(path[1]))


@defect("PB403")
def level_before_the_one_above(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("escalations/*/*/at") if path[2] == 1]
    path = chance.choice(found)
    return playbook.put(path, "0%")


@defect("PB501")
def no_row_for_the_rest(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("*/*/when") if playbook.value(path) == "always"]
    path = chance.choice(found)
    return _row(playbook, playbook.put(path, "{automatic: false}"), path)


@defect("PB509")
def row_below_the_one_that_takes_everything(chance: Chance, playbook: Playbook) -> Planted | None:
    section = chance.choice(("route", "targets", "respond"))
    rows = playbook.value((section,))
    found = [
        path for path in playbook.paths(f"{section}/*/when") if isinstance(rows, list) and path[1] == len(rows) - 2
    ]
    if not found:
        return None
    below = playbook.subject.document.span(section, int(found[0][1]) + 1)
    planted = playbook.put(found[0], "always")
    return Planted(planted.files, below.file, below.line)


@defect("PB602")
def misspelt_variable(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("templates/**") if "{{ author.name }}" in playbook.said(path)]
    path = chance.choice(found)
    wrong = playbook.misspelt(chance, "author.name")
    return playbook.put(path, playbook.said(path).replace("author.name", wrong, 1))


@defect("PB602")
def draft_sent_without_a_person(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice([path for path in playbook.paths("respond/*/apologise/draft") if len(path) == 4])
    reply = playbook.value((*path[:-2], "reply"))
    if not isinstance(reply, str) or playbook.value((*path[:-1], "approve")):
        return None
    return playbook.put(path[:-1], f"{{send: {playbook.value(path)}}}")


@defect("PB607")
def language_left_out(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("**/name/ja") if playbook.is_whole(path[:-1])]
    dropped = [planted for path in found if (planted := playbook.drop(path)) is not None]
    return chance.choice(dropped) if dropped else None


@defect("PB704")
def more_than_anybody_may_give(chance: Chance, playbook: Playbook) -> Planted | None:
    if any("may_spend" not in str(department) for _, department in playbook.subject.entries("departments")):
        return None  # where `may_spend` does not name an action, a person decides about any amount
    found = [path for path in playbook.paths("respond/**/coupon/amount") + playbook.paths("respond/**/coupon")]
    found = [path for path in found if re.fullmatch(r"[0-9]+ [A-Z]{3}", playbook.said(path))]
    path = chance.choice(found) if found else None
    return playbook.put(path, f"9999999 {playbook.said(path)[-3:]}") if path else None


def _is_person(playbook: Playbook, path: Path) -> bool:
    return playbook.value(path) in dict(playbook.subject.entries("people"))


def _nothing_else(playbook: Playbook, path: Path) -> bool:
    return all(playbook.value((*path[:-1], step)) == "none" for step in ("apologise", "resolve"))


def _row(playbook: Playbook, planted: Planted, path: Path) -> Planted:
    """Found where the row begins that holds the place."""
    row = playbook.subject.document.span(*path[:2])
    return Planted(planted.files, row.file, row.line)
