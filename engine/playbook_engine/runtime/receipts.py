"""What a plugin says of a delivery, as far as it can be kept: plugins are strangers' programs, and give back anything.

Whether something went is believed before anything else: what cannot be kept of the rest is left out, and the error
says so. It never turns a delivery that went into one that is tried again.
"""

from __future__ import annotations

from msgspec import json

from playbook_engine.model.delivery import Receipt
from playbook_engine.runtime.incoming.cleaning import LONGEST_ID, clean_name
from playbook_engine.runtime.incoming.parse import parse
from playbook_engine.text.scalars import shown, without_unseen

OUTCOMES = ("delivered", "failed", "again", "unknown")
MOST_BYTES = 65_536
"""Of a result, as JSON."""

LONGEST_ERROR = 500
"""Characters."""

LONGEST_PAUSE = 86_400_000
"""Ms; who asks us to wait for longer is asked again after this."""


def received(answer: object) -> Receipt:
    """The receipt that an answer comes to. Never raises; what is no receipt, or says no outcome, is `unknown`."""
    if not isinstance(answer, Receipt):
        return Receipt("unknown", error=f"{type(answer).__name__} is no receipt")
    # Nothing has checked its fields: they are whatever the plugin put there.
    outcome: object = answer.outcome
    kept, fault = _result(answer.result)
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        said = f"`{_plain(shown(outcome))}`" if isinstance(outcome, str) else type(outcome).__name__
        outcome, fault = "unknown", f"{said} is no outcome"
    return Receipt(outcome, _message(answer.message), kept, fault or _error(answer.error), _pause(answer.again_after))


def _message(message: object) -> str:
    """An id that no store could look up is none."""
    if isinstance(message, int) and not isinstance(message, bool) and message.bit_length() < 256:
        message = str(message)
    if not isinstance(message, str):
        return ""
    plain = clean_name(message)
    return plain if len(plain.encode()) <= LONGEST_ID else ""


def _error(error: object) -> str:
    plain = _plain(error[:LONGEST_ERROR]) if isinstance(error, str) else ""
    return f"{plain[:-1]}…" if isinstance(error, str) and len(error) > LONGEST_ERROR else plain


def _plain(text: str) -> str:
    return without_unseen("".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text))


def _pause(again_after: object) -> int:
    if not isinstance(again_after, int) or isinstance(again_after, bool):
        return 0
    return max(0, min(int(again_after), LONGEST_PAUSE))


def _result(result: object) -> tuple[dict[str, object], str]:
    """The result as JSON has it, in values of our own; and why there is none."""
    if type(result) is dict and not result:
        return {}, ""
    try:
        written = json.encode(result)
        if len(written) > MOST_BYTES:
            return {}, f"what it found is more than {MOST_BYTES} bytes"
        read = parse(written.decode())
        json.encode(read)
    except Exception as error:
        return {}, f"what it found cannot be kept: {type(error).__name__}"
    if not isinstance(read, dict):
        return {}, "what it found is no mapping by name"
    return read, ""
