"""Answers and notifications by e-mail, against a mail server on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outside
from outside import context, mail_server
from playbook_engine import Delivery, PlaybookError, PluginSettings, Receipt, Undelivered
from playbook_engine.runtime.clients import RecorderClients
from playbook_plugins import email

TO = "hanako@mail.example"


def answer(**more: object) -> Delivery:
    said = {
        "text": "承りました。\n本日中にお返事いたします。",
        "subject": "返品について",
        "to": TO,
        "lang": "ja",
        **more,
    }
    return outside.delivery("send", "email", "i1:1:reply:email:1", **said)


def sent(delivery: Delivery, **settings: object) -> tuple[EmailMessage, Receipt]:
    """The message as the server was given it."""
    with mail_server() as box:
        known = {"host": "127.0.0.1", "port": box.port, "from": "Minato 係 <care@minato.example>", **settings}
        carry = email.send if delivery.action == "send" else email.notify
        receipt = carry(delivery, context(known))
    (message,) = box.messages
    return message, receipt


def body(message: EmailMessage) -> str:
    content = message.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def composed(delivery: Delivery, settings: Mapping[str, object] | None = None) -> EmailMessage:
    clients = RecorderClients()
    known = {"host": "smtp.example", "from": "care@minato.example", **(settings or {})}
    carry = email.send if delivery.action == "send" else email.notify
    carry(delivery, context(known, clients=clients))
    return outside.read_mail(clients.messages[0].as_bytes())


def test_a_japanese_answer_arrives_as_it_was_written() -> None:
    message, receipt = sent(answer())
    assert message["Subject"] == "返品について"
    assert body(message) == "承りました。\n本日中にお返事いたします。\n"
    assert str(message["From"]) == "Minato 係 <care@minato.example>"
    assert message["To"] == TO
    assert message["Date"] == "Mon, 02 Mar 2026 02:00:00 +0000"
    assert message["Content-Language"] == "ja"
    assert receipt == Receipt("delivered", message="205bfb3e2e575121d63bc53dafa1a7f2@minato.example")
    assert message["Message-ID"] == f"<{receipt.message}>"


def test_an_answer_names_the_messages_it_belongs_to() -> None:
    message = composed(answer(in_reply_to="m2@mail.example", conversation="m1@mail.example"))
    assert message["In-Reply-To"] == "<m2@mail.example>"
    assert message["References"] == "<m1@mail.example> <m2@mail.example>"


def test_the_first_answer_names_its_message_once() -> None:
    message = composed(answer(in_reply_to="m1@mail.example", conversation="m1@mail.example"))
    assert message["References"] == "<m1@mail.example>"


def test_an_automatic_answer_says_so_and_a_person_s_does_not() -> None:
    assert composed(answer())["Auto-Submitted"] == "auto-replied"
    approved = Delivery(key="k", incident="i1", action="send", channel="email", parameters={"to": TO}, automatic=False)
    assert composed(approved)["Auto-Submitted"] is None


def test_the_same_delivery_has_the_same_message_id_and_another_has_another() -> None:
    first, again, other = (
        composed(outside.delivery("send", "email", key=key, to=TO))["Message-ID"] for key in ("a:1", "a:1", "a:2")
    )
    assert first == again != other


@pytest.mark.parametrize(
    ("lang", "subject"), [("ja", "お問い合わせの件"), ("en", "Your message to us"), ("fr", "Your message to us")]
)
def test_an_answer_without_a_subject_gets_one_in_its_language(lang: str, subject: str) -> None:
    assert composed(answer(subject="", lang=lang))["Subject"] == subject
    assert composed(answer(subject="", lang=lang), {"subject": "Minato"})["Subject"] == "Minato"


def test_each_account_has_a_sender_of_its_own() -> None:
    senders = {"senders": {"email:shop@minato.example": "Minato shop <shop@minato.example>"}}
    assert composed(answer(account="email:shop@minato.example"), senders)["From"] == "Minato shop <shop@minato.example>"
    assert composed(answer(account="email:care@minato.example"), senders)["From"] == "care@minato.example"


def test_a_notification_goes_to_the_person_and_is_marked_as_automatic() -> None:
    told = outside.delivery("notify", "email", to="sato", address="sato@minato.example", subject="返品 遅れ", text="i1")
    message, _ = sent(told)
    assert message["To"] == "sato@minato.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "返品 遅れ"
    assert body(message) == "i1\n"


def test_notifications_about_one_incident_form_one_conversation() -> None:
    first, second = (
        composed(outside.delivery("notify", "email", key=key, address="sato@minato.example")) for key in ("a", "b")
    )
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize(
    "to",
    [
        "",
        "hanako",
        "a@b@c",
        "a b@c.example",
        "a@c.example, b@d.example",
        "<a@c.example>",
        "a@c.example\nBcc: b@d.example",
    ],
)
def test_what_is_not_one_address_is_not_written_to(to: str) -> None:
    with pytest.raises(PlaybookError, match="not one e-mail address"):
        composed(answer(to=to))


def test_a_domain_of_another_script_is_written_in_ascii() -> None:
    assert composed(answer(to="hanako@例え.example"))["To"] == "hanako@xn--r8jz45g.example"


HEADERS = {
    *("From", "To", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Content-Language", "Subject"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
}


@given(
    st.fixed_dictionaries(
        {
            name: st.text(max_size=80) | st.sampled_from(["a\r\nBcc: x@y.example", "a\n\nbody", "\x0b\u2028Cc: z"])
            for name in ("subject", "text", "in_reply_to", "conversation", "lang")
        }
    )
)
def test_nothing_in_a_delivery_becomes_a_header(said: dict[str, str]) -> None:
    message = composed(outside.delivery("send", "email", to=TO, **said))
    assert set(message.keys()) <= HEADERS
    assert len(message.keys()) == len(set(message.keys()))
    assert message["To"] == TO
    assert message.get_content_type() == "text/plain"


@given(st.text(max_size=60))
def test_whatever_stands_for_an_address_one_is_written_to_or_nobody(to: str) -> None:
    try:
        message = composed(answer(to=to))
    except PlaybookError:
        return
    assert len(message["To"].addresses) == 1
    assert set(message.keys()) <= HEADERS


@given(st.text(max_size=60))
def test_no_name_of_a_sender_becomes_a_header(name: str) -> None:
    try:
        message = composed(answer(), {"from": f"{name} <care@minato.example>"})
    except PlaybookError:
        return
    assert [each.addr_spec for each in message["From"].addresses] == ["care@minato.example"]


def test_long_and_wide_texts_arrive_whole() -> None:
    text = "あ" * 5_000 + "\n" + "x" * 5_000 + "\n.\n..\nend"
    message, _ = sent(answer(text=text))
    assert body(message) == text + "\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"from": "care@minato.example"}, "settings: `plugins.it.host`: this setting is needed; write it"),
        ({"host": "h"}, "settings: `plugins.it.from`: this setting is needed; write it"),
        ({"host": "h", "from": "care"}, "settings: `plugins.it.from`: what stands there is not one e-mail address"),
        (
            {"host": "h", "from": "a@b.example", "senders": {"email:a": "x"}},
            "settings: `plugins.it.senders.email:a`: what stands there is not one e-mail address",
        ),
    ],
)
def test_settings_that_cannot_send_are_told_before_anything_is_sent(settings: dict[str, object], said: str) -> None:
    with pytest.raises(PlaybookError) as error:
        email.check(PluginSettings(settings, place="plugins.it"))
    assert str(error.value) == said


def test_a_server_that_is_not_there_is_tried_again() -> None:
    known = {"host": "127.0.0.1", "port": outside.free_port(), "from": "care@minato.example"}
    with pytest.raises(Undelivered) as lost:
        email.send(answer(), context(known))
    assert lost.value.outcome == "again"
