"""What must come of a story, and what must never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbook_engine.model.duty import STEPS
from playbook_engine.policy.compile.facts import fact_value
from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.compile.scalars import flag, integer
from playbook_engine.policy.money import parse_money, say_money
from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.happenings import KINDS, NONE
from playbook_engine.scenario.moments import moment, say_moment
from playbook_engine.scenario.names import known, named, said
from playbook_engine.scenario.suite import Check, Expectation
from playbook_engine.text.scalars import shown

ROWS = ("route", "target", "respond", "rule", "department", "facts")
"""What may stand beside every kind: what decided, and what was known."""

_MESSAGE = ("step", "to", "channel", "lang", "text", "approved_by", "outcome")
BESIDE: Mapping[str, tuple[str, ...]] = {
    "send": _MESSAGE,
    "post": _MESSAGE,
    "notify": ("level", "purpose", "channel", "text", "outcome"),
    "draft": ("step", "asks", "because", "channel", "lang", "text", "with"),
    "action": ("step", "approved_by", "outcome", "with"),
    "met": ("person",),
    "late": ("person",),
    "breached": (),
    "waived": ("person", "because"),
    "stage": (),
    "suppressed": ("because", "step"),
    "mode_started": (),
    "mode_ended": (),
    "decision": ("ignored", "classify", "human_only", "due"),
}
"""What else may stand beside each kind; of `decision` no key says that it is one."""

TIMES = ("at", "by", "between")
NAMED: Mapping[str, str] = {
    "send": "template",
    "post": "template",
    "suppressed": "template",
    "notify": "person",
    "asks": "person",
    "action": "action",
    "mode_started": "mode",
    "mode_ended": "mode",
    "department": "department",
    "level": "level",
    "channel": "channel",
    "route": "row of `route`",
    "target": "row of `targets`",
    "respond": "row of `respond`",
    "rule": "rule",
    "ignored": "row of `ignore`",
    "classify": "row of `classify`",
    "approved_by": "person",
}
"""What the keys name that name something of the playbook."""

OR_NONE = ("route", "target", "respond", "rule", "department", "ignored", "classify", "approved_by")
SEVERAL = ("rule", "classify")
"""Of which there may be several: a single name is one of them, a list is all of them."""


@dataclass
class Expecting:
    """Expectations being read for a story from `start` to `until` (ms UTC; None where the story does not say)."""

    policy: Policy
    start: int
    until: int | None = None

    def expectations(self, place: Place) -> tuple[Expectation, ...]:
        return tuple(found for each in place.elements() for found in self._expected(each))

    def _expected(self, place: Place) -> Iterator[Expectation]:
        kind = self._kind(place)
        if not kind:
            return
        first, last = self._window(place)
        checks = tuple(check for each in place.entries() for check in self.checks(each.key, each, kind))
        if kind == "decision" and not checks:
            place.refuse("vacuous", "this expects nothing; say what must happen, such as `send` or `route`")
        if kind in ("send", "post", "notify", "action") and all(check.field != "outcome" for check in checks):
            checks = (*checks, Check("outcome", "is", "delivered"))
        times = place.entry("times")
        count = integer(times, least=2) if times is not None else 1
        for _ in range(count):
            yield Expectation(kind, checks, place.span, said(place), first, last)

    def _kind(self, place: Place) -> str:
        """What the expectation is about; "" after a complaint."""
        held = tuple(place.value) if isinstance(place.value, dict) else ()
        kinds = [key for key in held if key in KINDS]
        if len(kinds) > 1:
            place.refuse("exclusive-keys", f"{' and '.join(kinds)} are two things; write an expectation for each")
            return ""
        kind = kinds[0] if kinds else "decision"
        fitting = (*TIMES, "times", *kinds, *BESIDE[kind], *ROWS)
        for key in held:
            entry = place.entry(key)
            if key not in fitting and entry is not None:
                what = f"beside `{kind}`" if kinds else "where nothing says what happens, such as `send` or `notify`"
                entry.refuse_key("exclusive-keys", f"`{key}` says nothing {what}; {', '.join(fitting)} may stand there")
        return kind

    def _window(self, place: Place) -> tuple[int | None, int | None]:
        given = [each for key in TIMES if (each := place.entry(key)) is not None]
        if len(given) > 1:
            given[1].refuse_key("exclusive-keys", "only one of `at`, `by` and `between` may stand here")
        if not given:
            return None, None
        when = given[0]
        if when.key != "between":
            at = self.moment(when)
            return (at if when.key == "at" else None), at
        bounds = [self.moment(each) for each in when.elements()]
        if len(bounds) != 2 or bounds[0] > bounds[1]:
            when.refuse("window", "`between` takes two moments, the earlier one first; write for instance [10m, 20m]")
            return None, None
        return bounds[0], bounds[1]

    def moment(self, place: Place) -> int:
        """An instant within the story."""
        try:
            at = moment(place.text(), self.start, self.policy.timezone)
        except ValueError as fault:
            place.refuse("wrong-form", str(fault))
            return self.start
        zone = self.policy.timezone
        if at < self.start:
            place.refuse("window", f"this is before the story starts, at {say_moment(self.start, zone)}")
        elif self.until is not None and at > self.until:
            place.refuse("window", f"the story ends at {say_moment(self.until, zone)}; write a later `until`")
        return at

    def checks(self, key: str, place: Place, kind: str) -> Iterator[Check]:
        """What one entry asks of a happening of that kind."""
        name = "name" if key == kind else key
        if key in TIMES or key == "times":
            return
        if key == "text":
            yield from self._text(place)
        elif key == "facts":
            for each in place.entries():
                yield from self.fact(each.key, each)
        elif key == "due":
            for each in place.entries():
                yield self.due(each.key, each)
        elif key == "with":
            for each in place.entries():
                yield Check(f"with.{each.key}", "is", _parameter(each.text()))
        elif key == "human_only":
            yield Check(key, "is", flag(place))
        elif key == "draft":
            yield Check("name", "is", named(place, self.policy, "template", "action"))
        elif key in NAMED:
            yield self._name(name, key, place)
        elif key == "person":
            yield Check(key, "is", named(place, self.policy, "person", more=("automatic",)))
        elif key == "step":
            yield Check(key, "is", place.one_of((*STEPS, NONE), "unknown-value", "a step").replace(NONE, ""))
        else:
            yield Check(name, "is", place.text())

    def _name(self, name: str, key: str, place: Place) -> Check:
        more = (NONE,) if key in OR_NONE else ()
        if isinstance(place.value, list):
            listed = tuple(named(each, self.policy, NAMED[key], more=more) for each in place.elements())
            return Check(name, "is", listed)
        how = "has" if key in SEVERAL else "is"
        found = named(place, self.policy, NAMED[key], more=more)
        return Check(name, how, (found,) if how == "has" else found)

    def due(self, step: str, place: Place) -> Check:
        """A deadline; it may lie after the end of the story."""
        if place.text() == NONE:
            return Check(f"due.{step}", "is", NONE)
        return Check(f"due.{step}", "is", Expecting(self.policy, self.start).moment(place))

    def fact(self, name: str, place: Place) -> Iterator[Check]:
        """A fact of the playbook's own; of a set a single name is one of it, a list all of it."""
        if not known(place, name, self.policy, "fact"):
            return
        fact = self.policy.facts[name]
        if place.value == NONE and NONE not in fact.values:
            yield Check(f"facts.{name}", "is", () if fact.kind == "set" else NONE)
            return
        value = fact_value(place, fact)
        several = fact.kind == "set" and isinstance(place.value, str)
        yield Check(f"facts.{name}", "has" if several else "is", value)

    def _text(self, place: Place) -> Iterator[Check]:
        if isinstance(place.value, str):
            yield Check("text", "is", place.value)
            return
        for each in place.entries():
            texts = tuple(one.text() for one in each.one_or_more())
            for empty in (text for text in texts if not text.strip()):
                each.refuse("empty", f"`{shown(empty)}` is in every text; write words")
            yield Check("text", "has" if each.key == "contains" else "lacks", texts)


def _parameter(text: str) -> str:
    """Money as a run says it, with all the digits of its currency; any other text as it is."""
    try:
        amount = parse_money(text)
    except ValueError:
        return text
    return say_money(amount.amount, amount.currency)
