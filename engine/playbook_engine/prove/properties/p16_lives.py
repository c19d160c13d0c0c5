"""P16: every life an incident can live: steps in their order, one voice, nobody forgotten, and an end.

The lives are walked outright in a model (automaton.py). What breaks there is shown only where a message exists that
begins such a life, and the engine tells the rest of the story too.
"""

from collections.abc import Iterator

from playbook_engine.prove.automaton import ENDLESS, FORGOTTEN, ORDER, VOICE, Violation, lives
from playbook_engine.prove.case import NOT_SHOWN, Case
from playbook_engine.prove.confirming import confirmed
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.life import Switches
from playbook_engine.prove.switches import Origin
from playbook_engine.prove.verdict import Detail, Property
from playbook_engine.prove.vocabulary import responses_of

_BROKEN = {
    ORDER: "the {} speaks while an earlier step is still owed",
    VOICE: "two automatic messages answer one message of a customer",
    FORGOTTEN: "the {} is owed, no timer runs, and nobody has been told",
    ENDLESS: "the {} is owed and nobody can meet it any more",
}


def check(case: Case) -> Iterator[Detail]:
    found = lives(case.policy)
    said = "no incident speaks out of order or with two voices, is forgotten or never ends"
    walked = f"{found.states:,} states in {len(found.walks)} kinds of life"
    apart = [_judged(case, *each) for each in found.violations]
    yield from (each for each in apart if each.kind != "holds")
    if not found.complete:
        yield Detail("inconclusive", f"{said}: there are more states than are visited", evidence=(walked,))
    elif all(each.kind == "holds" for each in apart):
        yield Detail("holds", said, evidence=(walked,))


def _judged(case: Case, given: Switches, origin: Origin, violation: Violation) -> Detail:
    """Whether a message begins such a life, and the engine breaks the same as the model. Else it holds."""
    place = next((row.span for row in responses_of(case.policy) if row.id == origin.response), None)
    so = _BROKEN[violation.kind].format(violation.step)
    said = f"under `{origin.response}` and `{origin.target}`: {so}"
    shown = case.witnesses.show(*_begins(case, given, origin))
    if shown.kind == "no":
        return Detail("holds", f"no message brings together `{origin.response}` and `{origin.target}`", place)
    evidence = (f"as it goes on: {', '.join(violation.trace)}",)
    if shown.replayed is None or len(shown.replayed.events) > 1:
        why = case.gave_up if shown.kind == "gave-up" else NOT_SHOWN
        return Detail("inconclusive", f"{said}: {why}", place, evidence=evidence)
    if not confirmed(case.policy, shown.replayed.event, violation):
        return Detail("inconclusive", f"{said} in the model, but not in the engine", place, evidence=evidence)
    return Detail("broken", said, place, (shown.replayed,), evidence)


def _begins(case: Case, given: Switches, origin: Origin) -> Iterator[Formula]:
    first, formulas = case.prover.first, case.prover.formulas
    yield formulas.any(when for row, when in first.response_rows() if row.id == origin.response)
    yield case.wins("targets", origin.target)
    yield -first.inputs.ranked("incident.messages").reaches[1]
    yield -first.inputs.flag("edited")
    yield first.human_only if given.asked == "human-only" else -first.human_only
    listening = first.inputs.one_of("origin").when("listening")
    yield listening if given.asked == "listening" else -listening


PROPERTY = Property("P16", "no incident speaks out of order or with two voices, is forgotten or never ends", check)
