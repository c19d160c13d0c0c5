"""What an auditor asks of a playbook: claims, the least reason of a no, and a timeline for every yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook_engine.model.decision import Decision
from playbook_engine.policy.conditions import Condition, Test, make_test
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.policy import Policy, Target
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.outcomes import Bounds
from playbook_engine.prove.prover import Prover
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.times import Situation, situations
from playbook_engine.prove.witness import Witnesses
from playbook_engine.runtime.playbooks import load
from story import DAY, HOUR, MONDAY, compiled

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


def claim(fact: str, kind: str, written: str, operator: str = "") -> Test:
    """A test of an outcome."""
    return make_test(fact, FactType(fact, kind), written, operator)


def prover_of(policy: Policy, *more: Condition) -> Prover:
    return Prover(policy, MONDAY, more=more)


@pytest.mark.parametrize("name", ["minimal", "minato", "airline"])
def test_every_row_of_the_shipped_playbooks_is_shown_to_decide_something(name: str) -> None:
    policy = load(PLAYBOOKS / name).policy
    assert policy is not None
    prover = Prover(policy, MONDAY)
    witnesses = Witnesses(prover)
    assert {row: witnesses.show(prover.wins(row)).kind for row in prover.first.rows} == dict.fromkeys(
        prover.first.rows, "shown"
    )


@pytest.mark.parametrize("name", ["minato", "airline"])
def test_what_the_shipped_playbooks_claim_is_proved_and_not_for_want_of_cases(name: str) -> None:
    policy = load(PLAYBOOKS / name).policy
    assert policy is not None
    prover = Prover(policy, MONDAY)
    for proof in policy.proofs:
        assumed = prover.condition(proof.assume, "assume")
        broken = prover.ask(prover.first.oriented, assumed, -prover.condition(proof.claim, "assert"))
        assert broken.kind == "no", proof.id
        assert prover.ask(prover.first.oriented, assumed).kind == "yes", proof.id


def test_a_row_behind_one_that_takes_all_of_its_messages_never_decides_and_the_core_names_that_one() -> None:
    policy = compiled(
        replaced={
            "route:\n": "route:\n  - {id: x, when: {channel: x}, to: care}\n"
            "  - {id: loud, when: {channel: x, severity: critical}, to: care}\n"
        }
    )
    prover = prover_of(policy)
    loud, other = RowName("route", "loud"), RowName("route", "x")
    assert prover.ask(prover.wins(loud)).kind == "no"
    answer = prover.ask(prover.matches(loud), *(-prover.wins(row) for row in prover.rows("route") if row != loud))
    assert prover.smaller(answer.core, prover.matches(loud)) == (prover.matches(loud), -prover.wins(other))


def test_a_row_that_needs_what_only_itself_would_set_never_matches() -> None:
    policy = compiled(
        replaced={"classify:\n": "classify:\n  - {id: echo, when: {topics: delivery}, set: {topics: delivery}}\n"},
        more="rules:\n  late: {when: {topics: delivery}, do: [{notify: ann}]}\n",
    )
    prover = prover_of(policy)
    assert prover.out_of_reach == {"topics": ["delivery"]}
    assert prover.ask(prover.wins(RowName("rules", "late"))).kind == "no"


def only(replayed: Replayed | None) -> Decision:
    assert replayed is not None
    return replayed.decision


def test_what_needs_a_history_is_shown_as_one() -> None:
    rules = "rules:\n"
    for name, when in HISTORIES.items():
        rules += f"  {name}: {{when: {when}, do: [{{notify: ann}}]}}\n"
    prover = prover_of(compiled(more=rules))
    witnesses = Witnesses(prover)
    for name in HISTORIES:
        shown = witnesses.show(prover.wins(RowName("rules", name)))
        assert shown.kind == "shown", name
        assert shown.replayed is not None
        assert len(shown.replayed.events) > 1, name
        assert name in shown.replayed.decision.because.rules


HISTORIES = {
    "third": "{incident.messages: {gte: 3}}",
    "again": "{incident.reopened: true, kind: fault}",
    "talked": "{incident.public_turns: {gte: 2}}",
    "taken": "{incident.stage: acknowledged}",
    "old": "{incident.age: {gte: 8d}, severity: critical}",
    "urgent": "{incident.level: {gte: 1}}",
    "changed": "{kind: fault, message.kind: praise}",
}


def test_spending_adds_up_what_is_offered_where_it_is_offered() -> None:
    offers = "[{coupon: {amount: 3000 JPY}}, {when: {topics: injury}, refund: {amount: 500 JPY}}]"
    policy = compiled(replaced={"[{coupon: {amount: 3000 JPY}}]": offers})
    most = [claim("spend", "money", amount, "lte") for amount in ("3499 JPY", "3500 JPY")]
    prover = prover_of(policy, *most)
    too_little, enough = (prover.condition(each, "assert") for each in most)
    assert prover.ask(prover.first.oriented, -enough).kind == "no"
    shown = Witnesses(prover).show(prover.first.oriented, -too_little)
    facts = only(shown.replayed).incident.facts
    assert (facts["kind"], facts["topics"]) == ("fault", ("damage", "injury"))


def test_a_promise_in_elapsed_time_is_exact_and_later_rounds_have_their_own() -> None:
    within = [claim("reply.due_in", "duration", time, "lte") for time in ("15m", "1h", "2h")]
    prover = prover_of(compiled(), *within)
    quarter, hour, two = (prover.condition(each, "assert") for each in within)
    reply, critical = prover.outcome("target", "rest"), prover.outcome("target", "critical")
    assert prover.ask(critical, -quarter).kind == "no"
    assert prover.ask(reply, -two).kind == "no"
    later = prover.first.inputs.flag("later_round")
    assert prover.ask(reply, -later, -hour).kind == "no"
    assert prover.ask(reply, later, -hour).kind == "yes"


def test_a_promise_in_open_time_is_as_good_as_the_table_that_is_given() -> None:
    claimed = claim("resolve.due_in", "duration", "3d", "lte")
    policy = compiled()

    def table(target: Target, step: str, department: str, situation: Situation) -> Bounds:
        return (DAY, 2 * DAY) if "desk" in situation.open else (DAY, 5 * DAY)

    told = Prover(policy, MONDAY, more=[claimed], promises=table)
    holds, owed = told.condition(claimed, "assert"), told.outcome("resolve.step", "by_hand")
    rest, closed = (
        told.outcome("target", "rest"),
        -told.condition(claim("department.was_open", "flag", "true"), "assert"),
    )
    assert told.ask(rest, owed, -holds, -closed).kind == "no"
    assert told.ask(rest, owed, -holds, closed).kind == "yes"
    untold = Prover(policy, MONDAY, more=[claimed])
    assert untold.ask(untold.outcome("target", "rest"), -untold.condition(claimed, "assert")).kind == "yes"


def test_two_messages_that_differ_in_one_thing_can_be_compared() -> None:
    prover = prover_of(compiled())
    other = prover.second({"author.followers", "lang"})
    for name in ("critical", "rest"):
        one, two = prover.outcome("target", name), prover.outcome("target", name, other)
        assert prover.ask(one, -two).kind == "no", "fame or language changes the target"
    differing = prover.second({"text"})
    assert prover.ask(prover.outcome("target", "rest"), prover.outcome("target", "critical", differing)).kind == "yes"


def test_only_situations_that_occur_are_thought_of() -> None:
    found = situations(compiled(), MONDAY, MONDAY + 7 * DAY)
    assert {tuple(sorted(each.open)) for each in found} == {("desk",), ()}
    assert sum(end - begin for each in found for begin, end in zip(each.since, each.until, strict=True)) == 7 * DAY
    assert found[1].since[0] == MONDAY + 9 * HOUR
    prover = prover_of(
        compiled(more="rules:\n  odd: {when: {open.desk: true, open.night: true}, do: [{notify: ann}]}\n")
    )
    assert prover.ask(prover.wins(RowName("rules", "odd"))).kind == "no"
