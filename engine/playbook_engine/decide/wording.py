"""The values that templates may name, as one incident has them at one instant. SEMANTICS 6.4, 8.1.

Instants are said in the department's zone, rounded up to the minute, so that what is said is never earlier than
what was promised.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from playbook_engine.decide.turn import Turn
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.policy import Department, Person, Policy
from playbook_engine.policy.template_variables import Value, is_blank
from playbook_engine.policy.templates import Rendered, Template, render
from playbook_engine.policy.zones import load_zone

MINUTE = 60_000
WEEKDAYS_JA = "月火水木金土日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMELESS = {"ja": "お客", "en": "customer"}

PERSONAL = "{{ personal }}"
"""What stands in a draft where a person must write."""

Values = dict[str, Value]


def say_instant(at: int, zone: str, language: str) -> str:
    """An instant as customers read it, rounded up to the minute."""
    whole = -(-at // MINUTE) * MINUTE
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=whole)).astimezone(load_zone(zone))
    if language == "ja":
        return f"{local.month}月{local.day}日({WEEKDAYS_JA[local.weekday()]}) {local:%H:%M}"
    if language == "en":
        day = f"{WEEKDAYS_EN[local.weekday()]} {local.day} {MONTHS_EN[local.month - 1]}"
        return f"{day}, {local:%H:%M} {local.tzname()}"
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def in_language(text: Mapping[str, str], languages: tuple[str, ...]) -> str:
    """The text in the first of the languages it exists in; else whichever it has."""
    for language in languages:
        if language in text:
            return text[language]
    return text.get("", next(iter(text.values()), ""))


def languages_for(policy: Policy, lang: str) -> tuple[str, ...]:
    """The customer's language where the playbook speaks it, then the fallback; to nobody in particular the first."""
    if not lang:
        return policy.languages
    own = lang.split("-")[0]
    spoken = (own,) if own in policy.languages else ()
    return (*spoken, policy.fallback) if policy.fallback not in spoken else spoken


def spoken_by(turn: Turn) -> str:
    """The customer's language; `und` where one wrote whose language nobody knows; "" where none wrote."""
    return turn.incident.lang or ("und" if turn.incident.messages else "")


def zone_of(policy: Policy, department: Department | None) -> str:
    if department is not None and department.calendar:
        return policy.calendars[department.calendar].hours.zone
    return policy.timezone


def wording(turn: Turn, language: str, extra: Mapping[str, Value]) -> Values:
    """The published variables, in one language."""
    policy, incident = turn.policy, turn.incident
    department = turn.department()
    spoken = (language, policy.fallback)
    handle = "" if is_blank(incident.author.handle) else incident.author.handle
    name = incident.author.name
    if is_blank(name):
        name = handle or NAMELESS.get(language, NAMELESS["en"])
    values: Values = {
        "author": {"name": name, "handle": handle or name},
        "department": {
            "name": in_language(department.name, spoken) if department else "",
            "signature": in_language(department.signature or department.name, spoken) if department else "",
        },
        "account": incident.account,
        "incident": {
            "id": incident.id,
            "waiting_minutes": max(0, turn.now - incident.round_since) // MINUTE,
        },
        "link": dict(policy.links),
    }
    for step in STEPS:
        duty = turn.duty(step)
        if duty is not None:
            values[step] = {"due": say_instant(duty.deadline, zone_of(policy, department), language)}
    return {**values, **extra}


def word(turn: Turn, template: Template, extra: Mapping[str, Value], channel: str = "") -> Rendered:
    """The text of a template for this incident. Raises RenderError."""
    languages = languages_for(turn.policy, spoken_by(turn))
    values = wording(turn, languages[0], extra)
    return render(template, channel or turn.incident.channel, languages, values)


def approver_values(turn: Turn, person: Person) -> dict[str, Value]:
    """What only drafts may name: the place a person fills, and who sends it."""
    languages = languages_for(turn.policy, spoken_by(turn))
    return {
        "personal": PERSONAL,
        "approver": {"initials": person.initials, "name": in_language(person.name, languages)},
    }


def word_for(turn: Turn, template: Template, person: Person, languages: tuple[str, ...]) -> str:
    """The text of a notice to one of our people. Raises RenderError."""
    owed = turn.unmet_duties()
    extra: dict[str, Value] = {"person": {"name": in_language(person.name, languages)}, "level": turn.incident.level}
    if owed:
        due = say_instant(owed[0].deadline, zone_of(turn.policy, turn.department()), languages[0])
        extra |= {"step": owed[0].step, "due": due}
    return render(template, "", languages, wording(turn, languages[0], extra)).text
