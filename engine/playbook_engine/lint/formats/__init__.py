"""How findings are shown: one file a format, each with a function `render`, and `coloured` where colour helps."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook_engine.lint.report import Report

FORMATS = tuple(sorted(each.name for each in pkgutil.iter_modules(__path__) if not each.name.startswith("_")))
"""The names of the formats, which are those of their files."""


def render(report: Report, name: str, colour: bool = False) -> str:
    """The report in a format, ending in a line break unless it is empty. `colour` is for a terminal that shows it.

    Whatever a playbook holds, the text can be encoded: half a surrogate pair is written as its escape.
    """
    module = import_module(f"{__name__}.{name}")
    show: Callable[[Report], str] = getattr(module, "coloured", module.render) if colour else module.render
    return show(report).encode("utf-8", "backslashreplace").decode("utf-8")
