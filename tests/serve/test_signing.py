"""A request counts when its sender holds the secret and signed it lately; everything else is refused."""

from __future__ import annotations

import hmac
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.serve.signing import STYLES, TOLERANCE, Refused, challenge, verify

NOW = 1_772_416_800_000
SECRET = "c2VjcmV0"
BODY = '{"text": "注文が届きません"}'.encode()


def signed(style: str, body: bytes = BODY, at: int = NOW, secret: str = SECRET) -> dict[str, str]:
    """The headers that a sender gives who follows the platform's own page."""
    key, time = secret.encode(), str(at // 1_000)
    match style:
        case "slack":
            said = f"v0:{time}:".encode() + body
            return {
                "x-slack-request-timestamp": time,
                "x-slack-signature": "v0=" + hmac.new(key, said, "sha256").hexdigest(),
            }
        case "line":
            return {"x-line-signature": b64encode(hmac.new(key, body, "sha256").digest()).decode()}
        case "x":
            made = b64encode(hmac.new(key, body, "sha256").digest()).decode()
            return {"x-twitter-webhooks-signature": "sha256=" + made}
        case "hub":
            return {"x-hub-signature-256": "sha256=" + hmac.new(key, body, "sha256").hexdigest()}
        case "standard":
            standard = hmac.new(b"secret", f"m1.{time}.".encode() + body, "sha256").digest()
            said_by = f"v1,AAAA v1,{b64encode(standard).decode()}"
            return {"webhook-id": "m1", "webhook-timestamp": time, "webhook-signature": said_by}
        case _:
            return {"authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("style", sorted(STYLES))
def test_what_was_signed_with_the_secret_is_taken(style: str) -> None:
    verify(style, SECRET, signed(style), BODY, NOW)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_another_secret_and_a_missing_header_are_refused(style: str) -> None:
    with pytest.raises(Refused):
        verify(style, "YW5vdGhlcg==", signed(style), BODY, NOW)
    with pytest.raises(Refused, match="is missing"):
        verify(style, SECRET, {}, BODY, NOW)
    with pytest.raises(Refused, match="empty"):
        verify(style, "", signed(style), BODY, NOW)


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"bearer"}))
def test_a_body_that_was_changed_on_the_way_is_refused(style: str) -> None:
    with pytest.raises(Refused, match="does not fit"):
        verify(style, SECRET, signed(style), BODY + b" ", NOW)


@pytest.mark.parametrize("style", ["slack", "standard"])
@pytest.mark.parametrize("off", [TOLERANCE + 1_000, -TOLERANCE - 1_000])
def test_a_recorded_request_is_refused_after_five_minutes_and_one_of_the_future_too(style: str, off: int) -> None:
    with pytest.raises(Refused, match="five minutes"):
        verify(style, SECRET, signed(style), BODY, NOW + off)
    verify(style, SECRET, signed(style), BODY, NOW + off // 2)


@given(st.sampled_from(sorted(STYLES)), st.dictionaries(st.sampled_from([
    "x-slack-request-timestamp", "x-slack-signature", "x-line-signature", "x-twitter-webhooks-signature",
    "x-hub-signature-256", "webhook-id", "webhook-timestamp", "webhook-signature", "authorization",
]), st.text(max_size=40)), st.binary(max_size=40))  # fmt: skip
def test_whatever_the_headers_hold_is_refused_and_raises_nothing_else(
    style: str, headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(Refused):
        verify(style, SECRET, headers, body, NOW)


def test_the_answer_to_the_question_of_x_is_the_token_s_code() -> None:
    made = hmac.new(b"secret", b"token", "sha256").digest()
    assert challenge("secret", "token") == "sha256=" + b64encode(made).decode()
