"""How findings are shown: one file a format, each with a function `render`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from playbook_engine.lint.report import Report

FORMATS = tuple(sorted(each.name for each in pkgutil.iter_modules(__path__) if not each.name.startswith("_")))
"""The names of the formats, which are those of their files."""


def render(report: Report, name: str) -> str:
    """The report in a format, ending in a line break unless it is empty."""
    show: Callable[[Report], str] = import_module(f"{__name__}.{name}").render
    return show(report)
