"""Whether a request was sent by whoever holds the secret, and lately. Pure: the instant is an argument.

`slack`     X-Slack-Signature, hex of `v0:<time>:<body>`
            https://docs.slack.dev/authentication/verifying-requests-from-slack
`line`      X-Line-Signature, base64 of the body
            https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
`x`         X-Twitter-Webhooks-Signature, base64 of the body; https://docs.x.com/x-api/webhooks/introduction
`hub`       X-Hub-Signature-256, hex of the body; https://www.w3.org/TR/websub/#signing-content
`standard`  Webhook-Signature, base64 of `<id>.<time>.<body>`; https://www.standardwebhooks.com
`bearer`    Authorization: Bearer <secret>; https://www.rfc-editor.org/rfc/rfc6750

All are HMAC-SHA256 but the last. Where the sender signs a time, a request older or newer than `TOLERANCE` is refused,
so that a recorded one is of no use later; where it does not, a repetition is known by the ids of its events.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from types import MappingProxyType

TOLERANCE = 5 * 60_000
"""Ms that the sender's clock may differ from ours: what Slack and Standard Webhooks advise."""

Headers = Mapping[str, str]
"""Names in lower case."""


class Refused(Exception):
    """The request is not from whoever holds the secret. The message never holds what was sent or the secret."""


def verify(style: str, secret: str, headers: Headers, body: bytes, now: int) -> None:
    """Raises Refused. `now` is ms UTC. Compares in a time that tells nothing of the secret."""
    if not secret:
        raise Refused("the secret is empty")
    STYLES[style](secret.encode(), headers, body, now)


def challenge(secret: str, token: str) -> str:
    """The answer to X's question whether the secret is known here: base64 of the token's HMAC, `sha256=` before it."""
    return "sha256=" + b64encode(_mac(secret.encode(), token.encode())).decode()


def _slack(secret: bytes, headers: Headers, body: bytes, now: int) -> None:
    time = _header(headers, "x-slack-request-timestamp")
    _fresh(time, now)
    said = _header(headers, "x-slack-signature").removeprefix("v0=")
    _same(said, _mac(secret, b"v0:" + time.encode() + b":" + body).hex())


def _line(secret: bytes, headers: Headers, body: bytes, now: int) -> None:
    _same(_header(headers, "x-line-signature"), b64encode(_mac(secret, body)).decode())


def _x(secret: bytes, headers: Headers, body: bytes, now: int) -> None:
    said = _header(headers, "x-twitter-webhooks-signature").removeprefix("sha256=")
    _same(said, b64encode(_mac(secret, body)).decode())


def _hub(secret: bytes, headers: Headers, body: bytes, now: int) -> None:
    _same(_header(headers, "x-hub-signature-256").removeprefix("sha256="), _mac(secret, body).hex())


def _standard(secret: bytes, headers: Headers, body: bytes, now: int) -> None:
    name, time = _header(headers, "webhook-id"), _header(headers, "webhook-timestamp")
    _fresh(time, now)
    try:
        key = b64decode(secret.removeprefix(b"whsec_"), validate=True)
    except binascii.Error:
        raise Refused("the secret is not base64, as Standard Webhooks writes it") from None
    made = b64encode(_mac(key, f"{name}.{time}.".encode() + body)).decode()
    # While a secret is changed, a request carries a signature of each.
    said = [each.removeprefix("v1,") for each in _header(headers, "webhook-signature").split(" ") if each[:3] == "v1,"]
    if not any(_equal(each, made) for each in said[:8]):
        raise Refused("the signature does not fit")


def _bearer(secret: bytes, headers: Headers, body: bytes, now: int) -> None:
    scheme, _, token = _header(headers, "authorization").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("`Authorization` is not `Bearer`")
    _same(token.strip(), secret.decode())


STYLES: Mapping[str, Callable[[bytes, Headers, bytes, int], None]] = MappingProxyType(
    {"bearer": _bearer, "hub": _hub, "line": _line, "slack": _slack, "standard": _standard, "x": _x}
)
"""By the word that the settings have for it."""


def _mac(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, said, "sha256")


def _header(headers: Headers, name: str) -> str:
    if name not in headers:
        raise Refused(f"the header `{name}` is missing")
    return headers[name]


def _fresh(time: str, now: int) -> None:
    if not (time.isascii() and time.isdigit() and len(time) <= 12):
        raise Refused("the time it was signed at is no number of seconds")
    if abs(now - int(time) * 1_000) > TOLERANCE:
        raise Refused("it was signed more than five minutes from now")


def _same(said: str, made: str) -> None:
    if not _equal(said, made):
        raise Refused("the signature does not fit")


def _equal(said: str, made: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "surrogatepass"), made.encode())
