"""A condition with what became of it: the tree of its tests, and which single test would have turned it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.explain.reasons import ALL, ANY, TEST, Reason, reason
from playbook_engine.policy.conditions import All, Always, Any, Condition, Not, Test, each_test, holds, make_test
from playbook_engine.policy.policy import FactType

NUMBER = FactType("author.followers", "number", least=0)
NAMES = ("a", "b", "c", "d")
LETTERS = {name: make_test(name, FactType(name, "flag"), "true") for name in NAMES}
MANY = make_test("author.followers", NUMBER, "1000", "gte")

trees = st.recursive(
    st.one_of(st.just(Always()), st.sampled_from(list(LETTERS.values()))),
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
        below.map(Not),
    ),
    max_leaves=8,
)
known = st.fixed_dictionaries({name: st.booleans() for name in NAMES})


def of(condition: Condition, **facts: bool | int) -> Reason:
    return reason(condition, facts)


def test_every_test_is_shown_with_the_value_it_met() -> None:
    found = of(All((LETTERS["a"], Not(LETTERS["b"]), Any((LETTERS["c"], MANY)))), a=True, b=True, c=True)

    assert not found.holds
    assert [(one.test.fact, one.value, one.passed, one.wanted, one.holds) for one in found.checks] == [
        ("a", True, True, True, True),
        ("b", True, True, False, False),
        ("c", True, True, True, True),
        ("author.followers", None, False, True, False),
    ]


@given(trees, known)
def test_a_reason_shows_every_test_and_agrees_with_the_condition(condition: Condition, facts: dict[str, bool]) -> None:
    found = reason(condition, facts)

    assert found.holds == holds(condition, facts)
    assert [check.test for check in found.checks] == list(each_test(condition))
    assert all(check.passed == holds(check.test, facts) for check in found.checks)


@given(trees, known)
def test_a_turning_test_is_one_that_alone_would_have_made_it_hold(condition: Condition, facts: dict[str, bool]) -> None:
    found = reason(condition, facts)
    alone = {name for name in NAMES if holds(condition, {**facts, name: not facts[name]})}

    assert {check.test.fact for check in found.turning} == (set() if found.holds else alone)


@given(trees, known)
def test_negations_are_carried_down_to_the_tests(condition: Condition, facts: dict[str, bool]) -> None:
    def plain(found: Reason) -> bool:
        if found.kind == TEST:
            return found.holds
        held = [plain(part) for part in found.parts]
        return all(held) if found.kind == ALL else any(held)

    assert plain(reason(Not(condition), facts)) == (not holds(condition, facts))


def test_one_part_alone_is_itself_and_like_in_like_is_flat() -> None:
    a, b, c = (LETTERS[name] for name in "abc")

    assert of(All((Any((a,)),))).kind == TEST
    assert of(All((a, All((b, c))))).kind == ALL
    assert [part.kind for part in of(Not(All((a, Any((b, c)))))).parts] == [TEST, ALL]
    assert of(Not(All((a, b)))).kind == ANY


def test_a_single_test_is_no_near_miss_unless_it_compares_amounts() -> None:
    assert not of(LETTERS["a"], a=False).came_close
    assert of(All((LETTERS["a"], LETTERS["b"])), a=True, b=False).came_close
    assert of(MANY, **{"author.followers": 999}).came_close
    assert not of(MANY).came_close


def test_what_holds_or_is_two_tests_away_came_not_close() -> None:
    three = All(tuple(LETTERS[name] for name in "abc"))

    assert not of(three, a=True, b=True, c=True).came_close
    assert not of(three, a=True, b=False, c=False).came_close


def test_the_same_test_in_two_places_turns_both() -> None:
    a, b = LETTERS["a"], LETTERS["b"]
    found = of(All((a, Any((a, b)))), a=False, b=False)

    assert [check.test for check in found.turning] == [a]
    assert isinstance(found.checks[0].test, Test)
