"""SEMANTICS 4: conditions over facts, of which any may be missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.model.event import FactValue
from playbook_engine.policy.conditions import (
    All,
    Always,
    Any,
    Condition,
    Not,
    Test,
    facts_read,
    holds,
    make_test,
    texts_read,
)
from playbook_engine.policy.fold import fold
from playbook_engine.policy.policy import FactType

TEXT = FactType("text", "text")
KIND = FactType("kind", "name", ("fault", "praise", "other"))
SEVERITY = FactType("severity", "ordered", ("normal", "high", "critical"))
TOPICS = FactType("topics", "set", ("billing", "delivery", "injury"))
VIP = FactType("vip", "flag")
FOLLOWERS = FactType("author.followers", "number")

VIP_IS = make_test("vip", VIP, "true")
FAULT = make_test("kind", KIND, "fault")
GRAVE = make_test("severity", SEVERITY, "high", "gte")
MANY = make_test("author.followers", FOLLOWERS, "1000", "gt")
BILLING = make_test("topics", TOPICS, "billing")
BURNT = make_test("text", TEXT, ("やけど", "burnt"), "contains")
LEAVES = (VIP_IS, FAULT, GRAVE, MANY, BILLING, BURNT)

trees: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from((*LEAVES, Always())),
    lambda parts: st.one_of(
        parts.map(Not),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: All(tuple(some))),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: Any(tuple(some))),
    ),
    max_leaves=8,
)
facts: st.SearchStrategy[dict[str, FactValue]] = st.fixed_dictionaries(
    {"topics": st.sets(st.sampled_from(TOPICS.values)).map(lambda held: tuple(sorted(held)))},
    optional={
        "vip": st.booleans(),
        "kind": st.sampled_from(KIND.values),
        "severity": st.sampled_from(SEVERITY.values),
        "author.followers": st.integers(0, 2000),
        "text": st.sampled_from(("i got burnt", "hello", "")),
    },
)


def test_all_any_and_not_combine_tests() -> None:
    condition = All((Any((FAULT, GRAVE)), Not(VIP_IS)))
    assert holds(condition, {"kind": "fault", "vip": False})
    assert holds(condition, {"severity": "critical"})
    assert not holds(condition, {"kind": "fault", "vip": True})
    assert not holds(condition, {"kind": "praise", "severity": "normal"})
    assert holds(Always(), {})


def test_a_missing_fact_fails_its_test_and_passes_the_not_of_it() -> None:
    for test in LEAVES:
        assert not holds(test, {})
        assert holds(Not(test), {})


def test_exists_asks_whether_there_is_a_value() -> None:
    there, not_there = make_test("vip", VIP, "true", "exists"), make_test("vip", VIP, "false", "exists")
    assert (holds(there, {"vip": False}), holds(not_there, {"vip": False})) == (True, False)
    assert (holds(there, {}), holds(not_there, {})) == (False, True)


def test_a_set_is_never_missing_so_nobody_asks_whether_it_exists() -> None:
    with pytest.raises(ValueError, match="`exists` cannot be asked of `topics`, which is a set"):
        make_test("topics", TOPICS, "true", "exists")
    assert not holds(BILLING, {"topics": ()})


def test_a_flag_is_not_the_number_one() -> None:
    assert not holds(make_test("author.followers", FOLLOWERS, "1"), {"author.followers": True})
    assert not holds(VIP_IS, {"vip": 1})


def test_texts_are_compared_folded() -> None:
    assert holds(BURNT, {"text": fold("I got ＢＵＲＮＴ")})
    assert holds(make_test("text", TEXT, "Ｒefund"), {"text": fold("REFUND")})


def test_an_operator_that_does_not_read_the_kind_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"^`gt` cannot be asked of `message\.kind`, which is a name; write a value, a list, or one of exists$",
    ):
        make_test("message.kind", KIND, "fault", "gt")


def test_a_fact_is_read_under_its_own_name_with_the_type_of_another() -> None:
    test = make_test("message.kind", KIND, ("fault", "praise"))
    assert (test.fact, test.operator, test.written) == ("message.kind", "one_of", ("fault", "praise"))
    assert holds(test, {"message.kind": "praise", "kind": "other"})


def test_a_condition_says_which_facts_and_which_free_texts_it_reads() -> None:
    condition = All((Not(Any((BURNT, FAULT))), make_test("author.name", FactType("author.name", "text"), "x")))
    assert facts_read(condition) == {"text", "kind", "author.name"}
    assert texts_read(condition) == {"text", "author.name"}
    assert facts_read(Always()) == frozenset()


def test_the_trees_are_values() -> None:
    again = make_test("kind", KIND, "fault")
    assert again == FAULT
    assert hash(All((again, Not(again)))) == hash(All((FAULT, Not(FAULT))))
    assert make_test("text", TEXT, "a+", "matches") == make_test("text", TEXT, "a+", "matches")
    assert len({All((FAULT,)), Any((FAULT,)), Not(FAULT), FAULT, again}) == 4
    assert repr(FAULT) == "Test(fact='kind', kind='name', operator='equals', written='fault', operand='fault')"


def by_definition(condition: Condition, facts: dict[str, FactValue]) -> bool:
    match condition:
        case Always():
            return True
        case All(parts):
            return all(by_definition(part, facts) for part in parts)
        case Any(parts):
            return any(by_definition(part, facts) for part in parts)
        case Not(part):
            return not by_definition(part, facts)
        case Test():
            return {
                "vip": facts.get("vip") is True,
                "kind": facts.get("kind") == "fault",
                "severity": facts.get("severity") in ("high", "critical"),
                "author.followers": isinstance(many := facts.get("author.followers"), int) and many > 1000,
                "topics": isinstance(held := facts["topics"], tuple) and "billing" in held,
                "text": "burnt" in str(facts.get("text", "")),
            }[condition.fact]


@given(trees, facts)
def test_a_tree_holds_as_its_parts_say(condition: Condition, known: dict[str, FactValue]) -> None:
    assert holds(condition, known) == by_definition(condition, known)


@given(trees, facts)
def test_only_the_facts_named_matter(condition: Condition, known: dict[str, FactValue]) -> None:
    read = {name: value for name, value in known.items() if name in facts_read(condition) or name == "topics"}
    assert holds(condition, read) == holds(condition, known)
