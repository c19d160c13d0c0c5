"""Policy-as-config engine for answering customers: what a plugin, or a program that uses the engine, may import.

Everything is loaded when it is first asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook_engine.errors import PlaybookError, PlaybookProblems, UsageError
    from playbook_engine.hookspecs import (
        ANY,
        Action,
        Clients,
        DeliveryContext,
        HttpRequest,
        HttpResponse,
        LintRule,
        MailServer,
        PluginSettings,
        Secret,
        SendRate,
        Source,
        Undelivered,
        hookimpl,
    )
    from playbook_engine.model.action import ActionSpec
    from playbook_engine.model.delivery import Delivery, Receipt
    from playbook_engine.model.event import Author, Event
    from playbook_engine.model.span import Problem, Span
    from playbook_engine.policy.calendars import Calendar, load_zone
    from playbook_engine.policy.fold import fold
    from playbook_engine.policy.languages import detect
    from playbook_engine.policy.money import Money, parse_money, say_money
    from playbook_engine.policy.policy import Policy
    from playbook_engine.text.nearest import nearest

    __version__: str

__all__ = [
    "ANY",
    "Action",
    "ActionSpec",
    "Author",
    "Calendar",
    "Clients",
    "Delivery",
    "DeliveryContext",
    "Event",
    "HttpRequest",
    "HttpResponse",
    "LintRule",
    "MailServer",
    "Money",
    "PlaybookError",
    "PlaybookProblems",
    "PluginSettings",
    "Policy",
    "Problem",
    "Receipt",
    "Secret",
    "SendRate",
    "Source",
    "Span",
    "Undelivered",
    "UsageError",
    "__version__",
    "detect",
    "fold",
    "hookimpl",
    "load_zone",
    "nearest",
    "parse_money",
    "say_money",
]

_HOOKSPECS = (
    *("ANY", "Action", "Clients", "DeliveryContext", "HttpRequest", "HttpResponse", "LintRule", "MailServer"),
    *("PluginSettings", "Secret", "SendRate", "Source", "Undelivered", "hookimpl"),
)
_MODULES = {
    "PlaybookError": "errors",
    "PlaybookProblems": "errors",
    "UsageError": "errors",
    "ActionSpec": "model.action",
    "Delivery": "model.delivery",
    "Receipt": "model.delivery",
    "Author": "model.event",
    "Event": "model.event",
    "Problem": "model.span",
    "Span": "model.span",
    "Calendar": "policy.calendars",
    "load_zone": "policy.calendars",
    "fold": "policy.fold",
    "detect": "policy.languages",
    "Money": "policy.money",
    "parse_money": "policy.money",
    "say_money": "policy.money",
    "Policy": "policy.policy",
    "nearest": "text.nearest",
    **dict.fromkeys(_HOOKSPECS, "hookspecs"),
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("playbook-engine")
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
