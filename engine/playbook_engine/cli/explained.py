"""How an explanation is printed."""

from __future__ import annotations

from collections.abc import Iterable

import click
from msgspec import to_builtins

from playbook_engine.cli.output import moment, say_duration, table
from playbook_engine.explain.plan import Happening
from playbook_engine.explain.sentences import say_test, say_value
from playbook_engine.explain.why import Explanation, Verdict
from playbook_engine.model.event import Event
from playbook_engine.policy.conditions import Checked
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.zones import load_zone

SHOWN = 300
"""Characters of the text that are shown."""


def print_explanation(
    policy: Policy,
    event: Event,
    found: Explanation,
    following: Iterable[Happening],
    why_not: str | None,
    language: str,
) -> None:
    """Event, decision with its reasons, plan, near misses, and why a row did not decide."""
    zone = load_zone(policy.timezone)

    def when(at: int) -> str:
        return f"{moment(at).astimezone(zone):%a %d %b %H:%M}"

    _part("EVENT", [_event(event, when(event.seen_at)), " ".join(event.text.split())[:SHOWN]])
    _part("DECISION", _decision(found, language))
    rows = [(when(each.at), *_happening(each, when)) for each in following if _happening(each, when)[0]]
    _part("PLAN", table(rows, indent="").splitlines() if rows else ["nothing more happens"])
    near = [
        _near(verdict, language) for section in ("route", "respond", "targets") for verdict in found.nearest(section)
    ]
    near += [_near(verdict, language) for verdict in found.nearest("rules")]
    if near:
        _part("ALMOST", near)
    if why_not is not None:
        _part("WHY NOT", [line for verdict in found.of(why_not) for line in _why_not(verdict, language)])


def _part(head: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        click.echo(click.style(f"{head if number == 0 else '':<10}", bold=True) + line)


def _event(event: Event, when: str) -> str:
    who = event.author.handle or event.author.name or "a customer"
    followers = f", {event.author.followers:,} followers" if event.author.followers is not None else ""
    where = event.channel + ("" if event.public else ", private")
    return f"{event.type} on {where} by {who}{followers} · {event.lang or 'language unknown'} · {when}"


def _decision(found: Explanation, language: str) -> list[str]:
    because = found.decision.because
    if because.ignore:
        return [f"ignored by `{because.ignore}`: {because.reason}", *_row(found, "ignore", because.ignore, language)]
    lines = []
    for section, rows in (
        ("classify", because.classify),
        ("route", (because.route,)),
        ("respond", (because.respond,)),
        ("targets", (because.target,)),
        ("rules", because.rules),
    ):
        for row in rows:
            lines += _row(found, section, row, language)
    return lines or ["nothing decides it"]


def _row(found: Explanation, section: str, row: str, language: str) -> list[str]:
    for verdict in found.section(section):
        if verdict.id == row and verdict.outcome in ("decided", "fired"):
            place = f"{verdict.span.file}:{verdict.span.line}"
            return [f"{section} `{row}`  {place}", *(f"  {_check(check, language)}" for check in verdict.checked)]
    return []


def _check(check: Checked, language: str) -> str:
    sign = "✓" if check.holds else "✗"
    seen = "" if check.test.kind == "text" else f"  ({say_value(check.value, language)})"
    return f"{sign} {say_test(check.test, language)}{seen}"


def _happening(each: Happening, when: object) -> tuple[str, str]:
    """What happens and its details; ("", "") for what only the engine cares about."""
    if each.delivery is not None:
        delivery = each.delivery
        if delivery.action == "notify":
            return f"tell {delivery.person}", str(delivery.parameters.get("subject", ""))
        return delivery.action, str(delivery.parameters.get("template", delivery.parameters.get("text", "")))
    note = each.note
    if note is None:
        return "", ""
    match note.kind:
        case "duty-opened":
            left = say_duration((note.deadline or note.at) - (note.since or note.at))
            return f"{note.step} promised", f"within {left}, by {when(note.deadline)}" if callable(when) else left
        case "duty-breached":
            return f"{note.step} breached", "the deadline has passed"
        case "draft-asked":
            return "draft", f"{note.step} waits for {note.person}"
        case "undecided":
            return "undecided", note.because
        case "suppressed":
            return "not said", f"{note.subject}: {note.because}"
    return "", ""


def _near(verdict: Verdict, language: str) -> str:
    place = f"{verdict.span.file}:{verdict.span.line}"
    return f"{verdict.section} `{verdict.id}`  {place}  one test away: {say_test(verdict.failed[0].test, language)}"


def _why_not(verdict: Verdict, language: str) -> list[str]:
    head = f"{verdict.section} `{verdict.id}`: "
    if verdict.outcome in ("decided", "fired"):
        return [head + "it did decide"]
    if verdict.outcome == "earlier":
        return [head + (f"it matches too, but `{verdict.winner}` comes first" if verdict.winner else "it fired before")]
    if verdict.outcome == "later":
        return [head + "it is judged later, see the plan"]
    return [head + "a test failed", *(f"  {_check(check, language)}" for check in verdict.checked)]


def as_json(
    found: Explanation, following: Iterable[Happening], why_not: str | None, language: str
) -> dict[str, object]:
    """The same as plain values."""
    shown = [verdict for verdict in found.verdicts if why_not is None or verdict.id == why_not]
    return {
        "because": to_builtins(found.decision.because),
        "facts": to_builtins(found.facts),
        "rows": [
            {
                "section": verdict.section,
                "id": verdict.id,
                "outcome": verdict.outcome,
                "winner": verdict.winner,
                "file": verdict.span.file,
                "line": verdict.span.line,
                "tests": [
                    {
                        "test": say_test(check.test, language),
                        "value": to_builtins(_plain(check)),
                        "passed": check.holds,
                    }
                    for check in verdict.checked
                ],
            }
            for verdict in shown
        ],
        "plan": [
            {"at": each.at, **to_builtins(each.note or each.delivery)}
            for each in following
            if each.note or each.delivery
        ],
    }


def _plain(check: Checked) -> object:
    return None if check.test.kind == "text" else check.value
