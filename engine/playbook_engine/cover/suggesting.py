"""Tests for what is not covered: found by the prover, played by the engine, kept only where they cover it and pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from msgspec import structs

from playbook_engine.cover.days import kinds_of
from playbook_engine.cover.elements import Element
from playbook_engine.cover.goals import Goals
from playbook_engine.cover.stories import Draft, Untold, drafted, written
from playbook_engine.cover.watching import seen
from playbook_engine.decide.telling import person_for
from playbook_engine.errors import PlaybookProblems
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.judging import judge
from playbook_engine.scenario.suite import SECOND, Suite, Test

MINUTE = 60 * SECOND
HOUR, YEAR = 60 * MINUTE, 365 * 24 * 60 * MINUTE


@dataclass(frozen=True)
class Suggestion:
    """A test as text, and the keys it covers."""

    text: str
    covers: frozenset[str]


class Suggesting:
    """Suggestions for one playbook; `read` makes a suite of the text of its tests."""

    def __init__(self, policy: Policy, since: int, read: Callable[[str], Suite]) -> None:
        self._policy, self._since, self._read = policy, since, read
        self._goals = Goals(policy, since)

    def suggest(self, uncovered: Sequence[Element]) -> Iterator[Suggestion]:
        """One test after the other; what an earlier one covers along the way is not asked for again."""
        covered: set[str] = set()
        for element in uncovered:
            if element.key in covered:
                continue
            found = self._for(element)
            if found is not None:
                covered |= found.covers
                yield found

    def _for(self, element: Element) -> Suggestion | None:
        example = self._goals.example(element)
        if example is None:
            return None
        events, parts = tuple(self._known(each) for each in example.events), element.key.split("|")
        try:
            found = (self._tried(draft, element) for draft in self._drafts(events, parts))
            return next((each for each in found if each is not None), None)
        except (Untold, PlaybookProblems):
            return None

    def _known(self, event: Event) -> Event:
        """What somebody of ours did, done by one whom the playbook knows."""
        known = not event.by or event.by in self._policy.people
        return event if known else structs.replace(event, by=self._policy.undecided.person)

    def _drafts(self, events: tuple[Event, ...], parts: list[str]) -> Iterator[Draft]:
        match parts:
            case ["calendars", calendar, kind, channel]:
                yield from self._at(tuple(self._on(channel, each) for each in events), calendar, kind)
            case ["texts", _, language]:
                yield drafted(tuple(structs.replace(each, lang=language) for each in events))
            case _:
                yield from self._around(drafted(events), parts)

    def _on(self, channel: str, event: Event) -> Event:
        """The event on another channel, where it reaches the first of our accounts."""
        if event.channel == channel:
            return event
        first = next(each.id for each in self._policy.accounts.values() if each.platform == channel)
        return structs.replace(event, channel=channel, account=first.partition(":")[2])

    def _at(self, events: Sequence[Event], calendar: str, kind: str) -> Iterator[Draft]:
        """The same messages at a moment of that kind, on whole half hours."""
        hours, found = self._policy.calendars[calendar].hours, 0
        for at in range(self._since, self._since + YEAR, HOUR // 2):
            if kind in kinds_of(hours, at):
                yield drafted(events, at)
                found += 1
            if found > 2:
                return

    def _around(self, draft: Draft, parts: list[str]) -> Iterator[Draft]:
        """The draft with what has to happen after its messages."""
        match parts:
            case ["boundaries", "target", target, step, _] | ["steps", target, step, _]:
                under = {"step": step.removeprefix("next_"), "target": target}
                failing = {"at": "0m", "fails": "send"}
                for begun in (draft, replace(draft, steps=(failing, *draft.steps))):
                    yield replace(self._again(begun) if step == "next_reply" else begun, around=under)
            case ["levels", _, level, way]:
                yield from self._level(draft, level, way)
            case _:
                yield draft

    def _again(self, draft: Draft) -> Draft:
        """Somebody answers, and the customer writes once more."""
        at = draft.until
        answer = {"at": f"{at // SECOND}s", "by": self._person(draft), "says": "(a first answer)", "step": "reply"}
        again = {"at": f"{at // SECOND + 60}s", "message": draft.steps[-1]["message"]}
        return replace(draft, steps=(*draft.steps, answer, again), until=at + 2 * MINUTE)

    def _person(self, draft: Draft) -> str:
        incident = self._incident(draft)
        department = self._policy.departments.get(incident.department) if incident is not None else None
        return person_for(self._policy, department, "department.on_duty", draft.start + draft.until)

    def _incident(self, draft: Draft) -> Incident | None:
        ran = judge(self._policy, self._test(draft, "asked", "")).ran
        return next(iter(ran.store.incidents()), None) if ran is not None else None

    def _level(self, draft: Draft, name: str, way: str) -> Iterator[Draft]:
        """Time goes on until the level comes, or somebody is there a minute earlier."""
        incident = self._incident(draft)
        for duty in incident.duties if incident is not None else ():
            for level in duty.levels:
                after = level.at - draft.start
                if level.name == name and way == "reached":
                    yield replace(draft, until=max(draft.until, after + MINUTE))
                elif level.name == name and after > draft.until:
                    verb = (
                        {"does": "resolved"} if duty.step == "resolve" else {"says": "(an answer)", "step": duty.step}
                    )
                    step = {"at": f"{after // SECOND - 1}s", "by": self._person(draft), **verb}
                    yield replace(draft, steps=(*draft.steps, step), until=after + MINUTE)

    def _tried(self, draft: Draft, element: Element) -> Suggestion | None:
        """The draft with all that came of it, where that covers the element and passes."""
        place = f"{element.span.file}:{element.span.line}" if element.span is not None else ""
        text = self._text(draft, element.said, place)
        if text is None:
            return None
        suite = self._read(text)
        verdicts = [judge(self._policy, test) for test in suite.tests]
        keys = frozenset(chain.from_iterable(seen(self._policy, each.ran) for each in verdicts))
        fine = element.key in keys and all(each.passed for each in verdicts)
        return Suggestion(text, keys) if fine else None

    def _text(self, draft: Draft, name: str, place: str) -> str | None:
        if draft.around:
            return written(draft, name, self._policy.timezone, (), place)
        ran = judge(self._policy, self._test(draft, name, place)).ran
        happened = ran.happenings if ran is not None else ()
        return written(draft, name, self._policy.timezone, happened, place) if happened else None

    def _test(self, draft: Draft, name: str, place: str) -> Test:
        (test,) = self._read(written(replace(draft, around={}), name, self._policy.timezone, (), place)).tests
        return test
