"""Amounts of money: read, said, and kept as integers in minor units.

Codes and minor digits are those of ISO 4217, list one of 2026-01-01
(https://www.six-group.com/en/products-services/financial-information/data-standards.html); codes for metals,
funds and tests are left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import shown

_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

MINOR_DIGITS = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}
"""Digits after the point, by currency."""

MOST = 10**15
"""Minor units; more is a slip of the keyboard."""

_MONEY = re.compile(r"([0-9]+)(?:\.([0-9]+))? ([A-Z]{3})")
_LOOSE = re.compile(r"(\D*?)\s*([0-9][0-9,_' ]*)(?:\.([0-9]+))?\s*(\D*)")
_SIGNS = {
    "¥": "JPY",
    "円": "JPY",
    "YEN": "JPY",
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "元": "CNY",
    "₩": "KRW",
}


class MoneyError(ValueError):
    """An amount that cannot be understood. The message names the text and what to write instead."""


@dataclass(frozen=True)
class Money:
    """An amount in minor units (yen, cents) of an ISO 4217 currency."""

    amount: int
    currency: str


def parse_money(text: str) -> Money:
    """An amount and its currency. Raises MoneyError.

    >>> parse_money("12.50 USD")
    Money(amount=1250, currency='USD')
    >>> parse_money("1000 JPY")
    Money(amount=1000, currency='JPY')
    """
    found = _MONEY.fullmatch(text)
    if found is None:
        raise MoneyError(f"`{shown(text)}` is not an amount of money; {_remedy(text)}")
    whole, fraction, currency = found[1], found[2] or "", found[3]
    digits = _digits(currency)
    if len(fraction) > digits:
        ends = f"at most {digits} digits after the point" if digits else "no digits after the point"
        raise MoneyError(f"`{shown(text)}`: {currency} has {ends}; round the amount")
    if len(whole) > len(str(MOST)) or (amount := int(whole + fraction.ljust(digits, "0"))) > MOST:
        raise MoneyError(f"`{shown(text)}` is more than {MOST} of the smallest unit; write a smaller amount")
    return Money(amount, currency)


def say_money(amount: int, currency: str) -> str:
    """The amount as it is written in a playbook; a currency we do not know is said with two digits.

    >>> say_money(1250, "USD")
    '12.50 USD'
    """
    digits = MINOR_DIGITS.get(currency, 2)
    sign = "-" if amount < 0 else ""
    whole, fraction = divmod(abs(amount), 10**digits)
    return f"{sign}{whole}{f'.{fraction:0{digits}}' if digits else ''} {currency}"


def parse_currency(text: str) -> str:
    """An ISO 4217 code. Raises MoneyError."""
    _digits(text)
    return text


def _digits(currency: str) -> int:
    if currency not in MINOR_DIGITS:
        plain = unicodedata.normalize("NFKC", currency).strip().upper()
        twisted = (known for known in MINOR_DIGITS if sorted(known) == sorted(plain))
        meant = _SIGNS.get(plain) or next(twisted, "") or nearest(plain, MINOR_DIGITS)
        advice = f"did you mean `{meant}`?" if meant else "write its three letters, as in JPY or USD"
        raise MoneyError(f"no currency is called `{shown(currency)}`; {advice}")
    return MINOR_DIGITS[currency]


def _remedy(text: str) -> str:
    found = _LOOSE.fullmatch(unicodedata.normalize("NFKC", text[:80]).strip())
    if found is None:
        return "write it as 1000 JPY or 12.50 USD"
    sign = (found[1] + found[4]).strip().upper()
    currency = _SIGNS.get(sign) or (sign if sign in MINOR_DIGITS else "")
    whole = re.sub(r"\D", "", found[2])
    if not currency:
        return "write the amount, a space and the currency, as in 1000 JPY or 12.50 USD"
    return f"write it as {whole}{'.' + found[3] if found[3] else ''} {currency}"
