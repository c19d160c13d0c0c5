"""Playbooks at random, small and hostile, and messages that come near to what they look for."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from playbook_engine.model.event import ORIGINS, Author, Event
from playbook_engine.policy.policy import Policy
from story import MONDAY, compiled

Draw = st.DrawFn

WORDS = (
    "re",
    "refund",
    "refunds",
    "fund",
    "gift card",
    "card",
    "返金",
    "返",
    "返金して",
    "ぬ返",
    "c++",
    "Ünder",
    "der",
    "a",
    "ok",
)
ENDS = ("re", "refund", "返金", "返", "card")
PATTERNS = ("re.?fund", "^ok", "card$", "refund", "[0-9]{2}", "返+金")
KINDS = ("fault", "praise", "other")
SEVERITIES = ("low", "high", "top")
TOPICS = ("a", "b", "c")
FACTS = """
facts:
  kind: {one_of: [fault, praise, other], default: other}
  mood: {one_of: [glad, cross], keep: latest}
  severity: {ordered: [low, high, top], default: low}
  topics: {many_of: [a, b, c]}
  seen: {many_of: [a, b], keep: latest}
  score: {number: {min: 0, max: 9}}
  vip: {flag: true, from: crm}
  tier: {ordered: [low, high, top], from: crm}
  spent: {money: JPY, from: crm, default: 100 JPY}
  groups: {many_of: [x, y], from: crm}
"""
HEAD = """
playbook: random
format: 1
timezone: {zone}
languages: [en, ja]
fallback: en
calendars:
  day: {{open: {{mon-fri: [09:00-12:00, 13:00-17:00]}}}}
  night: {{open: {{daily: ["17:00-09:00"]}}}}
  late: {{open: {{sat: ["10:00-14:00"], mon: ["08:00-10:00"]}}}}
people: {{ann: {{name: Ann, via: [{{email: ann@shop.example}}]}}}}
accounts:
  "x:shop": {{department: care}}
  "email:help@shop.example": {{department: night}}
templates: {{ack: Thank you.}}
escalations:
  quick: [{{id: one, at: 0%, notify: ann}}, {{id: two, at: 100%, notify: ann}}]
undecided: {{to: ann, within: 30m}}
"""


def _names(draw: Draw, names: tuple[str, ...]) -> str:
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    return chosen[0] if len(chosen) == 1 else f"[{', '.join(chosen)}]"


def _texts(draw: Draw) -> str:
    if draw(st.integers(0, 9)) == 0:
        return f'{{matches: "{draw(st.sampled_from(PATTERNS))}"}}'
    operator = draw(st.sampled_from(("contains", "words", "starts_with", "ends_with", "")))
    literals = draw(
        st.lists(st.sampled_from(ENDS if "_with" in operator else WORDS), min_size=1, max_size=3, unique=True)
    )
    listed = ", ".join(f'"{literal}"' for literal in literals)
    return f"{{{operator}: [{listed}]}}" if operator else f"[{listed}]"


def _number(draw: Draw, *numbers: str) -> str:
    operator = draw(st.sampled_from(("gt", "gte", "lt", "lte", "")))
    number = draw(st.sampled_from(numbers))
    return f"{{{operator}: {number}}}" if operator else number


def _rank(draw: Draw, names: tuple[str, ...]) -> str:
    operator = draw(st.sampled_from(("gt", "gte", "lt", "lte", "")))
    name = draw(st.sampled_from(names))
    return f"{{{operator}: {name}}}" if operator else name


def _flag(draw: Draw) -> str:
    return draw(st.sampled_from(("true", "false")))


def _exists(draw: Draw) -> str:
    return f"{{exists: {_flag(draw)}}}"


MESSAGE: dict[str, Callable[[Draw], str]] = {
    "channel": lambda draw: _names(draw, ("x", "email", "line")),
    "account": lambda draw: _names(draw, ('"x:shop"', '"email:help@shop.example"')),
    "origin": lambda draw: _names(draw, ORIGINS),
    "public": _flag,
    "lang": lambda draw: draw(st.sampled_from(("ja", "[en, ja]", "{exists: true}", "{exists: false}"))),
    "automatic": _flag,
    "personal_data": _flag,
    "attachments": lambda draw: _number(draw, "0", "1", "2"),
    "author.followers": lambda draw: _number(draw, "0", "10", "11", "500"),
    "author.verified": lambda draw: draw(st.sampled_from((_flag(draw), _exists(draw)))),
    "mode": lambda draw: _names(draw, ("storm", "snow")),
    "open.day": _flag,
    "open.night": _flag,
    "open.late": _flag,
    "vip": lambda draw: draw(st.sampled_from((_flag(draw), _exists(draw)))),
    "tier": lambda draw: _rank(draw, SEVERITIES),
    "spent": lambda draw: _number(draw, "0 JPY", "100 JPY", "500 JPY"),
    "groups": lambda draw: draw(st.sampled_from(("x", "[x, y]", "{has_all: [x, y]}"))),
}
TEXT: dict[str, Callable[[Draw], str]] = {"text": _texts, "author.handle": _texts, "author.name": _texts}
OWN: dict[str, Callable[[Draw], str]] = {
    "kind": lambda draw: _names(draw, KINDS),
    "mood": lambda draw: draw(st.sampled_from(("glad", "cross", "{exists: true}", "{exists: false}"))),
    "severity": lambda draw: _rank(draw, SEVERITIES),
    "topics": lambda draw: draw(st.sampled_from(("a", "[a, b]", "{has_all: [a, c]}"))),
    "seen": lambda draw: draw(st.sampled_from(("a", "[a, b]", "{has_all: [a, b]}"))),
    "score": lambda draw: draw(st.sampled_from((_number(draw, "1", "5"), _exists(draw)))),
}
OF_MESSAGE = {f"message.{name}": test for name, test in OWN.items()}
INCIDENT: dict[str, Callable[[Draw], str]] = {
    "incident.stage": lambda draw: _names(draw, ("new", "open", "acknowledged", "waiting", "resolved", "reopened")),
    "incident.messages": lambda draw: _number(draw, "1", "2", "3"),
    "incident.public_turns": lambda draw: _number(draw, "0", "1", "2"),
    "incident.age": lambda draw: _number(draw, "1h", "3d"),
    "incident.level": lambda draw: _number(draw, "0", "1"),
    "incident.department": lambda draw: _names(draw, ("care", "night", "desk")),
    "incident.reopened": _flag,
    "incident.tags": lambda draw: draw(st.sampled_from(("gold", "[gold, blue]"))),
}
DEPARTMENT: dict[str, Callable[[Draw], str]] = {"department.open": _flag, "department.was_open": _flag}
SETS = {
    "kind": KINDS,
    "mood": ("glad", "cross"),
    "severity": SEVERITIES,
    "topics": ("a", "[a, b]", "c"),
    "seen": ("a", "b", "[a, b]"),
    "score": ("1", "4", "5", "9"),
}
DECIDED = {**MESSAGE, **OWN, **OF_MESSAGE, **INCIDENT}


def condition(draw: Draw, facts: dict[str, Callable[[Draw], str]], depth: int = 2) -> str:
    """A condition over these facts, as a flow mapping."""
    shape = draw(st.integers(0, 9)) if depth else 0
    if shape == 9:
        return f"{{not: {condition(draw, facts, depth - 1)}}}"
    if shape == 8:
        return f"{{any: [{condition(draw, facts, depth - 1)}, {condition(draw, facts, depth - 1)}]}}"
    names = draw(st.lists(st.sampled_from(sorted(facts)), min_size=1, max_size=3, unique=True))
    return "{" + ", ".join(f"{name}: {facts[name](draw)}" for name in names) + "}"


def _rows(
    draw: Draw, mark: str, facts: dict[str, Callable[[Draw], str]], rest: Callable[[], str], most: int = 4
) -> str:
    count = draw(st.integers(0, most))
    return "".join(f"  - {{id: {mark}{row}, when: {condition(draw, facts)}, {rest()}}}\n" for row in range(count))


def _set(draw: Draw) -> str:
    names = draw(st.lists(st.sampled_from(sorted(SETS)), min_size=1, max_size=2, unique=True))
    return "set: {" + ", ".join(f"{name}: {draw(st.sampled_from(SETS[name]))}" for name in names) + "}"


@st.composite
def playbooks(draw: Draw) -> str:
    """The text of a playbook that compiles."""
    steps = "reply: by_hand, apologise: none, resolve: none"
    respond = {**DECIDED, **DEPARTMENT}
    text = HEAD.format(zone=draw(st.sampled_from(("UTC", "Asia/Tokyo", "America/New_York")))) + FACTS
    text += "departments:\n"
    hands = draw(st.booleans())
    for name, calendar, after in (("care", "day", "desk"), ("desk", "late", "night"), ("night", "night", "")):
        closed = f", when_closed: {{hand_over: {{department: {after}}}}}" if hands and after else ""
        own = _rows(draw, "own-", respond, lambda: steps, 2) if draw(st.booleans()) else ""
        own = ", respond: [" + ", ".join(line.strip()[2:] for line in own.splitlines()) + "]" if own else ""
        text += f"  {name}: {{name: {name}, calendar: {calendar}, on_duty: ann, lead: ann{closed}{own}}}\n"
    ignored = _rows(draw, "i", {**MESSAGE, **TEXT}, lambda: "because: No answer", 1)
    classified = _rows(draw, "c", {**MESSAGE, **TEXT, **TEXT, **OWN}, lambda: _set(draw), 8)
    text += f"ignore:\n{ignored}" if ignored else ""
    text += f"classify:\n{classified}" if classified else ""
    text += "route:\n" + _rows(draw, "r", DECIDED, lambda: f"to: {draw(st.sampled_from(('care', 'night', 'desk')))}", 3)
    text += "  - {id: rest, when: always, to: care}\n"
    text += "targets:\n" + _rows(draw, "t", DECIDED, lambda: "reply: 1h, escalate: quick", 2)
    text += "  - {id: rest, when: always, reply: 2h, escalate: quick}\n"
    text += "respond:\n" + _rows(draw, "a", respond, lambda: steps)
    text += "  - {id: rest, when: always, reply: {send: ack}, apologise: none, resolve: none}\n"
    text += f"human_only: {condition(draw, DECIDED, 0)}\n"
    text += "modes:\n"
    for mode in ("storm", "snow"):
        counted = condition(draw, {**MESSAGE, **OWN})
        text += f"  {mode}: {{starts: {{messages: 5, in: 10m, when: {counted}}}, may_switch: [ann]}}\n"
    if draw(st.booleans()):
        text += f"rules:\n  shout: {{when: {condition(draw, respond)}, do: [{{notify: ann}}]}}\n"
        text += f"  later: {{event: message.sent, when: {condition(draw, respond)}, do: [{{notify: ann}}]}}\n"
    return text


def policy_of(text: str) -> Policy:
    return compiled(text)


SINCE = MONDAY
HORIZON = 56 * 86_400_000


@st.composite
def texts(draw: Draw) -> str:
    glue = draw(st.sampled_from(("", " ", "x", "、", ". ")))
    pieces = draw(st.lists(st.sampled_from((*WORDS, "12", "x", "a@b.example", "ＲＥＦＵＮＤ")), max_size=4))
    return glue.join(pieces)


@st.composite
def messages(draw: Draw, number: int, at: int) -> Event:
    """A message seen at `at` (ms UTC), or an edit of an earlier one."""
    channel = draw(st.sampled_from(("x", "email", "line", "sms")))
    account = draw(st.sampled_from(("shop", "help@shop.example", "")))
    enrichment = {
        "vip": draw(st.sampled_from((None, True, False))),
        "tier": draw(st.sampled_from((None, *SEVERITIES, "none"))),
        "spent": draw(st.sampled_from((None, 0, 99, 100, 500, 501))),
        "groups": draw(st.sampled_from((None, (), ("x",), ("x", "y")))),
    }
    late = draw(st.sampled_from((0, 0, 0, 3_600_000, 5 * 86_400_000)))
    return Event(
        source="test",
        id=f"e{number}",
        message=f"m{number}",
        type=draw(st.sampled_from(("message.received",) * 4 + ("message.edited",))),
        at=at - late,
        seen_at=at,
        channel=channel,
        account=account,
        origin=draw(st.sampled_from(ORIGINS)),
        public=draw(st.booleans()),
        automatic=draw(st.booleans()),
        attachments=draw(st.integers(0, 3)),
        author=Author(
            draw(texts()),
            draw(texts()),
            draw(st.sampled_from((None, 0, 9, 10, 11, 499, 900))),
            draw(st.sampled_from((None, True, False))),
        ),
        text=draw(texts()),
        lang=draw(st.sampled_from(("", "en", "ja", "fr"))),
        modes=draw(st.sampled_from(((), ("storm",), ("snow", "storm")))),
        enrichment={name: value for name, value in enrichment.items() if value is not None},
        person="cleo",
    )
