"""From a model to an event: the plainest message of which everything is true that the model says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from playbook_engine.model.event import Author, Event, FactValue
from playbook_engine.policy.fold import fold
from playbook_engine.policy.personal import personal_data
from playbook_engine.prove.answer import Answer
from playbook_engine.prove.encode import Encoding
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.inputs import NO_ACCOUNT, OTHER_LANGUAGE, declared
from playbook_engine.prove.patterns import examples
from playbook_engine.prove.texts import Atom, Glue, TextValue, found, written
from playbook_engine.prove.values import OneOf, Ranked, SetOf

_OPENERS = ("Hello", "こんにちは", "Hi", "…", "")
_PERSONAL = (
    "write to cleo@mail.example",
    "a@b.example",
    "+81 90 1234 5678",
    "call 090-1234-5678",
    "4111 1111 1111 1111",
)
_NAMES = ("Cleo", "Kim", "")
_HANDLES = ("cleo", "kim", "")
_LANGUAGES = ("en", "ja", "fr", "de", OTHER_LANGUAGE)


@dataclass(frozen=True)
class Model:
    """What one answer says of the values of one encoding."""

    encoding: Encoding
    answer: Answer

    def holds(self, formula: Formula) -> bool:
        return self.encoding.formulas.solver.holds(formula, self.answer)

    def value(self, name: str) -> FactValue | None:
        """The value of an input; of numbers the least of those that are not told apart."""
        value = self.encoding.inputs.values[name]
        if isinstance(value, SetOf):
            members = tuple(sorted(each for each, formula in value.members.items() if self.holds(formula)))
            return members if members or self.holds(value.given) else None
        if isinstance(value, Ranked):
            reached = [each for each, formula in zip(value.values, value.reaches, strict=True) if self.holds(formula)]
            return reached[-1] if reached else None
        assert isinstance(value, OneOf)
        return next((each for each, formula in value.members.items() if self.holds(formula)), None)

    def number(self, name: str) -> int:
        value = self.value(name)
        assert isinstance(value, int)
        return value

    def upper(self, name: str) -> int | None:
        """The least number that is already too much; None without a bound."""
        value = self.encoding.inputs.ranked(name)
        above = [each for each, formula in zip(value.values, value.reaches, strict=True) if not self.holds(formula)]
        return int(str(above[0])) if above else None

    def atoms(self, name: str) -> dict[Atom, bool]:
        value = self.encoding.inputs.values[name]
        assert isinstance(value, TextValue)
        return {atom: self.holds(formula) for atom, formula in value.atoms.items()}


def event_of(model: Model, number: int, at: int, seen_at: int) -> Event:
    """The message, written at `at` and seen at `seen_at` (ms UTC); `number` tells it from others in its timeline."""
    channel, account = str(model.value("channel")), str(model.value("account"))
    edited = model.value("edited") is True
    told = (
        (fact.name, model.value(f"told.{fact.name}")) for fact in declared(model.encoding.policy) if fact.enriched_by
    )
    followers, verified = model.value("author.followers"), model.value("author.verified")
    return Event(
        source="prove",
        id=f"message-{number}",
        message=f"message-{number - 1 if edited else number}",
        type="message.edited" if edited else "message.received",
        at=at,
        seen_at=seen_at,
        channel=channel,
        account=_account(model, channel, account),
        origin=str(model.value("origin")),
        public=model.value("public") is True,
        automatic=model.value("automatic") is True,
        attachments=model.number("attachments"),
        author=Author(
            text_of(model.atoms("author.handle"), None, _HANDLES),
            text_of(model.atoms("author.name"), None, _NAMES),
            followers if isinstance(followers, int) else None,
            verified if isinstance(verified, bool) else None,
        ),
        text=text_of(model.atoms("text"), model.value("personal_data") is True, _OPENERS),
        lang=_language(model),
        modes=_set(model.value("mode")),
        enrichment={name: value for name, value in told if value is not None},
        person="customer",
        conversation="thread",
    )


def _set(value: FactValue | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _account(model: Model, channel: str, account: str) -> str:
    """The handle; where any other than those named will do, one of the playbook's own if it has one."""
    if account != NO_ACCOUNT:
        return account.removeprefix(f"{channel}:")
    named = model.encoding.inputs.named("account")
    others = [each.id for each in model.encoding.policy.accounts.values() if each.platform == channel]
    return next((each.removeprefix(f"{channel}:") for each in others if each not in named), "")


def _language(model: Model) -> str:
    value, named = model.value("lang"), model.encoding.inputs.named("lang")
    if value == OTHER_LANGUAGE:
        spoken = (*model.encoding.policy.languages, *_LANGUAGES)
        return next(each for each in spoken if each not in named)
    return "" if value is None else str(value)


def text_of(atoms: dict[Atom, bool], personal: bool | None, openers: tuple[str, ...]) -> str:
    """The plainest text in which exactly the true literals are found, with personal data or without (None: either).

    Where no candidate is exact, the last will do: the caller puts it to the engine.
    """
    best = ""
    for best in _candidates(atoms, personal, openers):
        folded = fold(best)
        if all(found(atom, folded) == wanted for atom, wanted in atoms.items()) and (
            personal is None or personal_data(best) == personal
        ):
            break
    return best


def _candidates(atoms: dict[Atom, bool], personal: bool | None, openers: tuple[str, ...]) -> Iterator[str]:
    literals = [literal for operator, literal in atoms if operator != "matches"]
    glue = Glue.for_literals(literals)
    patterns = [examples(literal) for (operator, literal), wanted in atoms.items() if wanted and operator == "matches"]
    chosen = [
        [each[min(taste, len(each) - 1)] for each in patterns if each]
        for taste in range(max(map(len, patterns), default=1))
    ]
    private = _PERSONAL if personal else ("",)
    if not any(atoms.values()) and not personal:
        yield from openers
    for plain, more, extra in product((True, False), chosen or [[]], private):
        yield written(atoms, glue, plain=plain, more=(*more, *([extra] if extra else ())))
