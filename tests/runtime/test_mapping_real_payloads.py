"""The shipped mappings on payloads that platforms publish. Only what came of them is looked at, never their words."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest

from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.mapping import shipped_mapping
from playbook_engine.runtime.incoming.outcomes import Incoming, Outcome, Sender, SetAside

PAYLOADS = Path(__file__).parents[2].parent / "shared" / "data" / "payloads"

pytestmark = pytest.mark.skipif(not PAYLOADS.is_dir(), reason="needs the published payloads beside the checkout")


def outcomes(mapping: str, *folders: str) -> Counter[str]:
    """How many of each: the type of an event, the reason of what was set aside, else `skipped`."""
    found: Counter[str] = Counter()
    for folder in folders:
        for file in sorted((PAYLOADS / folder).iterdir()):
            if file.is_file():
                told = list(take_in(io.BytesIO(_unwrapped(file)), Sender(), shipped_mapping(mapping)))
                assert told, file.name
                found.update(_kind(each) for each in told)
    return found


def _unwrapped(file: Path) -> bytes:
    """One file holds a request as a test suite recorded it, with the payload under `params`."""
    content = file.read_bytes()
    if file.name != "zammad-webhook1_tweet.json":
        return content
    return json.dumps(json.loads(content)["params"]).encode()


def _kind(outcome: Outcome) -> str:
    if isinstance(outcome, Incoming):
        return outcome.type
    return outcome.reason if isinstance(outcome, SetAside) else "skipped"


def test_account_activity_of_x() -> None:
    assert outcomes("x", "x_account_activity") == {"message.received": 1, "message.sent": 1, "skipped": 4}


def test_the_activity_api_of_x() -> None:
    # The bare envelope announces a post and holds none.
    assert outcomes("x", "x_activity_api") == {
        "message.received": 2,
        "message.sent": 1,
        "missing-field": 1,
        "skipped": 10,
    }


def test_lists_of_the_api_of_x() -> None:
    assert outcomes("x", "x_api_v2") == {"message.received": 6, "skipped": 5}


def test_mastodon() -> None:
    # Two of the documented entities are cut short: one has no content, one no author.
    assert outcomes("mastodon", "mastodon") == {"message.received": 3, "missing-field": 1, "skipped": 3}


def test_slack() -> None:
    # The published payloads are blank forms: the two messages among them have no time.
    assert outcomes("slack", "slack") == {"mapping-failed": 2, "skipped": 8}


def test_line() -> None:
    assert outcomes("line", "line") == {"message.received": 11, "message.deleted": 1, "skipped": 15}


def test_every_mail_with_a_header_is_a_message() -> None:
    for folder in ("email_raw/chatwoot", "email_raw/talon"):
        for file in sorted((PAYLOADS / folder).glob("*.eml")):
            [found] = take_in(io.BytesIO(file.read_bytes()), Sender(), shipped_mapping("email"))
            assert isinstance(found, Incoming), file.name
            assert found.author.handle
            assert found.conversation
            assert "\ufffd" not in found.text, file.name


def test_automatic_mail_is_known() -> None:
    automatic = [
        file.name
        for file in sorted((PAYLOADS / "email_raw/chatwoot").glob("*.eml"))
        for found in take_in(io.BytesIO(file.read_bytes()), Sender(), shipped_mapping("email"))
        if isinstance(found, Incoming) and found.automatic
    ]
    assert automatic == ["auto_reply_with_auto_submitted.eml", "non_utf_encoded_mail.eml"]


def test_bodies_without_a_header_are_set_aside() -> None:
    assert set(outcomes("email", "email_raw/email_reply_parser")) <= {"mapping-failed", "missing-field"}


def test_inbound_mail_of_services() -> None:
    assert outcomes("email", "email_inbound") == {"message.received": 2}
