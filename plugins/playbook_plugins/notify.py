"""Tells our own people by any of the services that Apprise knows: Slack, Teams, LINE, Telegram, SMS, PagerDuty, …

Needs the extra `notify`. See https://github.com/caronc/apprise/wiki for the addresses of services.

Settings
    services    the service's address for each kind of address that people have in the playbook. `{address}` is what
                the playbook says of the person: `{slack: "slack://${env:SLACK_TOKENS}/{address}"}`
    otherwise   the service's address for every kind that is not listed

Parameters: {address, subject, text}, as the engine gives them with every `notify`.

Repeated: promises `none`. No service tells whether it had a notification before.

Errors: what the service refuses is tried again; what is no service's address fails; too slow an answer is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from playbook_engine import Action, ActionSpec, Delivery, DeliveryContext, PluginSettings, Receipt, hookimpl

SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "services": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "examples": [{"slack": "slack://${env:SLACK_TOKENS}/{address}"}],
        },
        "otherwise": {"type": "string"},
    },
}

_FIELD = "{address}"


def deliver(delivery: Delivery, context: DeliveryContext) -> Receipt:
    said = delivery.parameters
    service = service_for(context.settings, delivery.channel, str(said.get("address", "")))
    title, text = str(said.get("subject", "")), str(said.get("text", ""))
    context.clients.notify(service, "" if title == text else title, text or title)
    return Receipt("delivered")


def service_for(settings: PluginSettings, kind: str, address: str) -> str:
    """The service's address with the person's filled in, percent-encoded: it can name a receiver and no other host."""
    services = settings.part("services")
    if kind not in services and "otherwise" not in settings:
        raise services.wrong(kind, "no service is written for this kind of address")
    written = services.text(kind) if kind in services else settings.text("otherwise")
    return written.replace(_FIELD, quote(address.encode("utf-8", "replace"), safe=""))


def check(settings: PluginSettings) -> None:
    services = settings.part("services")
    if not services and "otherwise" not in settings:
        raise settings.wrong("services", "this setting is needed; write the address of at least one service")
    named = [(services, kind) for kind in services]
    for part, name in named + [(settings, "otherwise")] * ("otherwise" in settings):
        written = part.text(name)
        if "://" not in written and "${" not in written:
            raise part.wrong(name, "the address of a service begins with its scheme, as in slack://")
        if _FIELD in re.split(r"[/?#]", written.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]:
            raise part.wrong(name, f"the host is written out; `{_FIELD}` stands after it")
        for field in re.findall(r"(?<!\$)\{[^{}]*\}", written):
            if field != _FIELD:
                raise part.wrong(name, f"`{field}` is no field; the only one is `{_FIELD}`")


@hookimpl
def playbook_actions() -> Iterable[Action]:
    spec = ActionSpec("notify", sentence="tells a person by the service they use")
    return [Action(spec, deliver, settings=SETTINGS, check=check)]
