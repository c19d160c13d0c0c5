"""What a playbook claims itself under `prove`: over every outcome, with an example where it does not hold."""

from __future__ import annotations

import pytest

from playbook_engine.policy.built_in import OUTCOME_FACTS
from playbook_engine.prove.replay import replay
from prove.holding import decided, heavy, playbook, verdict
from story import HOUR

CLOSED = "{incident.messages: 1, department.was_open: false}"
CLAIMS = (
    ("department", "{topics: legal}", "{department: care}", "{department: [night]}"),
    ("target", "{severity: critical}", "{target: critical}", "{target: rest}"),
    ("respond", "{kind: fault}", "{respond: fault}", "{respond: praise}"),
    ("ladder", "{severity: high}", "{ladder: urgent}", "{ladder: standard}"),
    ("spend", "always", "{spend: {lte: 1000 JPY}}", "{spend: {lt: 1000 JPY}}"),
    ("human_only", "{topics: injury}", "{human_only: true}", "{human_only: false}"),
    ("reply.step", "{kind: praise}", "{reply.step: draft}", "{reply.step: send}"),
    ("apologise.step", "{kind: fault}", "{apologise.step: draft}", "{apologise.step: none}"),
    ("resolve.step", "{kind: other}", "{resolve.step: by_hand}", "{resolve.step: [offer, none]}"),
    ("reply.due_in", CLOSED, "{reply.due_in: {lte: 12h}}", "{reply.due_in: {lte: 11h}}"),
    ("reply.due_in", "{severity: critical}", "{reply.due_in: 15m}", "{reply.due_in: {lt: 15m}}"),
    ("apologise.due_in", "{kind: fault, severity: high}", "{apologise.due_in: 1h}", "{apologise.due_in: 2h}"),
    (
        "resolve.due_in",
        "{severity: critical, kind: fault}",
        "{resolve.due_in: {lte: 8h}}",
        "{resolve.due_in: {gt: 8h}}",
    ),
)
TWO = "departments:\n  night: {name: Night, on_duty: head, lead: head}\n"


def claiming(assume: str, claim: str, more: str = TWO) -> str:
    return f"{more}prove:\n  - {{id: it, assume: {assume}, assert: {claim}}}\n"


def ids(case: tuple[str, ...]) -> str:
    return f"{case[0]} {case[1]}"


@pytest.mark.parametrize(("fact", "assume", "so", "not_so"), CLAIMS, ids=lambda each: each)
def test_what_holds_of_an_outcome_is_proved_and_what_does_not_is_shown(
    fact: str, assume: str, so: str, not_so: str
) -> None:
    assert verdict("it", playbook(claiming(assume, so))).kind == "holds"
    policy = playbook(claiming(assume, not_so))
    (broken,) = verdict("it", policy).details
    assert (broken.kind, str(broken.place)) == ("broken", "example.yaml:4:5")
    (shown,) = broken.replayed
    assert replay(policy, shown.events) == shown


def test_claims_are_tried_over_every_outcome_there_is() -> None:
    assert {fact for fact, *_ in CLAIMS} == {fact.name for fact in OUTCOME_FACTS}


def test_the_example_is_due_exactly_as_the_claim_says_it_never_is() -> None:
    """Between 17:00 and 18:00 an hour of open time runs into the closed hours; that the engine has to show."""
    policy = playbook(
        "targets:\n  - {id: rest, when: always, reply: {open_time: 1h}, escalate: standard}\n"
        + claiming("{incident.messages: 1, department.was_open: true}", "{reply.due_in: {lte: 1h}}")
    )
    (broken,) = verdict("it", policy).details
    (shown,) = broken.replayed
    assert broken.said == "a message that is assumed breaks it"
    (reply,) = shown.decision.incident.duties
    assert reply.deadline - reply.since > HOUR
    assert decided(shown) == ("respond rest", "route rest", "targets rest")


def test_what_every_row_sets_together_is_remembered_together() -> None:
    """Only a row that sets the severity too sets the injury, so no incident has the one without the other."""
    assert verdict("it", playbook(claiming("{topics: injury}", "{target: critical}"))).kind == "holds"
    apart = "classify:\n  - {id: late, when: {text: {contains: [遅い]}}, set: {topics: injury}}\n"
    found = verdict("it", playbook(claiming("{topics: injury}", "{target: critical}", apart)))
    assert found.kind == "broken"
    assert [event.text for event in found.details[0].replayed[0].events] == ["遅い"]


def test_a_claim_about_nothing_is_not_taken_for_a_proof() -> None:
    policy = playbook(claiming("{all: [{channel: x}, {channel: email}]}", "{spend: {lte: 0 JPY}}"))
    (only,) = verdict("it", policy).details
    assert (only.kind, only.said) == ("broken", "no message meets what is assumed, so nothing is claimed")


def test_what_is_too_much_for_the_budget_is_neither_proved_nor_broken() -> None:
    policy = playbook(heavy("it"))
    assert verdict("it", policy).kind == "holds"
    found = verdict("it", policy, budget=1)
    assert found.kind == "inconclusive"
    assert "allow more with --budget" in found.details[0].said
