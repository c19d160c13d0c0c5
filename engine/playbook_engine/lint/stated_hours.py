"""Opening hours as profiles state them, in Japanese or English: 平日9-18時, Mon-Fri 9-5pm, 24/7, 水曜定休.

A guess from wording: what is not plainly a day or a time of day is passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from playbook_engine.policy.opening import HOLIDAY, WEEK

HOUR = 60

_KANJI = dict(zip("月火水木金土日", WEEK, strict=True)) | {"祝": HOLIDAY}
_ENGLISH = {
    "mon": r"mon(?:day)?s?",
    "tue": r"tue(?:s(?:day)?)?s?",
    "wed": r"wed(?:nesday)?s?",
    "thu": r"thu(?:r(?:s(?:day)?)?)?s?",
    "fri": r"fri(?:day)?s?",
    "sat": r"sat(?:urday)?s?",
    "sun": r"sun(?:day)?s?",
}
_GROUPS = {
    "平日": WEEK[:5],
    "週末": WEEK[5:],
    "毎日": WEEK,
    "weekday": WEEK[:5],
    "weekdays": WEEK[:5],
    "weekend": WEEK[5:],
    "weekends": WEEK[5:],
    "daily": WEEK,
    "every day": WEEK,
    "everyday": WEEK,
    "m-f": WEEK[:5],
    "祝": (HOLIDAY,),
    "祝日": (HOLIDAY,),
    "holiday": (HOLIDAY,),
    "holidays": (HOLIDAY,),
    "public holidays": (HOLIDAY,),
    "bank holidays": (HOLIDAY,),
}

_DAY = "|".join(_ENGLISH.values())
_JA_DAY = r"[月火水木金土日](?:曜日?)?"
_MANY = r"[月火水木金土日](?:曜日?)?(?:\s*[・、,/&と]?\s*[月火水木金土日祝](?:曜日?|日(?!祝))?)+"
_CLOCK = r"(?:午前|午後|翌朝?|深夜|朝|夜)?\s*(?:[0-2]?[0-9]|30)(?:\s*[:.時]\s*[0-5][0-9]分?|時半|時)?"
_END = rf"(?:{_CLOCK}\s*(?:[ap]\.?m\b\.?|h\b)?|midnight|noon|正午)"
_TO = r"\s*(?:-|から|to|until|till)\s*"
_TOKEN = (
    rf"(?P<always>(?<!within )(?<!in )(?<!after )(?:24\s*/\s*7|24\s*時間(?!\s*(?:以内|後|前|で))|24\s*hours?\b"
    rf"|(?:a?round)[ -]the[ -]clock|\bday and night\b|昼夜|終日))"
    rf"|(?P<every>年中無休|無休|365\s*(?:日|days)|(?:7|seven) days a week)"
    rf"|(?P<night>夜間|深夜も|\bovernight\b|\bnights?\b)"
    rf"|(?P<shut>定休日?|お?休み|休業|休診|を?除[くき]|\bclosed\b|\bexcept\b|\bexcluding\b|休(?=[)。、]|$))"
    rf"|(?P<range>(?<![0-9毎本当翌])(?:{_JA_DAY}{_TO}{_JA_DAY}|\b(?:{_DAY})\b\.?\s*(?:-|to|through|thru)\s*\b(?:{_DAY})\b))"
    rf"|(?P<many>(?<![0-9毎本当翌平]){_MANY})"
    rf"|(?P<group>平日|週末|毎日|祝日?|\b(?:weekdays?|weekends?|daily|every ?day|m-f|(?:public |bank )?holidays?)\b)"
    rf"|(?P<one>(?<![0-9毎本当翌平])[月火水木金土日](?:曜日?|(?=\s*[0-9]{{1,2}}\s*[:時-]))|\b(?:{_DAY})\b)"
    rf"|(?P<time>(?<![0-9./:-])(?:{_END}){_TO}(?:{_END})(?![0-9/:%]|-[0-9]|\s*(?:日|days?|営業日|分|年|歳|個|名|%|円|回)))"
)
_DASHES = re.compile(r"\s*[‐‑‒–—−~〜~]\s*")
_MARK = re.compile(r"[:時]|午前|午後|midnight|noon|正午|[ap]\.?m|\dh")
_PART = re.compile(r"(午前|午後|翌朝?|深夜|朝|夜)?\s*(\d+)(?:\s*[:.時]\s*(\d\d)分?|(時半)|時)?\s*(?:([ap])\.?m|h)?")
_REFUSED = re.compile(r"\s*は?\s*(?:お?休|除|でき|承れ|不可|いたしません|しておりません|閉|closed)")
_NEAR = 4
"""Characters that may stand between a day and its hours, or between a day and the word that it is off."""


@cache
def _token() -> re.Pattern[str]:
    # Made when it is first needed: it takes as long as reading a playbook.
    return re.compile(_TOKEN)


@dataclass(frozen=True)
class Hours:
    """Minutes from midnight, the end past 1440 where it lies on the following day."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_said(self.opens)}-{_said(self.closes)}"


@dataclass
class Stated:
    """What a profile says.

    `hours` are by day, several of one day as one from the first to the last; those without a day are under "".
    """

    hours: dict[str, Hours] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    always: str = ""
    every_day: str = ""
    night: str = ""

    def add(self, days: tuple[str, ...], hours: Hours) -> None:
        for day in days or ("",):
            held = self.hours.get(day, hours)
            self.hours[day] = Hours(min(held.opens, hours.opens), max(held.closes, hours.closes))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    days: tuple[str, ...] = ()
    hours: Hours | None = None


def stated_hours(text: str) -> Stated:
    """Everything a profile says of hours and days.

    >>> {day: str(hours) for day, hours in stated_hours("土曜 10-16時").hours.items()}
    {'sat': '10:00-16:00'}
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold())
    tokens = _joined(plain, tuple(_tokens(plain)))
    stated, current = Stated(), None
    for number, token in enumerate(tokens):
        after = tokens[number + 1] if number + 1 < len(tokens) else None
        before = tokens[number - 1] if number else None
        if token.kind == "days":
            current = token
        elif token.kind == "shut":
            stated.off.update(_days_off(token, before, after))
        elif token.kind == "time" and token.hours is not None:
            of = current if current is not None and not set(current.days) & stated.off else None
            of = of or _following(token, after, tokens[number + 2 : number + 3])
            if of is not None or _MARK.search(token.text):
                stated.add(of.days if of is not None else (), token.hours)
        elif token.kind == "always":
            stated.always = stated.always or token.text
        elif token.kind == "every":
            stated.every_day, current = token.text, _Token("days", token.text, token.start, token.end, WEEK)
        elif token.kind == "night" and not _REFUSED.match(plain, token.end):
            stated.night = token.text
    return stated


def _tokens(plain: str) -> Iterator[_Token]:
    for found in _token().finditer(plain):
        kind, text = found.lastgroup or "", found[0]
        if kind in ("range", "many", "group", "one"):
            yield _Token("days", text, found.start(), found.end(), _days(kind, text))
        elif kind == "time":
            yield _Token(kind, text, found.start(), found.end(), hours=_hours(text))
        else:
            yield _Token(kind, text, found.start(), found.end())


def _joined(plain: str, tokens: tuple[_Token, ...]) -> tuple[_Token, ...]:
    """Days that stand side by side, as in `Sat & Sun` or 土日・祝日, are one token."""
    found: list[_Token] = []
    for token in tokens:
        last = found[-1] if found else None
        between = plain[last.end : token.start] if last else ""
        if last and last.kind == token.kind == "days" and re.fullmatch(r"\s*(?:[・、,/&と]|and)?\s*", between):
            days = tuple(dict.fromkeys((*last.days, *token.days)))
            found[-1] = _Token("days", plain[last.start : token.end], last.start, token.end, days)
        else:
            found.append(token)
    return tuple(found)


def _days(kind: str, text: str) -> tuple[str, ...]:
    if kind == "group":
        return _GROUPS[" ".join(text.split())]
    if kind == "range":
        ends = [day for part in re.split(_TO + "|through|thru", text, maxsplit=1) if (day := _day(part))]
        if len(ends) != 2:
            return ()
        first, last = (WEEK.index(end) for end in ends)
        return tuple(WEEK[(first + step) % 7] for step in range((last - first) % 7 + 1))
    if kind == "many":
        plain = re.sub(r"曜日?|(?<=祝)日", "", text)
        return tuple(dict.fromkeys(_KANJI[sign] for sign in plain if sign in _KANJI))
    return (_day(text),)


def _day(text: str) -> str:
    part = text.strip(" .")
    if part[:1] in _KANJI:
        return _KANJI[part[0]]
    return next((day for day, written in _ENGLISH.items() if re.fullmatch(written, part)), "")


def _days_off(token: _Token, before: _Token | None, after: _Token | None) -> tuple[str, ...]:
    """The days that a word such as 休み or `closed` speaks of: in Japanese right before it, in English right after."""
    said_before = before.days if before and before.kind == "days" and token.start - before.end <= _NEAR else ()
    said_after = after.days if after and after.kind == "days" and after.start - token.end <= _NEAR else ()
    leads = token.text.isascii() or token.text.startswith("定休日")
    return (said_after or said_before) if leads else (said_before or said_after)


def _following(token: _Token, after: _Token | None, later: tuple[_Token, ...]) -> _Token | None:
    """The days after their hours, as in `9-5 on weekdays`: unless those days have hours of their own."""
    if after is None or after.kind != "days" or after.start - token.end > _NEAR:
        return None
    taken = any(each.kind == "time" or (each.kind == "shut" and not each.text.isascii()) for each in later)
    return None if taken else after


def _hours(text: str) -> Hours | None:
    first, last = (_PART.search(_spelled(end)) for end in re.split(_TO, text, maxsplit=1))
    if first is None or last is None:
        return None
    closes = _minutes(last, last[5] or "")
    afternoon = (first[5] or last[5] or "") if first[1] is None else ""
    opens = _minutes(first, afternoon)
    if first[5] is None and opens >= closes:
        opens = _minutes(first, "a" if afternoon else "")
    if (
        closes <= opens
        and not (first[5] or last[5] or first[1] or last[1])
        and closes < 12 * HOUR
        and opens < 12 * HOUR
    ):
        closes += 12 * HOUR  # 9-5
    if closes <= opens:
        closes += 24 * HOUR
    return Hours(opens, closes) if closes - opens <= 24 * HOUR and opens < 24 * HOUR else None


def _spelled(end: str) -> str:
    return end.replace("midnight", "24").replace("noon", "12:00").replace("正午", "12:00")


def _minutes(part: re.Match[str], half: str) -> int:
    """Minutes from midnight; `half` is a, p or "" for a clock of 24 hours."""
    hour, minute = int(part[2]), 30 if part[4] else int(part[3] or 0)
    half = {"午前": "a", "午後": "p", "夜": "p" if hour < 12 else ""}.get(part[1] or "", half)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * HOUR + minute + (24 * HOUR if (part[1] or "").startswith("翌") else 0)


def _said(minutes: int) -> str:
    return f"{minutes // HOUR % 24 if minutes != 24 * HOUR else 24:02}:{minutes % HOUR:02}"
