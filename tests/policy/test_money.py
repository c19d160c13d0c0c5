"""Amounts of money as they are written; inside they are integers in minor units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.policy.money import MINOR_DIGITS, MOST, Money, MoneyError, parse_currency, parse_money, say_money


@pytest.mark.parametrize(
    ("text", "money", "said"),
    [
        ("1000 JPY", Money(1000, "JPY"), "1000 JPY"),
        ("12.50 USD", Money(1250, "USD"), "12.50 USD"),
        ("12.5 USD", Money(1250, "USD"), "12.50 USD"),
        ("12 USD", Money(1200, "USD"), "12.00 USD"),
        ("0 EUR", Money(0, "EUR"), "0.00 EUR"),
        ("1.234 KWD", Money(1234, "KWD"), "1.234 KWD"),
    ],
)
def test_an_amount_is_read_in_minor_units_and_said_as_it_is_written(text: str, money: Money, said: str) -> None:
    assert parse_money(text) == money
    assert say_money(money.amount, money.currency) == said


@given(st.integers(0, MOST), st.sampled_from(sorted(MINOR_DIGITS)))
def test_what_is_said_is_read_back(amount: int, currency: str) -> None:
    assert parse_money(say_money(amount, currency)) == Money(amount, currency)


def test_a_debt_and_an_unknown_currency_can_be_said() -> None:
    assert say_money(-5, "USD") == "-0.05 USD"
    assert say_money(100, "QQQ") == "1.00 QQQ"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1000",
            "`1000` is not an amount of money; write the amount, a space and the currency, as in 1000 JPY or 12.50 USD",
        ),
        ("1,000 JPY", "`1,000 JPY` is not an amount of money; write it as 1000 JPY"),
        ("1000円", "`1000円` is not an amount of money; write it as 1000 JPY"),
        ("￥1,000", "`￥1,000` is not an amount of money; write it as 1000 JPY"),
        ("$12.50", "`$12.50` is not an amount of money; write it as 12.50 USD"),
        ("1000JPY", "`1000JPY` is not an amount of money; write it as 1000 JPY"),
        (
            "-5 USD",
            "`-5 USD` is not an amount of money; "
            "write the amount, a space and the currency, as in 1000 JPY or 12.50 USD",
        ),
        ("12.345 USD", "`12.345 USD`: USD has at most 2 digits after the point; round the amount"),
        ("10.5 JPY", "`10.5 JPY`: JPY has no digits after the point; round the amount"),
        ("5 YEN", "no currency is called `YEN`; did you mean `JPY`?"),
        ("5 UDS", "no currency is called `UDS`; did you mean `USD`?"),
        ("5 XXX", "no currency is called `XXX`; write its three letters, as in JPY or USD"),
        (
            "9999999999999999 JPY",
            f"`9999999999999999 JPY` is more than {MOST} of the smallest unit; write a smaller amount",
        ),
    ],
)
def test_a_careless_amount_is_answered_with_how_to_write_it(text: str, message: str) -> None:
    with pytest.raises(MoneyError) as error:
        parse_money(text)
    assert str(error.value) == message


def test_a_currency_alone_is_checked_like_that_of_an_amount() -> None:
    assert parse_currency("JPY") == "JPY"
    with pytest.raises(MoneyError, match=r"^no currency is called `jpy`; did you mean `JPY`\?$"):
        parse_currency("jpy")
