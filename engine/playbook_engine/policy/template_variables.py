"""The values that templates may name: their types, how long they get, what they mean, and how they are cleaned.

A value comes from a stranger or from a table, never from the playbook: it is text and no template source. It is
said as it stands, but for what would act on its own in a post of ours (SEMANTICS 9):

- control characters, those that turn the direction of writing and those that are not seen are taken out, but for
  the joiners and selectors that scripts and emoji are written with;
- a line break becomes a space, but in an `answer`;
- in the customer's name a mention, a tag and an address are defused by an unseen WORD JOINER after their sign
  (the `@` of `@all`, the `<` and `!` of Slack's `<!channel>`, the `:` of `https://`, the `.` of `example.com`): nobody
  puts a link or a mention of a third party into our posts by choosing a name. That holds on every channel, mail
  included, and for a handle that calls everybody;
- what is longer than published is cut and ends in `…`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

Value: TypeAlias = "str | int | Mapping[str, Value]"
Values: TypeAlias = Mapping[str, object]
"""Nested by the dots of the names: {"author": {"name": ...}, "account": ...}. What is not published is not seen."""

ALWAYS = "always"
DRAFTS = "in drafts"
NOTICES = "in notices to our people"

JOINER = "\u2060"
"""WORD JOINER: no width, no line break, and the end of any mention, tag or address."""


@dataclass(frozen=True)
class Variable:
    """One value a template may name. `type` is text, lines, name, time, money or number.

    `longest` is in characters. `where` says which messages have it: elsewhere a template that names it cannot
    be rendered.
    """

    name: str
    type: str
    longest: int
    sentence: str
    where: str = ALWAYS


_PUBLISHED = (
    Variable("author.name", "name", 30, "the customer's name, else the handle, else a word for customer"),
    Variable("author.handle", "name", 60, "the customer's handle on the platform, without the @ before it"),
    Variable("department.name", "text", 60, "the department that answers"),
    Variable("department.signature", "text", 100, "how the department signs"),
    Variable("account", "text", 60, "our own handle on the platform"),
    Variable("incident.id", "text", 64, "the id of the incident"),
    Variable("incident.waiting_minutes", "number", 6, "minutes since the customer began to wait, rounded up"),
    Variable("reply.due", "time", 26, "by when we reply", "where a reply is owed"),
    Variable("apologise.due", "time", 26, "by when we apologise", "where an apology is owed"),
    Variable("resolve.due", "time", 26, "by when we resolve", "where a resolution is owed"),
    Variable("personal", "lines", 60, "what only a person can write; the draft waits until it is filled in", DRAFTS),
    Variable("approver.name", "text", 40, "the person who sends the draft", DRAFTS),
    Variable("approver.initials", "text", 6, "the initials of the person who sends the draft", DRAFTS),
    Variable("coupon.code", "text", 32, "the code of the coupon just granted", "after `coupon`"),
    Variable("coupon.amount", "money", 20, "what the coupon is worth", "after `coupon`"),
    Variable("coupon.expires", "time", 26, "until when the coupon can be used", "after `coupon`"),
    Variable("refund.amount", "money", 20, "what is paid back", "after `refund`"),
    Variable("ticket.number", "text", 24, "the number of the ticket just opened", "after `ticket`"),
    Variable("answer", "lines", 200, "what `lookup` found", "in the answer of `lookup`"),
    Variable("person.name", "text", 40, "the person who is told", NOTICES),
    Variable("level", "text", 40, "the level of the escalation that tells", NOTICES),
    Variable("step", "text", 10, "the step that is owed: reply, apologise or resolve", NOTICES),
    Variable("due", "time", 26, "by when that step is owed", NOTICES),
)

VARIABLES: Mapping[str, Variable] = MappingProxyType({variable.name: variable for variable in _PUBLISHED})
"""All but `link.<id>`, the address of that id under `links`; an address is never cut."""

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e"
    "\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e00ff]"
)
"""Control characters but for line breaks and tabs, the bidirectional controls of
https://www.unicode.org/reports/tr9/#Explicit_Directional_Formatting_Characters, and what is not seen: fillers, tags and
other characters that https://www.unicode.org/Public/16.0.0/ucd/DerivedCoreProperties.txt has as
Default_Ignorable_Code_Point. ZWJ, ZWNJ and variation selectors stay: Persian, emoji and Japanese names need them."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile("[\t\n\r\x85\u2028\u2029 ]+")
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_SIGN = re.compile(
    r"([@＠﹫#＃﹟$＄﹩]|<(?=[!@#/]|\w+:)|(?<=<)!|[:：](?=//)|[.．。｡․﹒](?=[\u200c\u200d\ufe00-\ufe0f]*\w(?:\w|\Z)))"
)
"""What makes a mention, a tag, an address with a scheme or a domain, or one of the commands of Slack
(https://docs.slack.dev/messaging/formatting-message-text); initials such as `J.R.R.` stay whole. A letter
at the end counts as the beginning of a domain: the words that follow in the template may go on without a space."""

_CALLS_ALL = frozenset(("all", "channel", "everybody", "everyone", "group", "here"))
"""Handles by which one platform or another calls everybody."""

_BLANK = re.compile("[\\s\u2800\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]*")

_HANDLE = re.compile(r"[\w.\-]+(?:@[\w.\-]+)?")


def value_of(name: str, values: Values) -> str | int | None:
    """The published value, cleaned; None where it is not there."""
    variable = VARIABLES.get(name)
    found: object = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if variable is None or isinstance(found, bool) or not isinstance(found, str | int):
        return None
    return cleaned(found, variable)


def cleaned(value: str | int, variable: Variable) -> str | int:
    """One value as it may be said."""
    if isinstance(value, int):
        return value
    # What is far too long is cut first: the rest of the work is bounded by what is published.
    text = _seen(value[: 16 * variable.longest])
    text = _BREAKS.sub("\n", text) if variable.type == "lines" else _SPACES.sub(" ", text).strip(" ")
    if variable.type == "name" and not _is_handle(text, variable):
        text = JOINER + text if text.casefold() in _CALLS_ALL else _SIGN.sub(rf"\1{JOINER}", text)
    return text if len(text) <= variable.longest else text[: variable.longest - 1] + "…"


def is_blank(text: str) -> bool:
    """Whether nothing of a name would be seen."""
    return _BLANK.fullmatch(_seen(text[: 16 * VARIABLES["author.name"].longest])) is not None


def _seen(text: str) -> str:
    return _SURROGATE.sub("\ufffd", _UNWANTED.sub("", text))


def _is_handle(text: str, variable: Variable) -> bool:
    """A handle may stand as it is, dots and all: it names the customer whom we answer."""
    if variable.name != "author.handle" or text.casefold() in _CALLS_ALL:
        return False
    return _HANDLE.fullmatch(text) is not None


def longest_value(variable: Variable, language: str) -> str | int:
    """The longest text the variable can come to, in wide letters where its language or a name can have them."""
    if variable.type == "number":
        return int("9" * variable.longest)
    if variable.type == "time":
        return _LONGEST_TIMES.get(language, _LONGEST_TIMES[""])
    wide = variable.type == "name" or language in _WIDE
    return ("9" if variable.type == "money" else "あ" if wide else "m") * variable.longest


_WIDE = ("ja", "zh", "ko", "th", "hi", "bn", "ta", "te", "my", "km", "lo", "")
_LONGEST_TIMES = {"ja": "12月30日(水) 23:59", "en": "Wed 30 Sep, 23:59 +0545", "": "2026-12-30 23:59 +0545"}
