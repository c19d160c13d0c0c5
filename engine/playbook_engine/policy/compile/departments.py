"""Departments: their hours, their people, what they may spend, and who answers while they are closed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.compile.people import approval, circles, said_chain, told
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.scalars import check_currency, flag, localized_or_none, money
from playbook_engine.policy.durations import DAY
from playbook_engine.policy.money import Money, say_money
from playbook_engine.policy.policy import Authority, Department, WhenClosed
from playbook_engine.policy.timeline import merge
from playbook_engine.text.scalars import shown

_WINDOW = (1_767_225_600_000, 1_767_225_600_000 + 400 * DAY)
"""400 days from 2026-01-01 UTC: over a year of weekly hours, in which a hand-over has to be of use once."""


def departments(collector: Collector, spending: tuple[str, ...]) -> Mapping[str, Department]:
    """Every department but for its own `respond`. `spending` are the actions that give money away."""
    section = collector.section("departments")
    found = {place.key: _department(place, spending) for place in collector.entries("departments")}
    if isinstance(section.value, dict) and not found:
        section.refuse_key("missing-department", "there is no department to answer anybody; add one")
    return found


def _department(place: Place, spending: tuple[str, ...]) -> Department:
    name, signature, calendar = place.need("name"), place.entry("signature"), place.entry("calendar")
    lead, on_duty, closed = place.entry("lead"), place.entry("on_duty"), place.entry("when_closed")
    asked, four_eyes, budget = place.entry("approve"), place.entry("four_eyes"), place.entry("may_spend")
    hours = calendar.name_of("calendars") if calendar else ""
    if closed is not None and calendar is None:
        message = f"`{place.key}` has no `calendar` and so is never closed; give it one, or take this out"
        closed.refuse_key("never-closed", message)
    return Department(
        place.key,
        localized_or_none(name),
        localized_or_none(signature),
        hours,
        _on_duty(on_duty, hours) if on_duty else (),
        lead.name_of("people") if lead else "",
        _when_closed(closed) if closed else None,
        MappingProxyType({each.key: _authority(each, spending) for each in budget.entries()} if budget else {}),
        approval(asked) if asked else None,
        flag(four_eyes) if four_eyes else False,
    )


def _on_duty(place: Place, hours: str) -> tuple[tuple[str, str], ...]:
    """Calendars and who is on duty in them: the department's own first, the others by name.

    The order of a mapping means nothing in this language, and the digest does not hold it.
    """
    if isinstance(place.value, str):
        return (("", place.name_of("people")),)
    pairs = []
    for entry in place.entries():
        known = place.collector.names("calendars")
        if entry.key not in known:
            entry.refuse_key("unknown-calendar", f"no calendar is called `{shown(entry.key)}`", known, entry.key)
        pairs.append((entry.key, entry.name_of("people")))
    if not pairs and isinstance(place.value, dict):
        place.refuse_key("empty", "nobody is on duty; name a person, or a person for each calendar")
    return tuple(sorted(pairs, key=lambda pair: (pair[0] != hours, pair[0])))


def _when_closed(place: Place) -> WhenClosed:
    send, hand_over = place.entry("send"), place.entry("hand_over")
    if (send is None) == (hand_over is None):
        if isinstance(place.value, dict):
            place.refuse_key(
                "when-closed", "`when_closed` does one thing; write {send: T} or {hand_over: {department: D}}"
            )
        else:
            place.unfit("a mapping")
        return WhenClosed()
    if send is not None:
        return WhenClosed(template=send.name_of("templates"))
    department = hand_over.need("department") if hand_over is not None else None
    return WhenClosed(department=department.name_of("departments") if department else "")


def _authority(place: Place, spending: tuple[str, ...]) -> Authority:
    if place.key not in spending:
        message = f"`{shown(place.key)}` is not an action that spends money"
        place.refuse_key("unknown-action", message, spending, place.key)
    each, daily, above = place.entry("per_incident"), place.entry("per_day"), place.entry("above")
    asked = above.need("approve") if above else None
    most = above.entry("up_to") if above else None
    bounds = [(bound, money(bound)) for bound in (each, daily, most) if bound is not None]
    for bound, amount in bounds:
        check_currency(bound, place.key, amount)
    amounts = {bound.key: amount for bound, amount in bounds if amount is not None}
    if above is not None and each is None:
        above.refuse_key("authority", "nothing is `above` without `per_incident`; give that bound too")
    if not bounds and isinstance(place.value, dict):
        place.refuse_key("empty", f"`{place.key}` has no bound; write {{per_incident: …}} or {{per_day: …}}")
    _check_rising(most, amounts.get("per_incident"), amounts.get("up_to"))
    return Authority(
        place.key,
        amounts.get("per_incident"),
        amounts.get("per_day"),
        told(asked) if asked else "",
        amounts.get("up_to"),
    )


def _check_rising(place: Place | None, least: Money | None, most: Money | None) -> None:
    if place is None or least is None or most is None or least.currency != most.currency:
        return
    if most.amount <= least.amount:
        own = say_money(least.amount, least.currency)
        place.refuse("authority", f"`{place.text()}` is not above `per_incident` ({own}); raise it, or drop `above`")


def check_hours(collector: Collector, found: Mapping[str, Department], calendars: Mapping[str, Calendar]) -> None:
    """Open time never runs out where a department counts its deadlines in it."""
    for name, department in found.items():
        calendar = calendars.get(department.calendar)
        if calendar is not None and not any(calendar.hours.weekly):
            place = Place(collector, ("departments", name, "calendar"), department.calendar)
            message = (
                f"`{department.calendar}` opens on single dates only, and the deadlines of `{name}` go on after them"
            )
            place.refuse("never-opens", f"{message}; give it weekly hours")


def check_hand_overs(collector: Collector, found: Mapping[str, Department], calendars: Mapping[str, Calendar]) -> None:
    """Hand-overs go round in no circle, and lead to somebody who is open at times when the first is closed."""
    successors = {
        name: department.when_closed.department
        for name, department in found.items()
        if department.when_closed is not None and department.when_closed.department
    }
    rounds = circles(successors)
    for circle in rounds:
        message = f"hand-overs go round in a circle: {said_chain(circle)}; let one of them hold instead"
        _hand_over(collector, circle[0]).refuse("hand-over-circle", message)
    in_circles = {name for circle in rounds for name in circle}
    for name in successors:
        chain = _chain(name, successors)
        if not in_circles & set(chain) and not _adds(chain, found, calendars):
            others = said_chain(tuple(chain[1:]))
            message = f"{others} is never open while `{name}` is closed; hand over to somebody who is, or hold"
            _hand_over(collector, name).refuse("no-use", message)


def _hand_over(collector: Collector, name: str) -> Place:
    return Place(collector, ("departments", name, "when_closed", "hand_over", "department"), name)


def _chain(name: str, successors: Mapping[str, str]) -> list[str]:
    chain = [name]
    while (following := successors.get(chain[-1])) and following not in chain:
        chain.append(following)
    return chain


def _adds(chain: list[str], found: Mapping[str, Department], calendars: Mapping[str, Calendar]) -> bool:
    """Whether anybody after the first is open at a time when the first is not."""
    hours = [
        calendars[found[name].calendar].hours for name in chain if name in found and found[name].calendar in calendars
    ]
    if len(hours) < len(chain):
        return True  # somebody is always open, or has a fault of their own
    own, *others = [each.open_stretches(*_WINDOW) for each in hours]
    together = merge(stretch for stretches in (own, *others) for stretch in stretches)
    return sum(end - start for start, end in together) > sum(end - start for start, end in own)
