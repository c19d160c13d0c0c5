"""A plugin of somebody else's: a verb of its own, a channel of its own, an enrichment, a source and a lint rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playbook_engine import (
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    Event,
    HttpRequest,
    LintRule,
    PluginSettings,
    Policy,
    Problem,
    Receipt,
    Source,
    Span,
    hookimpl,
)


def fax(delivery: Delivery, context: DeliveryContext) -> Receipt:
    """Sends one fax through Acme's gateway, or says which one it would send."""
    number = str(delivery.parameters.get("number") or delivery.parameters.get("to", ""))
    if "gateway" not in context.settings:
        context.clients.say(f"fax to {number}")
        return Receipt("delivered", message=f"fax:{delivery.key}")
    request = HttpRequest("POST", context.settings.text("gateway"), body=number.encode())
    answer = context.clients.http(request)
    return Receipt("delivered" if answer.status < 300 else "failed", message=answer.text)


def read(settings: PluginSettings) -> Iterable[bytes]:
    yield b'{"id": "1", "channel": "fax", "text": "hello"}'


@hookimpl
def playbook_actions() -> Iterable[Action]:
    parameters = {
        "type": "object",
        "required": ["number"],
        "additionalProperties": False,
        "properties": {"number": {"type": "string", "pattern": "^[0-9]+$"}, "pages": {"type": "integer", "maximum": 9}},
    }
    settings = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"gateway": {"type": "string"}},
    }
    blast = ActionSpec("fax-blast", parameters, "number", ("private",), (), "key", "faxes a number")
    return [
        Action(blast, fax, settings=settings),
        Action(ActionSpec("send", channels=("fax",)), fax, settings=settings),
    ]


@hookimpl
def playbook_enrich(event: Event) -> Mapping[str, object] | None:
    return {"acme_tier": "gold"} if event.author.handle == "hanako" else None


@hookimpl
def playbook_sources() -> Iterable[Source]:
    return [Source("acme-fax", read, ("fax",))]


@hookimpl
def playbook_lint_rules() -> Iterable[LintRule]:
    return [LintRule("acme-no-fax", no_fax, "an account on a fax machine is never seen in time")]


def no_fax(policy: Policy) -> Iterable[Problem]:
    for account in policy.accounts.values():
        if account.platform == "fax":
            yield Problem(Span("accounts"), "acme-no-fax", f"`{account.id}` is a fax machine; answer elsewhere")
