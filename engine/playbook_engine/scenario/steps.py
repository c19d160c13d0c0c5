"""The timeline of a test: what customers write, and what people of ours do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playbook_engine.model.event import FactValue
from playbook_engine.policy.compile.facts import fact_value
from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.compile.scalars import flag, integer
from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.moments import moment, say_moment
from playbook_engine.scenario.names import known, named
from playbook_engine.scenario.suite import Step
from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import shown

STRANGER = "customer"
"""Who writes where nobody is named."""

EVENT = (
    *("channel", "account", "conversation", "author", "lang", "public", "origin"),
    *("automatic", "imported", "attachments", "subject", "facts"),
)
BESIDE: Mapping[str, tuple[str, ...]] = {
    "message": EVENT,
    "edits": ("about",),
    "deletes": ("about",),
    "says": ("by", "about", "step"),
    "does": ("by", "about", "to", "department", "elsewhere", "into", "step", "because"),
    "approves": ("by", "about", "text"),
    "refuses": ("by", "about", "because"),
    "grants": ("by", "about", "amount"),
    "switches": ("by", "on"),
    "fails": ("outcome",),
    "works": (),
}
"""What may stand beside each verb."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("says", "does", "approves", "refuses", "grants"), ("by",)),
    "switches": ("by", "on"),
}
_FLAGS = ("public", "automatic", "imported")


@dataclass(frozen=True)
class Told:
    """What messages say: the event as a source writes it, and what enrichment tells of it."""

    row: Mapping[str, object]
    facts: Mapping[str, FactValue]


def told(place: Place | None, policy: Policy) -> Told:
    """The fields of an event that stand in a mapping."""
    row: dict[str, object] = {}
    facts: dict[str, FactValue] = {}
    for each in place.entries() if place is not None else ():
        if each.key in EVENT:
            put(row, facts, each.key, each, policy)
    return Told(row, facts)


def put(row: dict[str, object], facts: dict[str, FactValue], name: str, place: Place, policy: Policy) -> None:
    """One field of an event; `facts.vip` and `author.followers` name one entry of a mapping."""
    head, _, tail = name.partition(".")
    if head == "facts":
        for fact, each in [(tail, place)] if tail else [(each.key, each) for each in place.entries()]:
            if known(each, fact, policy, "fact that enrichment tells"):
                value = fact_value(each, policy.facts[fact])
                facts |= {fact: value} if value is not None else {}
    elif head == "author":
        row["author"] = {**_mapping(row.get("author")), **_author(tail, place)}
    elif name in _FLAGS:
        row[name] = flag(place)
    elif name == "attachments":
        row[name] = integer(place, least=0)
    elif name == "channel":
        row[name] = named(place, policy, "channel")
    elif name == "account":
        row[name] = _account(place, policy)
    else:
        row[name] = place.text()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _author(part: str, place: Place) -> dict[str, object]:
    if isinstance(place.value, dict):
        return {name: value for each in place.entries() for name, value in _author(each.key, each).items()}
    part = part or "handle"
    values: dict[str, Callable[[Place], object]] = {"followers": integer, "verified": flag}
    return {part: values.get(part, Place.text)(place)}


def _account(place: Place, policy: Policy) -> str:
    """One of ours, as `platform:handle` or by its handle alone."""
    text = place.text()
    handles = {account.partition(":")[2] for account in policy.accounts}
    if policy.accounts and text not in policy.accounts and text not in handles:
        place.refuse("unknown-account", f"no account is called `{shown(text)}`", tuple(policy.accounts), text)
    return text


def message(said: str, *layers: Told) -> Told:
    """A message of the layers' fields, the later ones before the earlier; whoever writes has a handle."""
    row: dict[str, object] = {}
    facts: dict[str, FactValue] = {}
    for layer in layers:
        author = {**_mapping(row.get("author")), **_mapping(layer.row.get("author"))}
        row |= layer.row
        row["author"] = author
        facts |= layer.facts
    author = {"handle": STRANGER, **_mapping(row.get("author"))}
    return Told({"conversation": author["handle"], **row, "author": author, "text": said}, facts)


def complete(row: Mapping[str, object], place: Place, policy: Policy) -> Mapping[str, object]:
    """A message with the account that is meant where it names none: the only one of its channel."""
    channel = row.get("channel")
    if not channel:
        place.refuse("missing-required", "the message has no `channel`; write it here, or under `defaults` in `event`")
        return row
    if "account" in row:
        return row
    ours = [account for account in policy.accounts.values() if account.platform == channel]
    return {**row, "account": ours[0].id.partition(":")[2]} if len(ours) == 1 else row


CARRIED = ("channel", "account", "conversation", "author", "public", "origin", "lang")
"""What a customer's next message has in common with the one before, unless it says otherwise."""


@dataclass
class Timeline:
    """A timeline being read, from `start` (ms UTC) on; `common` are the fields that all messages share.

    A message without an author is written by whoever wrote last, and a customer goes on where they wrote last.
    """

    policy: Policy
    start: int
    common: tuple[Told, ...]
    _latest: dict[str, Told] = field(default_factory=dict)

    def steps(self, place: Place) -> tuple[Step, ...]:
        """Every step, in the order of time, which must be the order of the file."""
        found: list[Step] = []
        writers: list[str] = []
        for each in place.elements():
            step = self._step(each, writers)
            if step is None:
                continue
            if found and step.at < found[-1].at:
                zone = self.policy.timezone
                message = (
                    f"this is at {say_moment(step.at, zone)}, the step before it at {say_moment(found[-1].at, zone)}"
                )
                each.refuse("order", f"{message}; write steps in the order of time")
            found.append(step)
        return tuple(found)

    def _step(self, place: Place, writers: list[str]) -> Step | None:
        verb = _verb(place)
        at = self._moment(place.need("at"))
        if not verb:
            return None
        subject = place.entry(verb)
        assert subject is not None
        by, about = place.entry("by"), place.entry("about")
        person = named(by, self.policy, "person") if by is not None else ""
        whose = self._about(about, writers) if about is not None else ""
        if verb == "message":
            whole = self._message(subject.text(), told(place, self.policy), writers)
            row = complete(whole.row, place, self.policy)
            return Step(at, verb, subject.text(), place.span, row=row, facts=whole.facts)
        if whose not in ("", *writers) and verb in ("edits", "deletes", "says"):
            place.refuse("unknown-author", f"`{verb}` is about a message, and `{shown(whose)}` has written none")
        elif verb not in ("fails", "works", "switches") and not writers and not whose:
            place.refuse("order", "nobody has written yet whose incident this could be; let a customer write first")
        row = {each.key: self._field(each, writers) for each in place.entries() if each.key in _FIELDS}
        if verb == "fails":
            row.setdefault("outcome", "failed")
        return Step(at, verb, self._subject(verb, subject), place.span, person, whose, row)

    def _message(self, text: str, own: Told, writers: list[str]) -> Told:
        named = str(_mapping(own.row.get("author")).get("handle", writers[-1] if writers else ""))
        before = self._latest.get(named)
        whole = message(text, *self.common, *([before] if before is not None else []), own)
        handle = str(_mapping(whole.row["author"])["handle"])
        writers.append(handle)
        self._latest[handle] = Told({name: whole.row[name] for name in CARRIED if name in whole.row}, {})
        return whole

    def _moment(self, place: Place | None) -> int:
        try:
            return moment(place.text(), self.start, self.policy.timezone) if place is not None else self.start
        except ValueError as fault:
            assert place is not None
            place.refuse("wrong-form", str(fault))
            return self.start

    def _about(self, place: Place, writers: list[str]) -> str:
        """A customer who has written, or a mode, whose statement is an incident of its own."""
        text = place.text()
        if text not in writers and text not in self.policy.modes:
            near = nearest(text, [*writers, *self.policy.modes])
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join(dict.fromkeys(writers)) or 'none yet'}"
            place.refuse("unknown-author", f"nobody called `{shown(text)}` has written yet; {hint}")
        return text

    def _subject(self, verb: str, place: Place) -> str:
        match verb:
            case "approves" | "refuses":
                steps = ("reply", "apologise", "resolve")
                return named(place, self.policy, "template", "action", more=steps)
            case "grants" | "fails" | "works":
                return named(place, self.policy, "action")
            case "switches":
                return named(place, self.policy, "mode")
        return place.text()

    def _field(self, place: Place, writers: list[str]) -> object:
        match place.key:
            case "on" | "elsewhere":
                return flag(place)
            case "to":
                return named(place, self.policy, "person")
            case "department":
                return named(place, self.policy, "department")
            case "into":
                return self._about(place, writers)
        return place.text()


_FIELDS = ("on", "elsewhere", "to", "department", "into", "text", "step", "because", "amount", "outcome")
"""What a step says of the event it is, beside who and whose."""


def _verb(place: Place) -> str:
    """The one key that says what is done; "" after a complaint."""
    held = place.value if isinstance(place.value, dict) else {}
    verbs = [key for key in held if key in BESIDE]
    if len(verbs) != 1:
        wanted = f"write one of {', '.join(BESIDE)}"
        place.refuse("step", f"{' and '.join(verbs) or 'nothing'} is done in this step; {wanted}")
        return ""
    verb = verbs[0]
    for key in held:
        if key not in ("at", verb, *BESIDE[verb]):
            entry = place.entry(key)
            assert entry is not None
            fitting = ", ".join(BESIDE[verb]) or "nothing but `at`"
            entry.refuse_key("exclusive-keys", f"`{key}` says nothing beside `{verb}`; {fitting} may stand there")
    for key in NEEDED.get(verb, ()):
        if key not in held:
            place.refuse("missing-required", f"`{key}` is missing beside `{verb}`; {_ASKED[key]}")
    return verb


_ASKED = {"by": "say which person does it", "on": "write on: true or on: false"}
