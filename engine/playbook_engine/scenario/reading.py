"""A file of tests, read: every problem with its place, every name looked up, nothing that could pass by accident."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.model.action import ActionSpec
from playbook_engine.model.event import FactValue
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.scalars import day
from playbook_engine.policy.policy import Policy
from playbook_engine.resources import shipped
from playbook_engine.runtime.playbooks import Loaded
from playbook_engine.scenario.claiming import claim
from playbook_engine.scenario.expectations import Expecting
from playbook_engine.scenario.moments import instant, say_moment
from playbook_engine.scenario.names import named
from playbook_engine.scenario.steps import Timeline, Told, put, told
from playbook_engine.scenario.suite import SECOND, Body, Deadline, Mock, Recording, Skip, Stage, Story, Suite, Test
from playbook_engine.scenario.tables import stories
from playbook_engine.text.read import read
from playbook_engine.text.scalars import shown
from playbook_engine.text.validate import validate

SUFFIX = ".test.yaml"
FORMS: Mapping[str, tuple[str, ...]] = {
    "timeline": ("start", "until", "event", "mocks", "expect", "never", "open_world", "around_deadline"),
    "table": ("start", "event", "mocks"),
    "forall": ("start",),
    "events": ("start", "until", "mocks", "snapshot"),
}
"""The kinds of tests, by the key that makes them so, and what may stand beside it."""

AROUND = ((-SECOND, "1 s before"), (0, "at"), (SECOND, "1 s after"))


@dataclass(frozen=True)
class Source:
    """How a playbook is loaded: `load` gives it for a path, `actions` are those that plugins carry."""

    load: Callable[[Path], Loaded]
    actions: Mapping[str, ActionSpec]


@cache
def scenario_schema() -> Mapping[str, object]:
    """The JSON Schema of files of tests that ships with the engine."""
    schema = json.loads((shipped("schemas") / "scenario.schema.json").read_text("utf-8"))
    assert isinstance(schema, dict)
    return schema


def read_suite(path: Path, source: Source) -> Suite:
    """The tests in a file. Raises PlaybookProblems for what is wrong in it or its playbook, UsageError for no file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}; name a file that ends in {SUFFIX}") from None
    document, unreadable = read({path.as_posix(): content})
    faults = {*unreadable, *validate(document, scenario_schema())}
    if faults:
        raise PlaybookProblems(tuple(sorted(faults)), document.lines)
    playbook = path.parent / str(document.value.get("playbook", "."))
    loaded = source.load(playbook)
    if loaded.policy is None:
        raise PlaybookProblems(loaded.problems, loaded.document.lines)
    collector = Collector(document)
    tests = tuple(_Reader(collector, path, loaded, loaded.policy, source.actions).tests())
    if collector.found:
        raise PlaybookProblems(collector.problems, {**document.lines, **loaded.document.lines})
    return Suite(path, playbook, loaded.policy, tests)


@dataclass
class _Reader:
    collector: Collector
    path: Path
    loaded: Loaded
    policy: Policy
    actions: Mapping[str, ActionSpec]

    def tests(self) -> Iterator[Test]:
        names: dict[str, Place] = {}
        for place in self.collector.section("tests").elements():
            name = place.need("name")
            assert name is not None
            said = " ".join(name.text().split())
            if said in names:
                name.refuse(
                    "duplicate-name", f"a test called `{shown(said)}` is already at {names[said].span}; rename one"
                )
            names[said] = name
            skip = self._skip(place)
            opened = (entry := place.entry("open_world")) is not None and entry.value == "true"
            for suffix, body in self._bodies(place):
                yield Test(f"{said}{suffix}", name.span, body, skip, opened)

    def _skip(self, place: Place) -> Skip | None:
        entry = place.entry("skip")
        if entry is None:
            return None
        reason, until = entry.need("reason"), entry.need("until")
        assert reason is not None
        assert until is not None
        date = day(until)
        return Skip(reason.text(), instant(f"{date or '2000-01-01'}T00:00", self.policy.timezone), date)

    def _bodies(self, place: Place) -> Iterator[tuple[str, Body]]:
        form = self._form(place)
        if not form:
            return
        stage = self._stage(place)
        entry = place.entry(form)
        assert entry is not None
        match form:
            case "table":
                for row, story in stories(entry, self.policy, stage, self._common(place)):
                    yield f" [row {int(row.path[-1]) + 1}]", story
            case "events":
                yield from self._recording(place, entry, stage)
            case _ if stage is None:
                place.refuse("missing-required", "no `start` says when this begins; write it here, or under `defaults`")
            case "forall":
                body = claim(entry, self.loaded, self.actions, stage.start)
                if body is not None:
                    yield "", body
            case _:
                yield from self._timeline(place, entry, stage)

    def _form(self, place: Place) -> str:
        """Which kind of test it is; "" after a complaint."""
        held = tuple(place.value) if isinstance(place.value, dict) else ()
        forms = [key for key in held if key in FORMS]
        if len(forms) != 1:
            said = f"{' and '.join(forms)} stand side by side" if forms else "nothing happens in this test"
            place.refuse("vacuous", f"{said}; write one of {', '.join(FORMS)}")
            return ""
        for key in held:
            entry = place.entry(key)
            if key not in ("name", "skip", forms[0], *FORMS[forms[0]]) and entry is not None:
                fitting = ", ".join(("name", "skip", *FORMS[forms[0]]))
                entry.refuse_key(
                    "exclusive-keys", f"`{key}` says nothing beside `{forms[0]}`; {fitting} may stand there"
                )
        return forms[0]

    def _stage(self, place: Place) -> Stage | None:
        """Where the clock stands and what the world outside does; None where nothing says when it is."""
        defaults = self.collector.section("defaults")
        start = place.entry("start") or defaults.entry("start")
        mocks: dict[str, Mock] = {}
        facts: dict[str, FactValue] = {}
        for each in (self.collector.top().entry("mocks"), place.entry("mocks")):
            for mock in each.entries() if each is not None else ():
                if mock.key == "facts":
                    put({}, facts, "facts", mock, self.policy)
                elif _is_action(mock, self.policy):
                    mocks[mock.key] = _mock(mock)
        if start is None:
            return None
        try:
            at = instant(start.text(), self.policy.timezone)
        except ValueError as fault:
            start.refuse("wrong-form", f"`{shown(start.text())}` is not an instant: {fault}")
            return None
        return Stage(at, facts, mocks)

    def _common(self, place: Place) -> tuple[Told, ...]:
        defaults = self.collector.section("defaults").entry("event")
        return told(defaults, self.policy), told(place.entry("event"), self.policy)

    def _timeline(self, place: Place, entry: Place, stage: Stage) -> Iterator[tuple[str, Story | Deadline]]:
        steps = Timeline(self.policy, stage.start, self._common(place)).steps(entry)
        if not steps:
            return
        around = place.entry("around_deadline")
        if around is not None:
            yield from self._around(place, around, Story(stage, steps, steps[-1].at, closed=False))
            return
        until = self._until(place, stage, steps[-1].at)
        expecting = Expecting(self.policy, stage.start, until)
        expect, never, opened = place.entry("expect"), place.entry("never"), place.entry("open_world")
        closed = opened is None or opened.value != "true"
        self._check_expected(place, expect, never, closed, until, steps[-1].at)
        listed = expect is not None and isinstance(expect.value, list)
        expected = expecting.expectations(expect) if expect is not None and listed else ()
        forbidden = expecting.expectations(never) if never is not None else ()
        bounds = [bound for each in expected for bound in (each.first, each.last) if bound is not None]
        end = until if until is not None else max([steps[-1].at, *bounds])
        yield "", Story(stage, steps, end, expected, forbidden, closed)

    def _check_expected(
        self, place: Place, expect: Place | None, never: Place | None, closed: bool, until: int | None, last: int
    ) -> None:
        """A test that expects nothing says so, and says for how long nothing must happen."""
        if expect is None and (never is None or closed):
            advice = "list what must come of it, or write `expect: nothing`"
            place.refuse_key("vacuous", f"nothing is expected of this test; {advice}")
        silent = expect is None or expect.value == "nothing"
        if silent and (until is None or until <= last):
            (expect or place).refuse_key("vacuous", "until when must nothing happen? write `until` with a later moment")
        if expect is not None and silent and not closed:
            expect.refuse("vacuous", "`nothing` and `open_world` together expect nothing at all; take one out")

    def _until(self, place: Place, stage: Stage, last: int) -> int | None:
        entry = place.entry("until")
        if entry is None:
            return None
        until = Expecting(self.policy, stage.start).moment(entry)
        if until < last:
            entry.refuse(
                "window", f"the last step is later, at {say_moment(last, self.policy.timezone)}; write a later end"
            )
        return until

    def _around(self, place: Place, around: Place, story: Story) -> Iterator[tuple[str, Deadline]]:
        for key in ("expect", "never", "until", "open_world"):
            if (entry := place.entry(key)) is not None:
                entry.refuse_key("exclusive-keys", f"`{key}` says nothing beside `around_deadline`; take it out")
        step, by, target = around.need("step"), around.entry("by"), around.entry("target")
        assert step is not None
        person = named(by, self.policy, "person") if by is not None else ""
        row = named(target, self.policy, "row of `targets`") if target is not None else ""
        for offset, said in AROUND:
            yield f" [{said} the deadline]", Deadline(story, step.text(), offset, person, row)

    def _recording(self, place: Place, entry: Place, stage: Stage | None) -> Iterator[tuple[str, Recording]]:
        events, snapshot = self.path.parent / entry.text(), place.entry("snapshot")
        if not events.is_file():
            entry.refuse("unknown-file", f"{events.as_posix()} is not there; name a file of events from this folder")
        if snapshot is None:
            place.refuse(
                "missing-required", "`snapshot` is missing; name the file that says what must come of the events"
            )
            return
        begun, until = stage or Stage(0), place.entry("until")
        end = None if until is None else self._until(place, begun, begun.start)
        if until is not None and stage is None:
            until.refuse("missing-required", "`until` counts from `start`; write when it begins")
        yield "", Recording(begun, events, self.path.parent / snapshot.text(), end)


def _is_action(place: Place, policy: Policy) -> bool:
    if place.key in policy.actions:
        return True
    known = ("facts", *policy.actions)
    place.refuse_key("unknown-action", f"no action is called `{shown(place.key)}`", known, place.key)
    return False


def _mock(place: Place) -> Mock:
    outcomes, result = place.entry("outcomes"), place.entry("result")
    listed = tuple(each.text() for each in outcomes.elements()) if outcomes is not None else ("delivered",)
    found = {each.key: _value(each) for each in result.entries()} if result is not None else {}
    return Mock(listed, found)


def _value(place: Place) -> object:
    """What an action brings: flags as such, everything else as texts."""
    text = place.text()
    return text == "true" if text in ("true", "false") and not place.quoted else text
