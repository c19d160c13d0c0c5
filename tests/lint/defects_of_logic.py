"""Kinds of defects that only a proof finds: what no message can meet, what earlier rows take, what is unfair."""

from __future__ import annotations

import random  # noqa: TID251 - the chance that a seed gives
from collections.abc import Callable

from lint.seeding import Planted, Playbook, defect
from playbook_engine.lint.apart import settable

Chance = random.Random

BODIES: dict[str, Callable[[Playbook], str]] = {
    "route": lambda playbook: f"to: {playbook.value(('route', 0, 'to'))}",
    "targets": lambda playbook: f"reply: 30m, apologise: 2h, resolve: 8h, counts: human, escalate: {_ladder(playbook)}",
    "respond": lambda playbook: "reply: by_hand, apologise: none, resolve: by_hand",
}
FEW = "attachments: {gte: 7}"
"""What hardly any message meets, so that no row of the playbook is taken its messages."""


@defect("PB502")
def condition_that_contradicts_itself(chance: Chance, playbook: Playbook) -> Planted:
    fact, value = _set_somewhere(chance, playbook)
    channel = playbook.channel(chance)
    condition = chance.choice(
        (
            f"{{{fact}: {value}, not: {{{fact}: {value}}}}}",
            f"{{all: [{{channel: {channel}}}, {{not: {{channel: [{channel}, sms]}}}}]}}",
            "{attachments: {gte: 3, lt: 2}}",
            "{incident.messages: {lt: 1}}",
            "{personal_data: true, any: [{personal_data: false}, {incident.age: {lt: 0s}}]}",
        )
    )
    return _planted(chance, playbook, condition)


@defect("PB503")
def row_that_one_above_it_takes_all_of(chance: Chance, playbook: Playbook) -> Planted | None:
    section = chance.choice(tuple(BODIES))
    found = [path for path in playbook.paths(f"{section}/*/when") if playbook.value(path) != "always"]
    if not found:
        return None
    path = chance.choice(found)
    more = chance.choice(("public: true", FEW, "origin: [direct, review]"))
    condition = f"{{all: [{playbook.said(path)}, {{{more}}}]}}"
    return playbook.with_row(section, int(path[1]) + 1, f"id: zz-late, when: {condition}, {BODIES[section](playbook)}")


@defect("PB503")
def row_that_two_above_it_take_all_of(chance: Chance, playbook: Playbook) -> Planted:
    section, channel = chance.choice(tuple(BODIES)), playbook.channel(chance)
    body = BODIES[section](playbook)
    one, other = chance.choice((("public: true", "public: false"), ("automatic: true", "automatic: false")))
    late = playbook.with_row(section, 0, f"id: zz-c, when: {{attachments: {{gte: 9}}, channel: {channel}}}, {body}")
    upper = Playbook(playbook.name, late.files, playbook.lock)
    middle = upper.with_row(section, 0, f"id: zz-b, when: {{{FEW}, {other}}}, {body}")
    upper = Playbook(playbook.name, middle.files, playbook.lock)
    first = upper.with_row(section, 0, f"id: zz-a, when: {{{FEW}, {one}}}, {body}")
    return Planted(first.files, first.file, first.line + 2)


@defect("PB503")
def row_written_twice(chance: Chance, playbook: Playbook) -> Planted | None:
    section = chance.choice(tuple(BODIES))
    found = [path for path in playbook.paths(f"{section}/*") if playbook.said(path).startswith("{id: ")]
    found = [path for path in found if playbook.value((*path, "when")) != "always"]
    if not found:
        return None
    path = chance.choice(found)
    rest = playbook.said(path).partition(",")[2].rstrip("}").strip()
    rest += "}" * (rest.count("{") - rest.count("}"))
    return playbook.with_row(section, int(path[1]) + 1, f"id: zz-again, {rest}")


@defect("PB505")
def rules_that_hand_one_message_to_two_places(chance: Chance, playbook: Playbook) -> Planted:
    department = chance.choice(sorted(dict(playbook.subject.entries("departments"))))
    places = [f"department: {department}", "channel: direct"]
    chance.shuffle(places)
    rows = [
        f"  zz-{n}: {{when: {{{FEW}}}, once_per: incident, do: [{{hand_over: {{{place}}}}}]}}\n"
        for n, place in enumerate(places)
    ]
    planted = playbook.with_more("rules:\n" + "".join(rows))
    return Planted(planted.files, planted.file, 3)


@defect("PB506")
def test_that_another_implies(chance: Chance, playbook: Playbook) -> Planted:
    account = chance.choice(sorted(dict(playbook.subject.entries("accounts"))))
    condition = chance.choice(
        (
            f'{{account: "{account}", channel: {account.partition(":")[0]}, {FEW}}}',
            "{attachments: {gte: 7}, not: {attachments: {lt: 3}}}",
            f"{{{FEW}, any: [{{public: true}}, {{public: false}}]}}",
        )
    )
    return _planted(chance, playbook, condition)


@defect("PB507")
def word_that_another_covers(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("classify/**/contains") if playbook.said(path).endswith("]")]
    if not found:
        return None
    path = chance.choice(found)
    listed = playbook.value(path)
    assert isinstance(listed, list)
    word = str(chance.choice(listed))
    return playbook.put(path, f'{playbook.said(path)[:-1]}, "{chance.choice((word + "zz", "zz" + word))}"]')


@defect("PB508")
def not_of_what_may_be_missing(chance: Chance, playbook: Playbook) -> Planted:
    denied = chance.choice(("author.verified: true", "author.followers: {lt: 70}", "author.verified: false"))
    section = chance.choice(("route", "respond"))
    return playbook.with_row(section, 0, f"id: zz-not, when: {{{FEW}, not: {{{denied}}}}}, {BODIES[section](playbook)}")


@defect("PB511")
def slower_for_what_is_worse(chance: Chance, playbook: Playbook) -> Planted | None:
    known = settable(playbook.subject.policy)
    ordered = [fact for fact in playbook.subject.policy.facts.values() if fact.kind == "ordered" and fact.name in known]
    if not ordered:
        return None
    fact = chance.choice(ordered)
    worst = max(known[fact.name], key=fact.values.index)
    alone = f"id: zz-pressing, when: {{text: {{words: zzpressing}}}}, set: {{{fact.name}: {worst}}}"
    upper = Playbook(playbook.name, playbook.with_row("classify", 0, alone).files, playbook.lock)
    return _slow(upper, f"{{{fact.name}: {worst}, {FEW}}}")


@defect("PB512")
def slower_for_a_language(chance: Chance, playbook: Playbook) -> Planted:
    return _slow(playbook, f"{{lang: {chance.choice(('en', 'ja', 'fr'))}, {FEW}}}")


@defect("PB515")
def rule_that_is_never_asked(chance: Chance, playbook: Playbook) -> Planted:
    event = chance.choice(("duty.waived", "approval.granted", "approval.refused"))
    person = chance.choice(sorted(dict(playbook.subject.entries("people"))))
    planted = playbook.with_more(f"rules:\n  zz: {{event: {event}, when: {{{FEW}}}, do: [{{notify: {person}}}]}}\n")
    return Planted(planted.files, planted.file, 2)


@defect("PB701")
def speech_hidden_by_a_machine(chance: Chance, playbook: Playbook) -> Planted:
    planted = playbook.with_more(f"rules:\n  zz: {{when: {{{FEW}}}, once_per: incident, do: [{{hide: {{}}}}]}}\n")
    return Planted(planted.files, planted.file, 2)


@defect("PB702")
def machines_that_are_answered(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("ignore/*/when") if playbook.said(path) == "{automatic: true}"]
    if not found:
        return None
    narrowed = playbook.put(found[0], f"{{automatic: true, {chance.choice((FEW, 'personal_data: true'))}}}")
    key = playbook.subject.document.key_spans[("ignore",)]
    return Planted(narrowed.files, key.file, key.line)


@defect("PB706")
def harm_that_a_machine_answers(chance: Chance, playbook: Playbook) -> Planted | None:
    rows = playbook.subject.rows("classify")
    harm = [row.path for row in rows if "injury" in str(row.value.get("set"))]
    drafted = any("injury" in playbook.said(path) for path in playbook.paths("respond/*/when"))
    if not harm or drafted or not playbook.is_whole(("human_only",)):
        return None
    set_at = playbook.subject.document.key_spans[(*harm[0], "set")]
    silent = playbook.put(("human_only",), f"{{{FEW}}}")
    return Planted(silent.files, set_at.file, set_at.line)


def _planted(chance: Chance, playbook: Playbook, condition: str) -> Planted:
    """A row with a condition at a random place of a list, before the last."""
    section = chance.choice(tuple(BODIES))
    return playbook.with_row(section, 0, f"id: zz-new, when: {condition}, {BODIES[section](playbook)}")


def _slow(playbook: Playbook, condition: str) -> Planted:
    body = f"reply: 9d, apologise: 10d, resolve: 20d, counts: human, escalate: {_ladder(playbook)}"
    planted = playbook.with_row("targets", 0, f"id: zz-slow, when: {condition}, {body}")
    key = playbook.subject.document.key_spans[("targets",)]
    return Planted(planted.files, key.file, key.line)


def _ladder(playbook: Playbook) -> str:
    return str(playbook.value(("targets", 0, "escalate")))


def _set_somewhere(chance: Chance, playbook: Playbook) -> tuple[str, str]:
    known = settable(playbook.subject.policy)
    fact = chance.choice(sorted(known))
    return fact, chance.choice(sorted(known[fact]))
