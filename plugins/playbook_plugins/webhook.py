"""Calls another system by HTTP, signed as Standard Webhooks describe (https://www.standardwebhooks.com, 1.0.0).

Settings
    url         where deliveries go that this plugin carries for other actions
    hooks       other addresses by name, for `webhook: <name>`; each has `url`, and `secret` and `headers` of its own
    secret      what signs: `whsec_` with Base64, or any other text; a list of two while one replaces the other
    headers     further headers, such as `{Authorization: "Bearer ${env:TOKEN}"}`

Parameters: `name` of a hook, or a `url`, whose host has to stand in `allow_hosts`; what else stands there is passed on.

The body is JSON: `type` is `action.<verb>`, `timestamp` the instant, `data` the delivery with its parameters.
`webhook-id` is the delivery's key. A 2xx answer may be JSON: `message` is then the platform's id of what was said, and
`result` what the action found out, for instance `{"result": {"number": "T-17"}}` for a ticket.

With a row in `carry`, such as `{action: refund, by: webhook}`, it carries any action.

Repeated: promises `key`, which is the receiver's to keep: the same `webhook-id` is the same delivery.

Errors: 408, 425, 429 and 5xx are tried again, after Retry-After where that is given; any other answer fails.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from playbook_engine import (
    ANY,
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    HttpRequest,
    HttpResponse,
    PlaybookError,
    PluginSettings,
    Receipt,
    hookimpl,
    nearest,
)
from playbook_plugins._calls import refused
from playbook_plugins._told import told

_HOOK = {
    "url": {"type": "string", "examples": ["https://hooks.minato.example/playbook"]},
    "secret": {"type": ["string", "array"], "items": {"type": "string"}},
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
}
SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **_HOOK,
        "hooks": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": False, "properties": _HOOK},
        },
    },
}


def deliver(delivery: Delivery, context: DeliveryContext) -> Receipt:
    hook, url = _hook(delivery, context.settings)
    body = payload(delivery, context.now)
    name = quote(delivery.key.encode("utf-8", "replace"), safe=":-_~").replace(".", "%2E")
    headers = hook.part("headers")
    sent = {each.lower(): headers.text(each) for each in headers}
    sent |= {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(context.now // 1000),
    }
    if secrets := hook.texts("secret"):
        sent["webhook-signature"] = signature(secrets, name, context.now // 1000, body)
    answer = context.clients.http(HttpRequest("POST", url, sent, body))
    return refused(answer, context.now) or _delivered(answer)


def payload(delivery: Delivery, now: int) -> bytes:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now)
    fields = {
        "type": f"action.{delivery.action}",
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": told(delivery),
    }
    return json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace")


def signature(secrets: Iterable[str], name: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body` in Base64, one for each secret."""
    signed = f"{name}.{timestamp}.".encode() + body
    digests = (hmac.new(_key(secret), signed, sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def _key(secret: str) -> bytes:
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise PlaybookError("settings: `plugins.webhook.secret`: Base64 is wanted after `whsec_`") from None


def _hook(delivery: Delivery, settings: PluginSettings) -> tuple[PluginSettings, str]:
    """Where it goes, and the settings that say with which secret and headers."""
    if delivery.action != "webhook":
        return settings, settings.text("url")
    url, name = delivery.parameters.get("url"), str(delivery.parameters.get("name", ""))
    if isinstance(url, str) and url:
        # Headers may hold a token, which belongs to whom the settings name and to nobody else.
        return PluginSettings({"secret": settings.get("secret", ())}, settings.folder, settings.place), url
    hooks = settings.part("hooks")
    if name not in hooks:
        meant = nearest(name, hooks)
        hint = f"did you mean `{meant}`?" if meant else "write it"
        raise PlaybookError(f"settings: `{hooks.place}` has no hook called `{name}`; {hint}")
    hook = hooks.part(name)
    return hook, hook.text("url")


def _delivered(answer: HttpResponse) -> Receipt:
    told = answer.json()
    if not isinstance(told, Mapping):
        return Receipt("delivered")
    message, result = told.get("message"), told.get("result")
    return Receipt(
        "delivered",
        message=str(message) if isinstance(message, str | int) and not isinstance(message, bool) else "",
        result={str(name): value for name, value in result.items()} if isinstance(result, Mapping) else {},
    )


def check(settings: PluginSettings) -> None:
    for part in (settings, *map(settings.part("hooks").part, settings.part("hooks"))):
        for secret in part.texts("secret"):
            if "${" not in secret:
                _key(secret)


@hookimpl
def playbook_actions() -> Iterable[Action]:
    calls = ActionSpec("webhook", idempotent="key", sentence="calls another system")
    carries = ActionSpec(ANY, idempotent="key", sentence="passes the delivery on to another system")
    return [
        Action(calls, deliver, settings=SETTINGS, check=check),
        Action(carries, deliver, settings=SETTINGS, check=check),
    ]
