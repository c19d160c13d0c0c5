"""What must hold of every playbook: one file a property, each with a PROPERTY."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from playbook_engine.prove.verdict import Property


@cache
def every_property() -> tuple[Property, ...]:
    """By their numbers."""
    found = [import_module(f"{__name__}.{each.name}").PROPERTY for each in pkgutil.iter_modules(__path__)]
    return tuple(sorted(found, key=lambda each: int(each.code[1:])))
