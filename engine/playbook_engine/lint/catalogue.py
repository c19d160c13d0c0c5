"""Every built-in rule, found by walking their package."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType

from playbook_engine.lint import rules
from playbook_engine.lint.rule import Rule


@cache
def built_in() -> tuple[Rule, ...]:
    """By their codes. A module of `rules` is one rule, called RULE; its docstring is the page."""
    found = []
    for each in pkgutil.iter_modules(rules.__path__):
        module = import_module(f"{rules.__name__}.{each.name}")
        found.append(replace(module.RULE, doc=module.__doc__ or ""))
    return tuple(sorted(found, key=lambda rule: rule.code))


@cache
def by_problem() -> Mapping[str, Rule]:
    """The rule that is the page of each code of a problem of reading."""
    return MappingProxyType({code: rule for rule in built_in() for code in rule.loads})
