"""A deadline in open time lands more than a week away.

What it finds
A reply or apology in `open_time` or `open_days` that some customer waits more than 7 days for, and a solution that
takes more than 21, within the next 400 days; with the worst instant, its deadline and the closed time in between. Left
out are departments that tell customers so when they are closed, or hand over to one that does, and what was found by
listening.

Why it matters
"Within one hour of open time" reads like an hour. Written as the office closes for a row of holidays, it is the week
after next, and nobody has told the customer.

Avoid
```yaml
calendars:
  desk:
    open: {mon-fri: [09:00-18:00], sat: [10:00-16:00]}
    holidays: JP
    except: {2026-12-26..2027-01-05: closed}
```

Prefer
```yaml
calendars:
  desk:
    open: {mon-fri: [09:00-18:00], sat: [10:00-16:00]}
    holidays: JP
    except: {2026-12-31..2027-01-03: closed}
```
"""

from collections.abc import Iterator
from functools import lru_cache

from playbook_engine.lint.cover import said_stretch, say_hours, told_when_closed, zone_of
from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.settled import only_overheard, targets_at
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.durations import DAY
from playbook_engine.policy.hours import NeverOpens, OpenHours
from playbook_engine.policy.policy import Deadline, Policy, Target
from playbook_engine.prove.cells import SPAN, day_begins, say_local
from playbook_engine.prove.promises import routed
from playbook_engine.prove.worst import Promised, chain_of, plain, worst_due

MOST = {"reply": 7 * DAY, "next_reply": 7 * DAY, "apologise": 7 * DAY, "resolve": 21 * DAY}
"""Ms on the clock from which on a deadline has landed too far away."""


def check(subject: Subject) -> Iterator[Found]:
    found: dict[tuple[str, str], tuple[Target, Promised]] = {}
    for home in routed(subject.policy):
        if told_when_closed(subject.policy, home):
            continue
        for target, step, promised in _far(subject, home):
            held = found.get((target.id, step))
            if held is None or (promised.lasts or SPAN) > (held[1].lasts or SPAN):
                found[target.id, step] = target, promised
    for (_, step), (target, promised) in found.items():
        yield _found(subject, target, step, promised)


def _far(subject: Subject, home: str) -> Iterator[tuple[Target, str, Promised]]:
    policy, since = subject.policy, subject.now
    kept: dict[Deadline, Promised] = {}
    targets = {owner: targets_at(policy, home, owner) for owner in chain_of(policy, home)}
    for target in targets[home]:
        for step, deadline in target.deadlines.items():
            if only_overheard(target.when) or not may_exceed(policy, home, deadline, MOST[step], since):
                continue
            if deadline not in kept:
                kept[deadline] = worst_due(policy, home, deadline, since, since + SPAN).overall.longest
            promised = kept[deadline]
            if (promised.lasts or SPAN) > MOST[step] and target in targets[promised.department]:
                yield target, step, promised


def may_exceed(policy: Policy, home: str, deadline: Deadline, most: int, since: int) -> bool:
    """Whether anybody in the chain has so little open time in some `most` ms; cheap, and blind to who answers when."""
    calendars = {policy.departments[name].calendar for name in chain_of(policy, home)} - {""}
    return any(
        _exceeds(policy.calendars[name].hours, each, most, since) for each in plain((deadline,)) for name in calendars
    )


def _exceeds(hours: OpenHours, deadline: Deadline, most: int, since: int) -> bool:
    if deadline.kind == "open_time":
        return _least_open(hours, most, since) < deadline.amount
    if deadline.kind == "open_days":
        try:
            begins = (since, *day_begins(hours.zone, since, since + SPAN))
            return any(hours.open_days_due(at, deadline.amount) - at > most for at in begins)
        except NeverOpens:
            return True
    return False


@lru_cache(maxsize=64)
def _least_open(hours: OpenHours, most: int, since: int) -> int:
    """The least open time (ms) in any `most` ms from the span on: they begin at a closing or end at an opening."""
    stretches = hours.open_stretches(since, since + SPAN + most)
    begins = {since, *(closes for _, closes in stretches), *(opens - most for opens, _ in stretches)}
    return min(hours.open_time(at, at + most) for at in begins if since <= at < since + SPAN)


def _found(subject: Subject, target: Target, step: str, promised: Promised) -> Found:
    policy, owner = subject.policy, promised.department
    zone, calendar = zone_of(policy, owner), policy.departments[owner].calendar
    noun = {"next_reply": "a later reply", "apologise": "an apology", "resolve": "a solution"}.get(step, "a reply")
    if promised.due is None or promised.lasts is None:
        when, evidence = "for good", f"`{calendar}` does not open for so long after {say_local(zone, promised.at)}"
    else:
        when = f"for {say_hours(promised.lasts)}"
        gap = policy.calendars[calendar].hours.longest_closed_gap(promised.at, promised.due)
        evidence = (
            f"written {say_local(zone, promised.at)}, due {say_local(zone, promised.due)}; "
            f"`{calendar}` is closed {said_stretch(zone, gap)}"
        )
    return Found(
        (*subject.path_of(target), step),
        f"`{target.id}` lets a customer of `{owner}` wait {when} for {noun}",
        "open for some hours in between, hand over while closed, or tell customers with `when_closed: {send: …}`",
        beside=(Beside(("calendars", calendar), "closed for long"),),
        evidence=(evidence,),
    )


RULE = Rule("PB307", "deadline-lands-far-away", "warning", check, tier="C")
