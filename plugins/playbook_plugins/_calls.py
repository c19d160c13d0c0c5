"""HTTP calls that the settings describe: an address, headers and a body with fields in braces.

    method: POST
    url: "https://tickets.example/api/{queue}"
    headers: {Authorization: "Bearer ${env:TICKETS}"}
    json: {title: "{subject}", priority: 3}     # or `form:`, or nothing

A field is filled in once, as the place needs it: percent-encoded in addresses and headers, as it is in JSON. So
nothing a customer writes can become part of an address, a header or the structure of a body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import quote, urlencode

from playbook_engine import (
    HttpRequest,
    HttpResponse,
    PlaybookError,
    PluginSettings,
    Receipt,
    Secret,
    nearest,
)

CALL: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "method": {"type": "string", "enum": ["GET", "POST", "PUT", "PATCH"]},
        "url": {"type": "string", "examples": ["https://tickets.example/api"]},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "json": {"type": "object"},
        "form": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
"""The JSON Schema of such a call; what it finds is described beside it."""

AGAIN = (408, 425, 429)
"""Besides 5xx: what passes. RFC 9110, RFC 6585 and RFC 8470."""

LONGEST_WAIT = 86_400_000
"""Ms; who asks us to wait for longer is asked again after this."""

_FIELD = re.compile(r"\{([^{}\s]+)\}")
_HEADER_SAFE = "!#$&'()*+,/:;=?@[]~ -._"


class Expression(Protocol):
    def search(self, value: object) -> object: ...


def call_schema(*found: str) -> Mapping[str, object]:
    """`CALL` with the names of JMESPath expressions over the answer."""
    properties = CALL["properties"]
    assert isinstance(properties, Mapping)
    return {**CALL, "properties": {**properties, **{name: {"type": "string"} for name in found}}}


def filled(text: str, fields: Mapping[str, str]) -> str:
    """The text with its fields. What is no field stays: a secret may hold braces."""
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), text)


def request(call: PluginSettings, fields: Mapping[str, str], method: str = "GET") -> HttpRequest:
    quoted = {name: quote(value.encode("utf-8", "replace"), safe="") for name, value in fields.items()}
    for_headers = {name: quote(value.encode("utf-8", "replace"), safe=_HEADER_SAFE) for name, value in fields.items()}
    url, headers = call.text("url"), call.part("headers")
    if _FIELD.search(url.partition("://")[2].split("/")[0].split("?")[0]):
        raise call.wrong("url", "the host is written out; fields stand after it")
    sent = {name.lower(): filled(headers.text(name), for_headers) for name in headers}
    body = b""
    if "json" in call:
        sent.setdefault("content-type", "application/json")
        body = json.dumps(_filled_in(call["json"], fields), ensure_ascii=False).encode("utf-8", "replace")
    elif "form" in call:
        sent.setdefault("content-type", "application/x-www-form-urlencoded")
        form = call.part("form")
        body = urlencode({name: filled(form.text(name), fields).encode("utf-8", "replace") for name in form}).encode()
    return HttpRequest(call.text("method", method), filled(url, quoted), sent, body)


def _filled_in(value: object, fields: Mapping[str, str]) -> object:
    if isinstance(value, Secret):
        value = value.reveal()
    if isinstance(value, str):
        return filled(value, fields)
    if isinstance(value, Mapping):
        return {name: _filled_in(each, fields) for name, each in value.items()}
    return [_filled_in(each, fields) for each in value] if isinstance(value, list | tuple) else value


def check_call(call: PluginSettings, known: Collection[str], *expressions: str) -> None:
    """Raises PlaybookError for a call that could never be made, or whose answer could never be read."""
    request(call, dict.fromkeys(known, "x"))
    for text in _texts(call.held):
        check_fields(call, text, known)
    for name in expressions:
        if name in call:
            _compiled(call, name)


def check_fields(place: PluginSettings, text: str, known: Collection[str]) -> None:
    for name in _FIELD.findall(text):
        if name not in known and f"${{{name}}}" not in text:
            meant = nearest(name, known)
            hint = f"did you mean `{meant}`?" if meant else f"there are {', '.join(sorted(known))}"
            raise PlaybookError(f"settings: `{place.place}`: no field is called `{name}`; {hint}")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def found_in(call: PluginSettings, name: str, answer: HttpResponse) -> object:
    """What the JMESPath expression `name` finds in the answer; None where there is nothing."""
    from jmespath.exceptions import JMESPathError

    try:
        found: object = _compiled(call, name).search(answer.json())
    except (JMESPathError, ValueError, TypeError):
        return None
    return found


def _compiled(call: PluginSettings, name: str) -> Expression:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        compiled: Expression = jmespath.compile(call.text(name))
    except JMESPathError:
        raise call.wrong(name, "a JMESPath expression is wanted, such as `data.id`") from None
    return compiled


def refused(answer: HttpResponse, now: int) -> Receipt | None:
    """The receipt for an answer that is no success; None for 2xx."""
    if 200 <= answer.status < 300:
        return None
    error = f"the service answered {answer.status}"
    if answer.status in AGAIN or answer.status >= 500:
        return Receipt("again", error=error, again_after=retry_after(answer, now))
    if 300 <= answer.status < 400:
        error += "; it has moved, write the new address"
    return Receipt("failed", error=error)


def retry_after(answer: HttpResponse, now: int) -> int:
    """Ms to wait, by the header Retry-After (RFC 9110, 10.2.3); 0 where it says nothing."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(int(said[:9]) * 1000, LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(said)
        wait = round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000) - now
    except (ValueError, OverflowError, IndexError):
        return 0
    return max(0, min(wait, LONGEST_WAIT))
