"""Conditions: frozen trees over facts, made into closures once, when they are built. SEMANTICS 4.

They are pure and compare with constants only, which is what `prove` can decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operator import Operand, OperandError, Written
from playbook_engine.policy.operators import OPERATORS, implied

Facts: TypeAlias = Mapping[str, FactValue]
"""What conditions read: a missing fact has no entry, a text fact is already folded, a set is never missing."""

_Check: TypeAlias = Callable[[Facts], bool]


@dataclass(frozen=True)
class Always:
    """Holds for everything; the only way to say so."""

    _check: _Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_check", lambda facts: True)


@dataclass(frozen=True)
class All:
    """Holds where every part does."""

    parts: tuple[Condition, ...]
    _check: _Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks = tuple(part._check for part in self.parts)

        def every(facts: Facts) -> bool:
            for check in checks:  # noqa: SIM110 - `all` with a generator takes twice as long
                if not check(facts):
                    return False
            return True

        object.__setattr__(self, "_check", checks[0] if len(checks) == 1 else every)


@dataclass(frozen=True)
class Any:
    """Holds where at least one part does."""

    parts: tuple[Condition, ...]
    _check: _Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks = tuple(part._check for part in self.parts)

        def some(facts: Facts) -> bool:
            for check in checks:  # noqa: SIM110 - `any` with a generator takes twice as long
                if check(facts):
                    return True
            return False

        object.__setattr__(self, "_check", checks[0] if len(checks) == 1 else some)


@dataclass(frozen=True)
class Not:
    """Holds where the part does not: also where a fact it asks for is missing."""

    part: Condition
    _check: _Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check = self.part._check
        object.__setattr__(self, "_check", lambda facts: not check(facts))


@dataclass(frozen=True)
class Test:
    """One fact put to one operator; a missing fact does not pass, but for `exists: false`.

    `kind` is the fact's; `written` is the operand as it stands in the playbook and `operand` what the
    operator's `prepare` made of it.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class of this name for a test otherwise

    fact: str
    kind: str
    operator: str
    written: Written
    operand: Operand
    _check: _Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        name, operand, test = self.fact, self.operand, OPERATORS[self.operator].test
        object.__setattr__(self, "_check", lambda facts: test(facts.get(name), operand))


Condition: TypeAlias = Always | All | Any | Not | Test


def make_test(fact: str, fact_type: FactType, written: Written, operator: str = "") -> Test:
    """The test that a playbook writes of a fact; without an operator the one that the bare value implies.

    `fact` may differ from the type's own name (`message.kind` has the type of `kind`). Raises ValueError with
    a sentence: the operator does not read facts of this kind, or cannot take the operand.
    """
    found = OPERATORS[operator] if operator else implied(written, fact_type)
    if fact_type.kind not in found.reads:
        raise OperandError(_misplaced(found.name, fact, fact_type))
    return Test(fact, fact_type.kind, found.name, written, found.prepare(written, fact_type))


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether the condition holds; never raises."""
    return condition._check(facts)


def each_test(condition: Condition) -> Iterator[Test]:
    """Every test of the tree, in the order written."""
    if isinstance(condition, Test):
        yield condition
    for part in parts_of(condition):
        yield from each_test(part)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions right below this one."""
    if isinstance(condition, All | Any):
        return condition.parts
    return (condition.part,) if isinstance(condition, Not) else ()


def facts_read(condition: Condition) -> frozenset[str]:
    return frozenset(test.fact for test in each_test(condition))


def texts_read(condition: Condition) -> frozenset[str]:
    """The facts read that are free text, a name or a handle: only `classify` may."""
    return frozenset(test.fact for test in each_test(condition) if test.kind == "text")


def _misplaced(operator: str, fact: str, fact_type: FactType) -> str:
    fitting = [name for name, other in OPERATORS.items() if fact_type.kind in other.reads and not other.implied]
    return (
        f"`{operator}` cannot be asked of `{fact}`, which is a {fact_type.kind}; "
        f"write a value, a list, or one of {', '.join(fitting)}"
    )
