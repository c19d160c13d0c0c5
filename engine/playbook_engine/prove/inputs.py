"""What is free about one event and about the incident it meets: the variables of the proofs.

Only what the engine itself guarantees is demanded of them: that an account belongs to its channel, that nothing is
remembered before the first message, and the like. Nothing is assumed about how customers write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import ORIGINS, FactValue
from playbook_engine.policy.built_in import STAGES
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.formulas import TRUE, Formula, Formulas
from playbook_engine.prove.texts import free_text
from playbook_engine.prove.times import LATEST, Situation
from playbook_engine.prove.values import OneOf, Ranked, SetOf, Value, cuts, flag, one_of, ranked
from playbook_engine.prove.vocabulary import Vocabulary, responses_of

TEXTS = ("text", "author.handle", "author.name")
NUMBERS = ("number", "money", "duration")
NO_ACCOUNT = ""
OTHER_LANGUAGE = "zz"


class Inputs:
    """The free values of one message. `given` are those taken from elsewhere, such as another copy's.

    `values` holds them by name: built-in facts under their own, `told.X` what enrichment says of X, `held.X` what the
    incident remembers of X, `before.X` what was so before the event, and `now` and `was`, the situations in which the
    message is seen and was written.
    """

    def __init__(
        self,
        policy: Policy,
        formulas: Formulas,
        vocabulary: Vocabulary,
        situations: tuple[Situation, ...],
        given: Mapping[str, Value],
    ) -> None:
        self.policy, self.formulas, self.vocabulary, self.situations = policy, formulas, vocabulary, situations
        self.values: dict[str, Value] = dict(given)
        self._message()
        self._facts()
        self._incident()
        self._consistent()

    def _make(self, name: str, value: Value) -> None:
        self.values.setdefault(name, value)

    def named(self, fact: str) -> tuple[str, ...]:
        """The names that the playbook compares the fact with."""
        return _named(self.vocabulary, fact)

    def situation_at(self, at: int) -> int:
        """The number of the situation in which an instant (ms UTC) of the horizon lies."""
        for index, situation in enumerate(self.situations):
            if any(since <= at < until for since, until in zip(situation.since, situation.until, strict=True)):
                return index
        raise ValueError(f"the instant {at} lies outside the horizon of the proofs")

    def flag(self, name: str) -> Formula:
        """The formula of a flag that is never missing."""
        value = self.values[name]
        assert isinstance(value, OneOf)
        return value.members[True]

    def one_of(self, name: str) -> OneOf:
        value = self.values[name]
        assert isinstance(value, OneOf)
        return value

    def ranked(self, name: str) -> Ranked:
        value = self.values[name]
        assert isinstance(value, Ranked)
        return value

    def _message(self) -> None:
        formulas, vocabulary = self.formulas, self.vocabulary
        self._name("channel", channels_told_apart(self.policy, vocabulary))
        self._name("account", (*_named(vocabulary, "account"), NO_ACCOUNT))
        self._name("origin", ORIGINS)
        self._name("lang", (*_named(vocabulary, "lang"), OTHER_LANGUAGE), optional=True)
        for name in ("public", "automatic", "personal_data"):
            self._flag(name)
        self._flag("author.verified", optional=True)
        self._number("attachments", least=0)
        self._number("author.followers", least=0, optional=True)
        for name in TEXTS:
            if name not in self.values:
                self._make(name, free_text(formulas, vocabulary.asked(name)))
        self._names("mode", self.policy.modes)

    def _name(self, name: str, values: Iterable[FactValue], *, optional: bool = False) -> None:
        if name not in self.values:
            self._make(name, one_of(self.formulas, values, optional=optional))

    def _flag(self, name: str, *, optional: bool = False) -> None:
        if name not in self.values:
            self._make(name, flag(self.formulas, optional=optional))

    def _number(self, name: str, *, least: int, optional: bool = False, also: tuple[int, ...] = ()) -> None:
        if name not in self.values:
            edges = sorted({*cuts(self.vocabulary.asked(name), least, None), *also})
            self._make(name, ranked(self.formulas, edges, optional=optional))

    def _names(self, name: str, members: Iterable[str], given: Formula = TRUE) -> None:
        if name not in self.values:
            self._make(name, SetOf({member: self.formulas.free() for member in members}, given))

    def _facts(self) -> None:
        """What enrichment tells, and what the incident remembers of every declared fact."""
        settable = set_by_classify(self.policy)
        for fact in declared(self.policy):
            if fact.enriched_by:
                self._fact(f"told.{fact.name}", fact, fact.values)
            self._fact(f"held.{fact.name}", fact, fact.values if fact.enriched_by else settable[fact.name])

    def _fact(self, name: str, fact: FactType, values: tuple[FactValue, ...]) -> None:
        if name not in self.values:
            self._make(name, free_fact(self.formulas, self.vocabulary, fact, values))

    def _incident(self) -> None:
        policy = self.policy
        for name in ("edited", "late", "taken", "known_before", "later_round", "before.reopened"):
            self._flag(name)
        self._name("before.stage", STAGES)
        self._number("incident.messages", least=1, also=(2,))
        self._number("incident.public_turns", least=0, also=(1,))
        self._number("incident.age", least=0, also=(1, LATEST + 1))
        highest = max((len(ladder) for ladder in policy.ladders.values()), default=0)
        if "incident.level" not in self.values:
            self._make("incident.level", ranked(self.formulas, range(highest + 1), optional=False))
        tagged = tags_given(policy)
        self._names("incident.tags", (tag for tag in _named(self.vocabulary, "incident.tags") if tag in tagged))
        self._name("before.department", ("", *policy.departments))
        self._name("before.home", tuple(policy.departments))
        for name in ("now", "was"):
            self._name(name, range(len(self.situations)))

    def _consistent(self) -> None:
        """What the engine guarantees."""
        formulas = self.formulas
        channel = self.one_of("channel")
        for account, formula in self.one_of("account").members.items():
            if account != NO_ACCOUNT:
                formulas.demand(-formula, channel.when(str(account).partition(":")[0]))
        late, edited, taken = self.flag("late"), self.flag("edited"), self.flag("taken")
        for index in range(len(self.situations)):
            formulas.demand(late, -self.one_of("now").when(index), self.one_of("was").when(index))
        stage = self.one_of("before.stage")
        for name in ("new", "open", "reopened"):  # whoever takes an incident moves it on
            formulas.demand(-taken, -stage.when(name))
        formulas.demand(edited, -taken, -stage.when("resolved"))  # a message reopens it, and frees it
        formulas.demand(-stage.when("reopened"), self.flag("before.reopened"))
        formulas.demand(edited, -stage.when("resolved"), -formulas.any(self._remembered()))
        formulas.demand(-self.flag("later_round"), self.ranked("incident.messages").reaches[1])
        self._at_the_first_message(-formulas.either(edited, self.ranked("incident.messages").reaches[1]))

    def _remembered(self) -> list[Formula]:
        held = [self.values[f"held.{fact.name}"] for fact in declared(self.policy)]
        return [value.given if isinstance(value, SetOf) else value.has(self.formulas) for value in held]

    def _at_the_first_message(self, first: Formula) -> None:
        formulas, age = self.formulas, self.ranked("incident.age")
        never = [*self._remembered(), self.flag("taken"), self.flag("before.reopened"), self.flag("later_round")]
        never += self.ranked("incident.level").reaches[1:]
        never.append(age.reaches[age.values.index(LATEST + 1)])
        never.append(formulas.both(-self.flag("late"), age.reaches[1]))
        blank = formulas.both(first, -self.flag("known_before"))
        tags = self.values["incident.tags"]
        assert isinstance(tags, SetOf)
        unknown = [*tags.members.values(), self.ranked("incident.public_turns").reaches[1]]
        unknown += [-self.one_of("before.stage").when("new"), -self.one_of("before.department").when("")]
        for formula in never:
            formulas.demand(-first, -formula)
        for formula in unknown:
            formulas.demand(-blank, -formula)


def free_fact(formulas: Formulas, vocabulary: Vocabulary, fact: FactType, values: tuple[FactValue, ...]) -> Value:
    """A declared fact with any of the values, or none."""
    if fact.kind == "set":
        given = formulas.free()
        members = {str(value): formulas.free() for value in values}
        for member in members.values():
            formulas.demand(given, -member)
        return SetOf(members, given)
    if fact.kind == "flag":
        return flag(formulas, optional=True)
    if fact.enriched_by and fact.kind in NUMBERS:
        asked = cuts(vocabulary.asked(fact.name), fact.least, fact.most)
        default = (fact.default, fact.default + 1) if type(fact.default) is int else ()
        return ranked(formulas, sorted({*asked, *default}), optional=True)
    if fact.joins == "highest":
        return ranked(formulas, [value for value in fact.values if value in values], optional=True)
    return one_of(formulas, values, optional=True)


def declared(policy: Policy) -> tuple[FactType, ...]:
    """The playbook's own facts, those of enrichment included."""
    return tuple(fact for fact in policy.facts.values() if not fact.built_in)


def set_by_classify(policy: Policy) -> dict[str, tuple[FactValue, ...]]:
    """By declared fact, every value that some row sets; of a set its names."""
    found: dict[str, dict[FactValue, None]] = {fact.name: {} for fact in declared(policy)}
    for row in policy.classify:
        for name, value in row.sets.items():
            found[name] |= dict.fromkeys(value if isinstance(value, tuple) else (value,))
    return {name: tuple(values) for name, values in found.items()}


def tags_given(policy: Policy) -> frozenset[str]:
    """Every tag that an action of the playbook gives; nothing else does."""
    actions = [action for row in responses_of(policy) for step in STEPS for action in row.step(step).actions]
    actions += [action for rule in policy.rules for action in rule.actions]
    given = (action.parameters["tags"] for action in actions if action.name == "tag")
    return frozenset(str(tag) for tags in given for tag in (tags if isinstance(tags, tuple | list) else (tags,)))


def channels_told_apart(policy: Policy, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The channels that are named, those of the accounts that are, and one for all the others."""
    platforms = [account.partition(":")[0] for account in _named(vocabulary, "account")]
    named = tuple(dict.fromkeys((*_named(vocabulary, "channel"), *platforms)))
    used = [account.platform for account in policy.accounts.values()]
    others = [channel for channel in (*used, *policy.channels) if channel not in named]
    return (*named, *others[:1])


def _named(vocabulary: Vocabulary, fact: str) -> tuple[str, ...]:
    return tuple(str(value) for value in vocabulary.constants(fact))
