"""The tests that conditions may put to facts, one file each: a new file in this folder is a new operator."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operator import Operator, Written


def _found() -> Mapping[str, Operator]:
    operators: dict[str, Operator] = {}
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        operator: Operator = import_module(f"{__name__}.{module.name}").OPERATOR
        operators[operator.name] = operator
    return MappingProxyType(operators)


OPERATORS = _found()
"""By name, in alphabetical order; also the implied ones."""

WRITTEN = tuple(name for name, operator in OPERATORS.items() if not operator.implied)
"""The names that a playbook may write."""


def implied(written: Written, fact: FactType) -> Operator:
    """The operator that a bare value or list stands for: equals or one of; on a set has it or has any."""
    if fact.kind == "set":
        return OPERATORS["has" if isinstance(written, str) else "has_any"]
    return OPERATORS["equals" if isinstance(written, str) else "one_of"]
