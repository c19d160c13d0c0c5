"""One message put to a playbook, as formulas: what `decide` does with values, done with what is not known.

Follows `decide.facts.read_message`, `decide.customer.received` and `decide.promising.orient` step by step; the tests
hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from playbook_engine.model.event import FactValue
from playbook_engine.policy.conditions import Condition, facts_read
from playbook_engine.policy.policy import Action, Policy, Response, Row
from playbook_engine.prove.formulas import TRUE, Formula, Formulas
from playbook_engine.prove.inputs import TEXTS, Inputs, declared, set_by_classify
from playbook_engine.prove.joining import Growing, joined, unset, with_default
from playbook_engine.prove.scope import Scope
from playbook_engine.prove.times import Situation
from playbook_engine.prove.values import OneOf, SetOf, Value, one_of
from playbook_engine.prove.vocabulary import Vocabulary, responses_of

MESSAGE = (
    *("channel", "account", "origin", "public", "lang", "automatic", "personal_data"),
    *("attachments", "author.followers", "author.verified"),
)
"""Built-in facts of one message that later sections may read."""

RECEIVED = "message.received"


@dataclass(frozen=True, order=True)
class RowName:
    """One row: its section, its id, and for a department's own response the department."""

    section: str
    id: str
    department: str = ""


@dataclass(frozen=True)
class RowFormulas:
    """When a row is `asked` at all, when its condition `holds`, and when it is its `turn`: none before it has won.

    In a list of which every row that matches counts, it is a row's turn whenever it is asked.
    """

    asked: Formula
    holds: Formula
    turn: Formula


class Encoding:
    """All that one playbook makes of one message. `inputs` are its free values."""

    def __init__(
        self,
        policy: Policy,
        formulas: Formulas,
        vocabulary: Vocabulary,
        situations: tuple[Situation, ...],
        given: Mapping[str, Value] | None = None,
    ) -> None:
        self.policy, self.formulas = policy, formulas
        self.inputs = Inputs(policy, formulas, vocabulary, situations, given or {})
        self.rows: dict[RowName, RowFormulas] = {}
        self.scopes: dict[str, Scope] = {}
        self.guesses: list[Formula] = []
        """What steps may do before the rules are asked: left open, and mostly not done."""
        self.moved_to = OneOf({})
        """Who has it then, where they may hand it over."""
        self._read()
        self._join()
        self._orient()
        self._respond()
        self._beside()

    # Reading: `ignore`, then `classify`.

    def _read(self) -> None:
        values, policy = self.inputs.values, self.policy
        seen: dict[str, Value] = {fact.name: self._unset(fact.name) for fact in declared(policy)}
        seen |= {name: values[name] for name in (*MESSAGE, *TEXTS, "mode")}
        seen |= self._open("now")
        for fact in declared(policy):
            if fact.enriched_by:
                seen[fact.name] = with_default(self.formulas, fact, values[f"told.{fact.name}"])
        self._seen = seen
        self.ignored = self._first("ignore", policy.ignore, self._scope("ignore", seen), TRUE)
        self._classify()

    def _unset(self, name: str) -> Value:
        fact = self.policy.facts[name]
        return with_default(self.formulas, fact, unset(fact))

    def _open(self, situation: str) -> dict[str, Value]:
        return {f"open.{name}": _flag(self._is_open(situation, name)) for name in self.policy.calendars}

    def _is_open(self, situation: str, calendar: str) -> Formula:
        chosen = self.inputs.one_of(situation)
        opening = [i for i, each in enumerate(self.inputs.situations) if calendar in each.open]
        return self.formulas.any(chosen.when(index) for index in opening)

    def _classify(self) -> None:
        formulas, policy, settable = self.formulas, self.policy, set_by_classify(self.policy)
        growing = {
            fact.name: Growing(formulas, fact, settable[fact.name]) for fact in declared(policy) if not fact.enriched_by
        }
        untouched = Scope(formulas, self._seen)
        for row in policy.classify:
            own = {name: self.read(name, growing[name].value) for name in facts_read(row.when) if name in growing}
            scope = Scope(formulas, {**self._seen, **own}) if own else untouched
            holds = scope.holds(row.when)
            self.rows[RowName("classify", row.id)] = RowFormulas(-self.ignored, holds, -self.ignored)
            for name, value in row.sets.items():
                growing[name].add(holds, value)
        self.message: dict[str, Value] = {name: each.value for name, each in growing.items()}
        """What this message alone says of the declared facts, defaults not counted."""
        self.message |= {
            fact.name: self.inputs.values[f"told.{fact.name}"] for fact in declared(policy) if fact.enriched_by
        }
        read = {name: self.read(name, value) for name, value in self.message.items()}
        self._scope("classify", {**self._seen, **read})

    def read(self, name: str, value: Value) -> Value:
        """A declared fact as conditions read it."""
        return with_default(self.formulas, self.policy.facts[name], value)

    # Joining, and finding department, target and response.

    def _join(self) -> None:
        held = self.inputs.values
        self.joined: dict[str, Value] = {
            name: joined(self.formulas, self.policy.facts[name], held[f"held.{name}"], value)
            for name, value in self.message.items()
        }
        """What the incident remembers of the declared facts after this message."""

    def _incident(self, department: Value) -> dict[str, Value]:
        """Everything that `route` and later sections may read, while `department` answers."""
        values, formulas = self.inputs.values, self.formulas
        facts: dict[str, Value] = {name: values[name] for name in (*MESSAGE, "mode")}
        facts |= {name: self.read(name, value) for name, value in self.joined.items()}
        facts |= {f"message.{name}": self.read(name, value) for name, value in self.message.items()}
        facts |= self._open("now")
        for name in ("messages", "public_turns", "age", "level", "tags"):
            facts[f"incident.{name}"] = values[f"incident.{name}"]
        reopens = formulas.both(-self.inputs.flag("edited"), self.inputs.one_of("before.stage").when("resolved"))
        facts["incident.reopened"] = _flag(formulas.either(self.inputs.flag("before.reopened"), reopens))
        facts["incident.stage"] = self._stage()
        facts["incident.department"] = department
        return facts

    def _stage(self) -> OneOf:
        """After the message: it ends the waiting, and reopens what was resolved. An edit changes nothing."""
        before, edited, formulas = self.inputs.one_of("before.stage"), self.inputs.flag("edited"), self.formulas
        after = dict(before.members)
        for stage, follows in (("waiting", "acknowledged"), ("resolved", "reopened")):
            moved = formulas.both(-edited, before.when(stage))
            after[follows] = formulas.either(after[follows], moved)
            after[stage] = formulas.both(edited, before.when(stage))
        return OneOf(after)

    def _orient(self) -> None:
        formulas, inputs = self.formulas, self.inputs
        self.oriented = formulas.both(-self.ignored, -inputs.flag("taken"))
        """When department, target and response are looked for: until a person has taken the incident."""
        before = inputs.one_of("before.department")
        route = self._scope("route", self._incident(before))
        self._first("route", self.policy.route, route, self.oriented)
        homes: dict[str, list[Formula]] = {name: [] for name in self.policy.departments}
        for row in self.policy.route:
            homes[row.department].append(self.wins(RowName("route", row.id)))
        self.home = OneOf({name: formulas.any(wins) for name, wins in homes.items()})
        """Whose matter it is, where that is looked for."""
        self.department = self._answering(self.home)
        """Who answers it now."""

    def _answering(self, home: OneOf) -> OneOf:
        formulas, now = self.formulas, self.inputs.one_of("now")
        found: dict[FactValue, list[Formula]] = {}
        for name, matter in home.members.items():
            by_answer: dict[str, list[Formula]] = {}
            for index, situation in enumerate(self.inputs.situations):
                by_answer.setdefault(situation.answers(str(name)), []).append(now.when(index))
            for answer, when in by_answer.items():
                always = len(by_answer) == 1
                found.setdefault(answer, []).append(matter if always else formulas.both(matter, formulas.any(when)))
        return OneOf({name: formulas.any(found.get(name, ())) for name in ("", *self.policy.departments)})

    def _with_hours(self, facts: dict[str, Value], department: OneOf) -> dict[str, Value]:
        for fact, situation in (("department.open", "now"), ("department.was_open", "was")):
            facts[fact] = _flag(self.formulas.any(self._open_where(department, situation)))
        return facts

    def _open_where(self, department: OneOf, situation: str) -> Iterable[Formula]:
        for name, formula in department.members.items():
            calendar = self.policy.departments[str(name)].calendar if name else ""
            yield self.formulas.both(formula, self._is_open(situation, calendar)) if calendar else formula

    def _respond(self) -> None:
        facts = self._with_hours(self._incident(self.department), self.department)
        scope = self._scope("respond", facts)
        for section in ("targets", "assume"):
            self.scopes[section] = scope
        decided = self.formulas.both(self.oriented, -self.department.when(""))
        self._first("targets", self.policy.targets, scope, decided)
        self._responses(scope, decided)
        self.kept = self._kept_department()
        """Who answers, also where a person has taken the incident and nothing is looked for."""
        scope = self._scope("human_only", self._incident(self.kept))
        self.human_only = self.formulas.any(scope.holds(test) for test in self.policy.human_only)
        """Whether machines stay silent."""

    def _responses(self, scope: Scope, decided: Formula) -> None:
        """The rows of who answers, then of whose matter it is, then the common ones."""
        formulas, home, now = self.formulas, self.home, self.department
        own = {name: each.respond for name, each in self.policy.departments.items() if each.respond}
        matched = {name: formulas.any(scope.holds(row.when) for row in rows) for name, rows in own.items()}
        answered = formulas.any(formulas.both(now.when(name), matched[name]) for name in own)
        for name, rows in own.items():
            second = formulas.all((home.when(name), -now.when(name)))
            asked = formulas.both(decided, formulas.either(now.when(name), second))
            turn = formulas.both(decided, formulas.either(now.when(name), formulas.both(second, -answered)))
            self._ordered("respond", rows, scope, asked, turn, name)
        taken = formulas.any(
            formulas.both(formulas.either(now.when(name), home.when(name)), matched[name]) for name in own
        )
        self._ordered("respond", self.policy.respond, scope, decided, formulas.both(decided, -taken))

    def response_rows(self) -> Iterable[tuple[Response, Formula]]:
        """Every response, and when it wins."""
        own = [(row, each.id) for each in self.policy.departments.values() for row in each.respond]
        for row, department in (*own, *((row, "") for row in self.policy.respond)):
            yield row, self.wins(RowName("respond", row.id, department))

    # Rules and modes, which do not change what was decided.

    def _beside(self) -> None:
        asked = self.formulas.both(-self.ignored, -self.inputs.flag("edited"))
        scope = self._scope("modes", self._counted())
        for mode in self.policy.modes.values():
            thresholds = [each for each in (mode.starts, mode.ends) if each is not None]
            holds = self.formulas.any(scope.holds(each.when) for each in thresholds)
            self.rows[RowName("modes", mode.id)] = RowFormulas(asked, holds, asked)
        scope = self._scope("rules", self._after_steps())
        for rule in self.policy.rules:
            if rule.event == RECEIVED and not rule.after:
                self.rows[RowName("rules", rule.id)] = RowFormulas(asked, scope.holds(rule.when), asked)

    def _counted(self) -> dict[str, Value]:
        """What counting reads: what this message says, else what is remembered, else the default."""
        facts = dict(self.scopes["respond"].facts)
        for name, value in self.message.items():
            fact = replace(self.policy.facts[name], joins="latest")
            facts[name] = with_default(self.formulas, fact, joined(self.formulas, fact, self.joined[name], value))
        return facts

    def _after_steps(self) -> dict[str, Value]:
        """What rules read: with the department of whoever has taken it, and after what the steps may have done."""
        formulas = self.formulas
        done = {action.name for row in responses_of(self.policy) for action in _acted(row)}
        department = self.kept
        if "hand_over" in done:
            moved, other = self._guess(), one_of(formulas, self.policy.departments, optional=False)
            self.moved_to = other
            department = OneOf(
                {name: formulas.choice(moved, other.when(name), when) for name, when in department.members.items()}
            )
        facts = self._with_hours(self._incident(department), department)
        stage, tags = facts["incident.stage"], facts["incident.tags"]
        if "resolve" in done and isinstance(stage, OneOf):
            facts["incident.stage"] = self._perhaps(stage, "resolved")
        if "tag" in done and isinstance(tags, SetOf):
            facts["incident.tags"] = SetOf(
                {name: formulas.either(when, self._guess()) for name, when in tags.members.items()}
            )
        return facts

    def _guess(self) -> Formula:
        self.guesses.append(self.formulas.free())
        return self.guesses[-1]

    def _kept_department(self) -> OneOf:
        formulas, taken, edited = self.formulas, self.inputs.flag("taken"), self.inputs.flag("edited")
        before, kept = self.inputs.one_of("before.department"), self._answering(self.inputs.one_of("before.home"))
        return OneOf(
            {
                name: formulas.choice(taken, formulas.choice(edited, before.when(name), kept.when(name)), when)
                for name, when in self.department.members.items()
            }
        )

    def _perhaps(self, value: OneOf, member: FactValue) -> OneOf:
        """The value, or just as well `member`."""
        instead, formulas = self._guess(), self.formulas
        kept = {each: formulas.both(-instead, when) for each, when in value.members.items()}
        return OneOf({**kept, member: formulas.either(instead, kept[member])})

    # Rows.

    def _scope(self, section: str, facts: Mapping[str, Value]) -> Scope:
        self.scopes[section] = Scope(self.formulas, facts)
        return self.scopes[section]

    def _first(self, section: str, rows: Iterable[Row], scope: Scope, asked: Formula) -> Formula:
        return self._ordered(section, rows, scope, asked, asked)

    def _ordered(
        self, section: str, rows: Iterable[Row], scope: Scope, asked: Formula, turn: Formula, department: str = ""
    ) -> Formula:
        """The rows of a list in which the first one that matches wins; when one does. `turn` is when it is its turn."""
        none_before, formulas = turn, self.formulas
        for row in rows:
            holds = scope.holds(row.when)
            self.rows[RowName(section, row.id, department)] = RowFormulas(asked, holds, none_before)
            none_before = formulas.both(none_before, -holds)
        return formulas.both(turn, -none_before)

    def matches(self, name: RowName) -> Formula:
        """When the row is asked for and its condition holds."""
        return self.formulas.both(self.rows[name].asked, self.rows[name].holds)

    def wins(self, name: RowName) -> Formula:
        """When it is the row that decides: its turn, and its condition holds."""
        return self.formulas.both(self.rows[name].turn, self.rows[name].holds)

    def holds(self, condition: Condition, section: str) -> Formula:
        """When a condition written in a section holds."""
        return self.scopes[section].holds(condition)


def _flag(formula: Formula) -> OneOf:
    """A flag that is never missing."""
    return OneOf({True: formula, False: -formula})


def _acted(row: Response) -> Iterable[Action]:
    """The actions that a response carries out by itself."""
    steps = (row.reply, row.apologise, row.resolve)
    return (action for step in steps if step.kind == "do" for action in step.actions)
