"""The shipped mapping of e-mail: as it is received, within a webhook, and as Postmark's fields."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.mapping import shipped_mapping
from playbook_engine.runtime.incoming.outcomes import Incoming, Sender, SetAside


def event(payload: object) -> Incoming:
    [found] = take_in_body(json.dumps(payload).encode(), Sender(), shipped_mapping("email"))
    assert isinstance(found, Incoming), found
    return found


MAIL = (
    "From: =?utf-8?b?55Sw5Lit?= <Tanaka@Example.jp>\r\nTo: Care <care@minato.example>\r\n"
    "Subject: Broken\r\nDate: Mon, 02 Mar 2026 19:00:00 +0900\r\nMessage-ID: <m2@example.jp>\r\n"
    "In-Reply-To: <m1@example.jp>\r\nReferences: <m0@minato.example> <m1@example.jp>\r\n\r\nIt is broken.\r\n"
)


def test_a_mail_is_read_as_it_was_received() -> None:
    [found] = take_in_body(MAIL.encode(), Sender(), shipped_mapping("email"))
    assert isinstance(found, Incoming)
    assert (found.id, found.message, found.in_reply_to) == ("m2@example.jp", "m2@example.jp", "m1@example.jp")
    assert (found.conversation, found.account) == ("m0@minato.example", "care@minato.example")
    assert (found.author.handle, found.author.name) == ("tanaka@example.jp", "田中")
    assert (found.text, found.data) == ("Broken\n\nIt is broken.", {"subject": "Broken"})
    assert (found.at, found.public, found.automatic) == (1_772_445_600_000, False, False)


@pytest.mark.parametrize("raw", [MAIL, b64encode(MAIL.encode()).decode()])
@pytest.mark.parametrize("key", ["raw", "RawEmail", "body-mime"])
def test_a_mail_in_a_webhook_is_the_same_mail(key: str, raw: str) -> None:
    assert event({key: raw}).id == "m2@example.jp"


def test_a_mail_of_ours_is_ours() -> None:
    [found] = take_in_body(MAIL.encode(), Sender(ours=("tanaka@example.jp",)), shipped_mapping("email"))
    assert isinstance(found, Incoming)
    assert (found.type, found.by) == ("message.sent", "tanaka@example.jp")


def test_postmarks_fields_are_read() -> None:
    payload = {
        "FromFull": {"Email": "tanaka@example.jp", "Name": "Tanaka"},
        "OriginalRecipient": "care@minato.example",
        "Subject": "Broken",
        "MessageID": "p-1",
        "Date": "Mon, 2 Mar 2026 19:00:00 +0900",
        "TextBody": "It is broken.",
        "Headers": [{"Name": "Message-ID", "Value": "<m2@example.jp>"}, {"Name": "Auto-Submitted", "Value": "no"}],
        "Attachments": [{}],
    }
    found = event(payload)
    assert (found.id, found.message, found.conversation) == ("p-1", "m2@example.jp", "m2@example.jp")
    assert (found.text, found.attachments, found.automatic) == ("Broken\n\nIt is broken.", 1, False)
    replied = [{"Name": "Auto-Submitted", "Value": "auto-replied"}]
    assert event({**payload, "Headers": replied}).automatic is True
    assert event({**payload, "Headers": [{"Name": "List-Id", "Value": "<l>"}]}).automatic is True


def test_what_is_no_mail_is_set_aside() -> None:
    [found] = take_in_body(b"Hello, I am only a body", Sender(), shipped_mapping("email"))
    assert isinstance(found, SetAside)
    assert found.reason == "mapping-failed"
    [found] = take_in_body(b"Subject: no sender\n\nhello", Sender(), shipped_mapping("email"))
    assert isinstance(found, SetAside)
    assert found.reason == "missing-field"
