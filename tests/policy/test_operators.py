"""The tests that conditions put to facts: what each takes, what passes it, and what is said of a slip."""

from __future__ import annotations

import re
import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.model.event import FactValue
from playbook_engine.policy import operators
from playbook_engine.policy.fold import fold
from playbook_engine.policy.operator import Operand, OperandError, Operator
from playbook_engine.policy.operators import OPERATORS, WRITTEN, implied
from playbook_engine.policy.patterns import PatternError
from playbook_engine.policy.policy import FactType

TEXT = FactType("text", "text")
KIND = FactType("kind", "name", ("fault", "praise", "other"))
SEVERITY = FactType("severity", "ordered", ("normal", "high", "critical"))
TOPICS = FactType("topics", "set", ("billing", "delivery", "injury"))
VIP = FactType("vip", "flag")
FOLLOWERS = FactType("author.followers", "number")
SPEND = FactType("spend", "money", currency="JPY")
AGE = FactType("incident.age", "duration")
CHANNEL = FactType("channel", "name")
FACTS = (TEXT, KIND, SEVERITY, TOPICS, VIP, FOLLOWERS, SPEND, AGE, CHANNEL)

WRITTEN_FOR = {
    "text": "refund",
    "kind": "fault",
    "severity": "high",
    "topics": "billing",
    "vip": "true",
    "author.followers": "1",
    "spend": "1 JPY",
    "incident.age": "1s",
    "channel": "x",
}

letters = st.text(st.sampled_from("ab1_éß \u0301返金あアー々พิ한किx!-."), max_size=12)
literals = letters.filter(lambda text: fold(text) != "")
values = st.one_of(
    st.booleans(), st.integers(), st.text(), st.lists(st.text(max_size=3)).map(lambda names: tuple(sorted(names)))
)


def asked(name: str, written: str | tuple[str, ...], fact: FactType, value: FactValue) -> bool:
    operator = OPERATORS[name]
    return operator.test(value, operator.prepare(written, fact))


def ready(operator: Operator, fact: FactType) -> Operand:
    return operator.prepare("true" if operator.name == "exists" else WRITTEN_FOR[fact.name], fact)


def test_every_file_of_the_folder_is_one_operator_of_that_name() -> None:
    assert list(OPERATORS) == [
        "contains",
        "ends_with",
        "equals",
        "exists",
        "gt",
        "gte",
        "has",
        "has_all",
        "has_any",
        "lt",
        "lte",
        "matches",
        "one_of",
        "starts_with",
        "words",
    ]
    assert set(OPERATORS) - set(WRITTEN) == {"equals", "has", "has_any", "one_of"}
    assert operators.__doc__


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS)
def test_every_operator_has_a_sentence_in_both_languages(operator: Operator) -> None:
    for language in ("en", "ja"):
        assert operator.say("A", language).count("A") == 1
        assert "{" not in operator.say(("{x}", "B"), language).replace("{x}", "")


def test_a_sentence_follows_the_name_of_the_fact() -> None:
    assert OPERATORS["contains"].say(("burnt", "injured")) == "contains any of burnt, injured"
    assert OPERATORS["contains"].say(("やけど", "怪我"), "ja") == "がやけど、怪我のどれかを含む"
    assert OPERATORS["gte"].say("3") == "is at least 3"


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS)
@given(value=values)
def test_a_value_of_another_kind_never_passes(operator: Operator, value: FactValue) -> None:
    for fact in FACTS:
        if fact.kind not in operator.reads or operator.name == "exists":
            continue
        passed = operator.test(value, ready(operator, fact))
        kinds = {"flag": bool, "set": tuple, "number": int, "money": int, "duration": int}
        if type(value) is not kinds.get(fact.kind, str):
            assert passed is False


@given(st.integers(), st.integers())
def test_of_two_numbers_exactly_one_order_holds(value: int, other: int) -> None:
    def holds(name: str) -> bool:
        return asked(name, str(other), FOLLOWERS, value) if abs(other) < 10**17 else False

    if abs(other) < 10**17:
        assert holds("gt") == (value > other) == (not holds("lte"))
        assert holds("lt") == (value < other) == (not holds("gte"))
        assert holds("equals") == (holds("gte") and holds("lte"))


@pytest.mark.parametrize(
    ("operator", "passing"),
    [
        ("gt", ["critical"]),
        ("gte", ["high", "critical"]),
        ("lt", ["normal"]),
        ("lte", ["normal", "high"]),
        ("equals", ["high"]),
    ],
)
def test_ordered_names_compare_by_rank(operator: str, passing: list[str]) -> None:
    assert [name for name in SEVERITY.values if asked(operator, "high", SEVERITY, name)] == passing


def test_amounts_and_durations_compare_in_minor_units_and_milliseconds() -> None:
    assert asked("lte", "1000 JPY", SPEND, 1000)
    assert not asked("lt", "1000 JPY", SPEND, 1000)
    assert asked("gte", "1h30m", AGE, 5_400_000)
    assert not asked("gt", "1h30m", AGE, 5_400_000)


def test_a_flag_is_not_a_number() -> None:
    assert not asked("equals", "1", FOLLOWERS, True)
    assert not asked("one_of", ("0", "1"), FOLLOWERS, True)
    assert not asked("gte", "0", FOLLOWERS, True)
    assert not asked("equals", "true", VIP, 1)
    assert asked("equals", "true", VIP, True)
    assert asked("equals", "false", VIP, False)


@given(letters, st.lists(literals, min_size=1, max_size=4))
def test_contains_finds_what_is_somewhere_in_the_text(text: str, wanted: list[str]) -> None:
    found = asked("contains", tuple(wanted), TEXT, fold(text))
    assert found == any(fold(literal) in fold(text) for literal in wanted)


@given(letters, st.lists(literals, min_size=1, max_size=4))
def test_a_text_starts_and_ends_with_what_stands_at_its_ends(text: str, wanted: list[str]) -> None:
    folded = [fold(literal) for literal in wanted]
    assert asked("starts_with", tuple(wanted), TEXT, fold(text)) == fold(text).startswith(tuple(folded))
    assert asked("ends_with", tuple(wanted), TEXT, fold(text)) == fold(text).endswith(tuple(folded))


@pytest.mark.parametrize(
    ("literal", "text", "found"),
    [
        ("refund", "please refund me", True),
        ("refund", "REFUND!", True),
        ("refund", "refunds", False),
        ("refund", "prerefund", False),
        ("refund", "refund_id", False),
        ("refund", "refunds refund", True),
        ("refund", "返金refund!", True),
        ("refund", "refundして", True),
        ("refund", "#refund", True),
        ("返金", "早く返金して", True),
        ("返金", "返金refund", True),
        ("返金x", "返金xy", False),
        ("x返金", "yx返金", False),
        ("100", "1000", False),
        ("100", "¥100-", True),
        ("cafe", "café", False),
        ("x", "x\u030c", False),
        ("คืนเงิน", "ขอคืนเงินด้วย", True),
        ("환불", "환불해주세요", False),
        ("환불", "환불 주세요", True),
        ("c++", "c++11", False),
        ("c++", "c++ now", True),
        ("#stock", "my #stock", True),
        ("#stock", "my#stock", False),
        ("out of", "out of stock", True),
        ("क", "कि", False),
    ],
)
def test_words_are_whole_where_the_script_has_spaces(literal: str, text: str, found: bool) -> None:
    assert asked("words", literal, TEXT, fold(text)) is found


def slowly(literal: str, text: str) -> bool:
    """Whole words by the names of the characters, place by place."""

    def unspaced(character: str) -> bool:
        name = unicodedata.name(character, "")
        return re.match("CJK|IDEOGRAPHIC|HIRAGANA|KATAKANA|THAI|LAO|KHMER|MYANMAR", name) is not None

    def spaced(character: str) -> bool:
        return not unspaced(character) and (unicodedata.category(character)[0] in "LMN" or character == "_")

    for at in range(len(text) - len(literal) + 1):
        left, right = text[at - 1 : at] if at else "", text[at + len(literal) : at + len(literal) + 1]
        if text[at : at + len(literal)] == literal:
            bound_left = bool(left) and spaced(left) and not unspaced(literal[0])
            bound_right = bool(right) and spaced(right) and not unspaced(literal[-1])
            if not bound_left and not bound_right:
                return True
    return False


@given(st.lists(st.one_of(literals, st.sampled_from(["a", "aa", "あa", "é1"])), min_size=1, max_size=6), st.data())
def test_words_agrees_with_looking_at_every_place(parts: list[str], data: st.DataObject) -> None:
    text = fold("".join(parts))
    literal = fold(data.draw(st.sampled_from(parts)))
    assert asked("words", literal, TEXT, text) == slowly(literal, text)


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("a" * 50, "a" * 20_000),
        ("a", "a" * 20_000),
        ("ab", "ab" * 10_000 + "a"),
        ("a", "ab " * 6_666),
        ("あa", "あaa" * 6_666),
        ("é\u0301a", "é\u0301a" * 6_666),
        ("_", "_" * 20_000),
    ],
)
def test_a_text_full_of_near_hits_is_searched_in_linear_time(literal: str, text: str) -> None:
    began = process_time()
    for _ in range(10):
        assert not asked("words", literal, TEXT, text)
    assert process_time() - began < 1


@given(st.lists(st.sampled_from(TOPICS.values), min_size=1), st.sets(st.sampled_from(TOPICS.values)))
def test_a_set_has_any_has_all_or_has_one(wanted: list[str], held: set[str]) -> None:
    value = tuple(sorted(held))
    assert asked("has_any", tuple(wanted), TOPICS, value) == bool(held & set(wanted))
    assert asked("has_all", tuple(wanted), TOPICS, value) == (set(wanted) <= held)
    assert asked("has", wanted[0], TOPICS, value) == (wanted[0] in held)


def test_a_pattern_is_found_whatever_the_case_in_folded_text() -> None:
    assert asked("matches", r"ORDER\s+\d{4}", TEXT, fold("My Order　１２３４"))
    assert not asked("matches", r"^\d+$", TEXT, "12a")
    assert asked("matches", r"^$", TEXT, "")
    assert asked("matches", r"\p{Han}{2}", TEXT, "返金")
    assert not asked("matches", "x", TEXT, "\ud800")


def test_a_pattern_takes_linear_time() -> None:
    began = process_time()
    assert not asked("matches", "(a+)+$", TEXT, "a" * 20_000 + "b")
    assert process_time() - began < 0.5


@pytest.mark.parametrize(
    ("name", "written", "fact", "message"),
    [
        ("equals", "fualt", KIND, "`kind` is never `fualt`; did you mean `fault`?"),
        ("equals", "xyz", KIND, "`kind` is never `xyz`; it is one of fault, praise, other"),
        ("gt", "top", SEVERITY, "`severity` is never `top`; it is one of normal, high, critical"),
        ("equals", "yes", VIP, "`vip` is a flag; write true or false, not `yes`"),
        ("gte", "12.5", FOLLOWERS, "`author.followers` is a number; write a whole number, not `12.5`"),
        ("gte", "10,000", FOLLOWERS, "`author.followers` is a number; write a whole number, not `10,000`"),
        (
            "lt",
            "1000",
            SPEND,
            "`1000` is not an amount of money; write the amount, a space and the currency, as in 1000 JPY or 12.50 USD",
        ),
        ("lt", "10 USD", SPEND, "`spend` is in JPY; write an amount in JPY"),
        ("gt", "90", AGE, "`90` is not a duration; a duration carries its unit: write 90s, 90m, 90h or 90d"),
        ("gt", ("1", "2"), FOLLOWERS, "one value is wanted here, not a list of 2"),
        ("contains", (), TEXT, "an empty list is never met; write at least one value"),
        ("contains", "\u200b", TEXT, "`�` holds nothing that can be seen; write at least one letter"),
        ("words", ("a", ""), TEXT, "`` holds nothing that can be seen; write at least one letter"),
        ("contains", "x" * 1_001, TEXT, f"`{'x' * 59}…` is longer than 1000 characters; write less of it"),
        ("exists", "yes", VIP, "`exists` is true or false, not `yes`"),
        ("matches", ".*", TEXT, "`.*` is found in every text; demand at least one letter"),
    ],
)
def test_a_slip_in_an_operand_is_answered_with_what_to_write(
    name: str, written: str | tuple[str, ...], fact: FactType, message: str
) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is compared in full
        OPERATORS[name].prepare(written, fact)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("refund(?=s)", "RE2 cannot look ahead"),
        ("refund(?!s)", "exclude with `not`"),
        ("(?<=a)b", "RE2 cannot look behind"),
        ("(?<!a)b", "RE2 cannot look behind"),
        (r"(a)\1", "RE2 has no back-references"),
        (r"(?P<n>a)(?P=n)", "RE2 has no back-references"),
        ("a{1,1001}", "RE2 repeats at most 1000 times in all"),
        ("a++", "leave the second sign out"),
        ("(a", "close the parenthesis"),
        ("a)", "open the parenthesis"),
        ("[a", "close the bracket"),
        ("*a", "put a backslash before the sign"),
        ("a\\", "for a backslash"),
        ("(a{100}){100}", "RE2 repeats at most 1000 times in all"),
        (r"\pL{1000}\pN{1000}\pM{1000}" * 20, "shorten it"),
        ("a" * 5_000, "at most 4000 characters"),
    ],
)
def test_a_pattern_that_re2_does_not_know_is_answered_with_what_to_do_instead(pattern: str, part: str) -> None:
    with pytest.raises(PatternError) as error:
        OPERATORS["matches"].prepare(pattern, TEXT)
    assert part in str(error.value)


def test_a_bare_value_or_list_stands_for_the_operator_of_its_kind() -> None:
    assert implied("fault", KIND).name == "equals"
    assert implied(("fault", "praise"), KIND).name == "one_of"
    assert implied("billing", TOPICS).name == "has"
    assert implied(("billing",), TOPICS).name == "has_any"


def test_a_fact_without_listed_names_takes_any_name() -> None:
    assert asked("equals", "sms", CHANNEL, "sms")
    assert asked("one_of", ("sms", "x"), CHANNEL, "x")


def test_an_error_of_an_operand_is_a_value_error() -> None:
    assert issubclass(OperandError, ValueError)
    assert issubclass(PatternError, ValueError)
