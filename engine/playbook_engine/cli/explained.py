"""How an explanation is printed: event, decision, plan, near misses, and what became of one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import click

from playbook_engine.cli.explain_case import Case
from playbook_engine.cli.explain_words import say, say_fate
from playbook_engine.cli.output import say_duration, table
from playbook_engine.decide.wording import say_instant
from playbook_engine.explain.plan import Happening
from playbook_engine.explain.reasons import ALL, Checked, Reason
from playbook_engine.explain.rows import SECTIONS
from playbook_engine.explain.sentences import say_test, say_value
from playbook_engine.explain.what_if import Alternative, Done, done
from playbook_engine.explain.why import Explanation, Verdict
from playbook_engine.model.decision import Because, Note
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import ENGINE_TYPES, Event, FactValue
from playbook_engine.policy.conditions import Test
from playbook_engine.policy.hours import NeverOpens
from playbook_engine.policy.money import say_money
from playbook_engine.policy.operators import OPERATORS
from playbook_engine.policy.policy import Department, Policy
from playbook_engine.text.width import width

SHOWN = 300
"""Characters of the message that are shown."""

HEAD = 10
"""Columns of the heads."""

MOST_LISTED = 6
"""Of a test's operands; those that were found in the text are shown first."""

MINUTE = 60_000

BESIDE = ("human_only", "limits", "modes")
"""Sections that bound or count what is decided, but decide nothing themselves."""


@dataclass(frozen=True)
class Explained:
    """One explanation with everything that is printed of it; `planned` says whether what follows was asked for."""

    case: Case
    found: Explanation
    following: tuple[Happening, ...]
    alternatives: tuple[Alternative, ...] = ()
    why_not: tuple[Verdict, ...] = ()
    planned: bool = True


@dataclass(frozen=True)
class Teller:
    """Says things in one language, instants in the playbook's time zone."""

    policy: Policy
    language: str

    def say(self, key: str, **fields: object) -> str:
        return say(self.language, key, **fields)

    def when(self, at: int) -> str:
        return say_instant(at - at % MINUTE, self.policy.timezone, self.language)

    def lasts(self, length: int) -> str:
        return say_duration(length, self.language)

    def value(self, fact: str, value: FactValue | None) -> str:
        """A value of a fact with its unit."""
        known = self.policy.facts.get(fact.removeprefix("message."))
        if isinstance(value, int) and not isinstance(value, bool):
            kind = known.kind if known is not None else "number"
            if kind == "duration":
                return self.lasts(value)
            return say_money(value, known.currency) if known is not None and kind == "money" else f"{value:,}"
        return say_value(value, self.language)

    def facts(self, facts: Mapping[str, FactValue]) -> str:
        return self.say("list").join(f"{name} {self.value(name, value)}" for name, value in facts.items())


def print_explained(explained: Explained, language: str) -> None:
    """Every part that has something to say, each under its head."""
    case, found = explained.case, explained.found
    teller = Teller(case.policy, language)
    _part(teller.say("decisions"), _decisions(teller, case))
    _part(teller.say("event"), _event(teller, explained))
    _part(teller.say("decision"), _decision(teller, found))
    _part(teller.say("recorded"), _recorded(teller, case))
    _part(teller.say("plan"), _plan(teller, explained.following) if explained.planned else ())
    near = [line for section in SECTIONS for verdict in found.nearest(section) for line in _near(teller, verdict)]
    _part(teller.say("almost"), near)
    _part(teller.say("what-if"), [_alternative(teller, done(found.decision), each) for each in explained.alternatives])
    _part(teller.say("why-not"), [line for verdict in explained.why_not for line in _why_not(teller, verdict)])


def _part(head: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        shown = head if number == 0 else ""
        click.echo(click.style(shown + " " * (HEAD - width(shown)), bold=True) + line)


def _decisions(teller: Teller, case: Case) -> list[str]:
    """All decisions of an incident; the key of each is what `--decision` takes."""
    rows = [
        (str(n), teller.when(each.now), each.type, _rows_of(teller, each.because), each.event)
        for n, each in enumerate(case.decisions, start=1)
    ]
    return table(rows, indent="").splitlines()


def _rows_of(teller: Teller, because: Because) -> str:
    """The rows a decision names."""
    single = {"ignore": because.ignore, "route": because.route, "respond": because.respond, "targets": because.target}
    named = [f"{section} {row}" for section, row in single.items() if row]
    return teller.say("list").join([*named, *(f"rules {row}" for row in because.rules)]) or "-"


def _recorded(teller: Teller, case: Case) -> Iterator[str]:
    """Whether a decision of the past comes out again as it was recorded."""
    past = case.past
    if past is None:
        return
    record = past.record
    fields = {"n": past.n, "incident": record.incident, "policy": record.policy[:12], "engine": record.engine}
    yield teller.say("same" if past.same else "differs", **fields)
    if not past.same:
        yield teller.say("was", rows=_rows_of(teller, record.because), **fields)
    if record.policy != past.policy.digest:
        yield teller.say("other-policy", **fields)


def _event(teller: Teller, explained: Explained) -> Iterator[str]:
    event = explained.case.event
    parts = [_what(teller, event)]
    if event.text:
        parts.append(event.lang or teller.say("no-language"))
    parts += [teller.when(event.seen_at), *_hours(teller, explained)]
    yield " · ".join(parts)
    if event.text:
        yield " ".join(event.text.split())[:SHOWN]


def _what(teller: Teller, event: Event) -> str:
    if not event.channel:
        return event.type
    where = event.channel if event.public else teller.say("private", where=event.channel)
    if event.type in ENGINE_TYPES:
        return teller.say("own-event", type=event.type, where=where)
    who = event.by or event.author.handle or event.author.name or teller.say("somebody")
    if event.author.followers is not None:
        who = teller.say("followers", who=who, count=f"{event.author.followers:,}")
    key = "received" if event.type == "message.received" else "typed"
    return teller.say(key, where=where, who=who, type=event.type)


def _hours(teller: Teller, explained: Explained) -> Iterator[str]:
    """Whether the department that answers is open, and when it opens."""
    decision = explained.found.decision
    department = teller.policy.departments.get(decision.incident.department)
    if department is not None:
        yield _hours_of(teller, department, decision.now)


def _hours_of(teller: Teller, department: Department, now: int) -> str:
    if not department.calendar or (hours := teller.policy.calendars[department.calendar].hours).is_open(now):
        return teller.say("open", department=department.id)
    try:
        return teller.say("closed", department=department.id, opens=teller.when(hours.next_open(now)))
    except NeverOpens:
        return teller.say("closed-for-good", department=department.id)


def _decision(teller: Teller, found: Explanation) -> Iterator[str]:
    because, department = found.decision.because, found.decision.incident.department
    rows = [verdict for section in SECTIONS for verdict in found.deciding(section)]
    if because.ignore:
        head = teller.say("ignored", row=because.ignore, reason=because.reason)
    elif because.respond:
        head = teller.say("answers", department=department, respond=because.respond, target=because.target)
    else:
        head = "" if any(verdict.section not in BESIDE for verdict in rows) else teller.say("no-rows")
    yield " · ".join(part for part in (head, teller.say("by", digest=teller.policy.digest[:12])) if part)
    for verdict in rows:
        yield from _row(teller, found, verdict)


def _row(teller: Teller, found: Explanation, verdict: Verdict) -> Iterator[str]:
    """A row that took part in the decision: its place, its number, what it sets, and its tests."""
    notes = [place] if (place := _place(verdict)) else []
    if len(rows := [each for each in found.section(verdict.section) if each.reason is not None]) > 1:
        notes.append(teller.say("nth", nth=rows.index(verdict) + 1, all=len(rows)))
    if verdict.department:
        notes.append(teller.say("own", department=verdict.department))
    if verdict.section == "limits":
        notes.append(teller.say("counts"))
    if verdict.sets:
        notes.append(teller.say("sets", facts=teller.facts(verdict.sets)))
    yield "  ".join([_name(verdict), *notes])
    yield from _tests(teller, verdict)


def _name(verdict: Verdict) -> str:
    return verdict.section if verdict.section == verdict.id else f"{verdict.section} `{verdict.id}`"


def _place(verdict: Verdict) -> str:
    return f"{verdict.span.file}:{verdict.span.line}" if verdict.span is not None else ""


def _tests(teller: Teller, verdict: Verdict) -> Iterator[str]:
    found = verdict.reason
    if found is None:
        return
    if found.kind == ALL and found.parts:
        for part in found.parts:
            yield from _tree(teller, part, "  ")
    else:
        yield from _tree(teller, found, "  ")


def _tree(teller: Teller, found: Reason, indent: str) -> Iterator[str]:
    """The tests as they are nested, each with its sign."""
    if found.check is not None:
        yield indent + _check(teller, found.check)
        return
    sign = _sign(found.holds)
    if not found.parts:
        yield f"{indent}{sign} {teller.say('always' if found.kind == ALL else 'never')}"
        return
    yield f"{indent}{sign} {teller.say(found.kind)}:"
    for part in found.parts:
        yield from _tree(teller, part, indent + "  ")


def _sign(holds: bool) -> str:
    return "✓" if holds else "✗"


def _check(teller: Teller, check: Checked) -> str:
    return f"{_sign(check.holds)} {_said(teller, check)}"


def _said(teller: Teller, check: Checked) -> str:
    """The test and, where it does not say so itself, the value it met. Of a text that is only what was found."""
    sentence = say_test(_shortened(teller, check), teller.language)
    if not check.wanted:
        sentence = teller.say("not", test=sentence)
    if check.test.kind == "text" or (check.passed and check.test.operator in ("equals", "has")):
        return sentence
    return f"{sentence}  ({teller.value(check.test.fact, check.value)})"


def _shortened(teller: Teller, check: Checked) -> Test:
    """Long lists by what counts: what was found in a text, else their beginning."""
    test = check.test
    if isinstance(test.written, str) or not isinstance(test.operand, tuple):
        return test
    operator = OPERATORS[test.operator]
    pairs = list(zip(test.written, test.operand, strict=False)) if test.kind == "text" else []
    listed = [written for written, operand in pairs if operator.test(check.value, (operand,))] or list(test.written)
    left = len(test.written) - len(listed[:MOST_LISTED])
    more = [teller.say("and-more", count=left)] if left else []
    return replace(test, written=(*listed[:MOST_LISTED], *more))


def _plan(teller: Teller, following: Iterable[Happening]) -> list[str]:
    rows = [(teller.when(each.at), *told) for each in following if (told := _happening(teller, each)) is not None]
    return table(rows, indent="").splitlines() if rows else [teller.say("nothing-follows")]


def _happening(teller: Teller, each: Happening) -> tuple[str, str] | None:
    """What happens and its details; None for what only the engine cares about."""
    if each.delivery is not None:
        return _delivery(teller, each.delivery)
    return _note(teller, each.note) if each.note is not None else None


def _delivery(teller: Teller, delivery: Delivery) -> tuple[str, str]:
    parameters = delivery.parameters
    if delivery.action == "notify":
        return teller.say("tell", person=delivery.person), str(parameters.get("subject", ""))
    return delivery.action, str(parameters.get("template", parameters.get("text", "")))


def _note(teller: Teller, note: Note) -> tuple[str, str] | None:
    step = teller.say(note.step) if note.step in ("reply", "apologise", "resolve", "rule") else note.step
    match note.kind:
        case "duty-opened":
            deadline, since = note.deadline or note.at, note.since or note.at
            said = teller.say("within", length=teller.lasts(deadline - since), deadline=teller.when(deadline))
            return teller.say("promised", step=step), said
        case "duty-breached":
            return teller.say("breached", step=step), teller.say("passed")
        case "draft-asked":
            return teller.say("draft", step=step), teller.say("waits-for", person=note.person)
        case "undecided":
            return teller.say("undecided"), note.because
        case "suppressed":
            return teller.say("suppressed"), f"{note.subject}: {note.because}"
    return None


def _near(teller: Teller, verdict: Verdict) -> Iterator[str]:
    turning = verdict.reason.turning if verdict.reason is not None else ()
    tests = teller.say("or").join(_said(teller, check) for check in turning)
    yield "  ".join(part for part in (_name(verdict), _place(verdict), teller.say("one-away", test=tests)) if part)


def _alternative(teller: Teller, now: Done, other: Alternative) -> str:
    fact, value = other.fact, teller.value
    fields = {"fact": fact, "before": value(fact, other.before), "after": value(fact, other.after)}
    then = teller.say("list").join(_differences(teller, now, other.done))
    if other.at is None:
        return teller.say("changed", **fields, done=then)
    return teller.say("changed-hours", **fields, done=then, when=teller.when(other.at))


def _differences(teller: Teller, now: Done, then: Done) -> Iterator[str]:
    """What is done otherwise, the greatest differences first."""
    if then.ignored:
        yield teller.say("then-ignored", row=then.ignored)
        return
    if now.ignored:
        yield teller.say("then-answered")
    if then.department != now.department:
        yield teller.say("then-department", department=then.department)
    if then.respond != now.respond:
        yield teller.say("then-respond", row=then.respond)
    if then.target != now.target:
        yield teller.say("then-target", row=then.target)
    yield from (teller.say("then-fires", row=row) for row in then.rules if row not in now.rules)
    yield from (teller.say("then-silent", row=row) for row in now.rules if row not in then.rules)
    if then.says != now.says:
        says = teller.say("list").join(then.says)
        yield teller.say("then-says", says=says) if says else teller.say("then-says-nothing")
    if then.reply_within is not None and then.reply_within != now.reply_within:
        yield teller.say("then-within", length=teller.lasts(then.reply_within))


def _why_not(teller: Teller, verdict: Verdict) -> Iterator[str]:
    fields = {"instead": verdict.instead, "department": verdict.department, "due": teller.when(verdict.due)}
    fate = say_fate(teller.language, verdict.outcome, **fields)
    yield "  ".join(part for part in (_name(verdict), _place(verdict), fate) if part)
    yield from _tests(teller, verdict)
