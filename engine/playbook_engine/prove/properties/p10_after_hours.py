"""P10: whoever writes while nobody is there hears of us before machines have to give up."""

from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from playbook_engine.decide.releasing import leaves_by_itself
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.policy import Response
from playbook_engine.prove.case import NOT_SHOWN, Case
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.promises import Promise, promises
from playbook_engine.prove.replay import Replayed, replay, settled, waited
from playbook_engine.prove.values import OneOf
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for row in promises(case.policy, case.since, case.until, ("acknowledgement",)):
        if row.longest is None:
            continue
        who = f"the acknowledgement by `{row.department}`"
        evidence = tuple(each for each in (f"written {row.written}", row.reason) if each)
        if row.longest.lasts is not None:
            length = f"within {say_duration(row.longest.lasts)}" if row.longest.lasts else "at once"
            yield Detail("holds", f"{who} leaves {length}", evidence=evidence if row.longest.lasts else ())
        else:
            yield replace(_held_too_long(case, row, who), evidence=evidence)


def _held_too_long(case: Case, row: Promise, who: str) -> Detail:
    """What comes of the message that waits longest, where there is one that is acknowledged so."""
    limit = say_duration(case.policy.answer_within_max)
    said = f"{who} is not held for more than {limit}, after which only a person may send it"
    plain = tuple(_held(case, row))
    if case.prover.ask(*plain, conflicts=case.budget).kind == "no":
        return Detail("holds", said)
    assert row.longest is not None
    at = row.longest.at
    shown = case.witnesses.show(*plain, *_first_at(case, at))
    if shown.replayed is None:
        return Detail("inconclusive", f"{said}: {case.gave_up if shown.kind == 'gave-up' else NOT_SHOWN}")
    moved = replay(case.policy, (structs.replace(shown.replayed.event, at=at, seen_at=at),))
    if moved.rows != shown.replayed.rows or not _left_to_people(case, row, moved):
        return Detail("inconclusive", f"{said}: {NOT_SHOWN}")
    return Detail(
        "broken", f"{who} is held for more than {limit}; after that only a person may send it", None, (moved,)
    )


def _first_at(case: Case, at: int) -> Iterator[Formula]:
    """The first message of an incident, seen when it is written, while the same calendars are open as at `at`."""
    inputs = case.prover.first.inputs
    yield inputs.one_of("now").when(inputs.situation_at(at))
    yield -inputs.ranked("incident.messages").reaches[1]
    yield from (-inputs.flag(name) for name in ("late", "edited", "known_before"))
    yield -case.prover.first.human_only


def _left_to_people(case: Case, row: Promise, replayed: Replayed) -> bool:
    """Whether nothing has left when the department opens, and a person is asked."""
    incident = settled(case.policy, (replayed.decision,))
    opening = row.closed[1] if row.closed is not None else case.until
    before = waited(case.policy, incident, opening - 1)
    after = waited(case.policy, before, opening)
    return not before.public_turns and any(draft.delivery.step == "reply" for draft in after.drafts)


def _held(case: Case, row: Promise) -> Iterator[Formula]:
    """When one of the row's responses meets a message while the department is shut."""
    first, formulas = case.prover.first, case.prover.formulas
    rows = ((response, when) for response, when in first.response_rows() if _acknowledges(response))
    yield formulas.any(when for response, when in rows if not row.responses or response.id in row.responses)
    yield first.home.when(row.department)
    hours = first.scopes["respond"].facts["department.open"]
    assert isinstance(hours, OneOf)
    yield hours.when(False)


def _acknowledges(response: Response) -> bool:
    """Whether its reply is a text that leaves by itself; what actions find out may well wait for somebody."""
    return response.reply.kind == "send" and leaves_by_itself(response.reply)


PROPERTY = Property("P10", "an acknowledgement is never held until it is too late to send", check)
