"""What an operator is: a test that a playbook may put to a fact, with a sentence for it in English and Japanese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.patterns import Pattern

Written: TypeAlias = "str | tuple[str, ...]"
"""An operand as it stands in the playbook: one scalar or a list of them."""

Operand: TypeAlias = "bool | int | str | tuple[int | str, ...] | Pattern"
"""An operand made ready: a number in minor units or ms, folded texts, names."""


class OperandError(ValueError):
    """An operand that its operator cannot take with this fact. The message says what it takes instead."""


@dataclass(frozen=True)
class Operator:
    """One test. `reads` lists the kinds of facts it can be put to.

    `prepare` makes an operand ready once, when the playbook is read, and raises OperandError. `test` is total: a
    missing fact is None, and neither it nor a value of another kind than the operand's passes, so a flag is not
    the number 1. `implied` marks an operator that no playbook names: it is meant where a bare value or list
    stands. `sentence` follows the name of the fact and holds `{operand}`.
    """

    name: str
    reads: tuple[str, ...]
    sentence: str
    sentence_ja: str
    prepare: Callable[[Written, FactType], Operand]
    test: Callable[[FactValue | None, Operand], bool]
    implied: bool = False

    def say(self, operand: Written, language: str = "en") -> str:
        """The sentence with the operand as it was written.

        >>> from playbook_engine.policy.operators import OPERATORS
        >>> OPERATORS["contains"].say(("burnt", "injured"))
        'contains any of burnt, injured'
        """
        written = operand if isinstance(operand, str) else ("、" if language == "ja" else ", ").join(operand)
        return (self.sentence_ja if language == "ja" else self.sentence).format(operand=written)
