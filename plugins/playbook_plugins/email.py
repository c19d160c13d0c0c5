"""Answers customers and tells people by e-mail.

Settings
    host        the submission server
    port        default 587, with `tls: implicit` 465
    from        who writes, as `care@minato.example` or `Minato care <care@minato.example>`
    senders     who writes instead for an account: `{"email:shop@minato.example": "Minato shop <shop@…>"}`
    user, password
    tls         `offered` (default: STARTTLS where the server has it), `demanded`, `implicit` or `none`; a password
                leaves unencrypted with `none` only
    ca          a file of certificates to trust instead of the machine's
    envelope    the address that bounces go to; default: who writes
    subject     the subject where the playbook gives none; default: by language

Parameters: of `send` {text, subject, to, in_reply_to, conversation, lang}, of `notify` {text, subject, address}.

The Message-ID is made of the delivery's key, the answer names the messages it belongs to (RFC 5322, 3.6.4), and what
no person approved says so: Auto-Submitted is `auto-replied` for answers, `auto-generated` for notifications
(RFC 3834, 5). Notifications about one incident form one conversation.

Repeated: promises `none`. A server need not know a Message-ID again, so what was cut off while it was handed over
is `unknown` and not sent twice.

Errors: no connection and 4yz are tried again; 5yz, a refused login and what is no address fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from playbook_engine import (
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    MailServer,
    PlaybookError,
    PluginSettings,
    Receipt,
    hookimpl,
)

SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "host": {"type": "string", "examples": ["smtp.minato.example"]},
        "port": {"type": "integer", "minimum": 1, "examples": [587]},
        "from": {"type": "string", "examples": ["care@minato.example"]},
        "senders": {"type": "object", "additionalProperties": {"type": "string"}},
        "user": {"type": "string"},
        "password": {"type": "string"},
        "tls": {"type": "string", "enum": ["offered", "demanded", "implicit", "none"]},
        "ca": {"type": "string"},
        "envelope": {"type": "string"},
        "subject": {"type": "string"},
    },
}

SUBJECTS = {"ja": "お問い合わせの件", "en": "Your message to us"}

_ATOM = r"[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,240}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LONGEST_ADDRESS = 254
_LONGEST_SUBJECT = 200


def send(delivery: Delivery, context: DeliveryContext) -> Receipt:
    """Answers a customer who wrote by e-mail."""
    said, sender = delivery.parameters, _sender(delivery, context.settings)
    message = _message(delivery, context, sender, str(said.get("to", "")))
    answers = [str(said.get(name, "")) for name in ("conversation", "in_reply_to")]
    known = list(dict.fromkeys(each for each in answers if _MESSAGE_ID.fullmatch(each)))
    if _MESSAGE_ID.fullmatch(answers[1]):
        message["In-Reply-To"] = f"<{answers[1]}>"
    if known:
        message["References"] = " ".join(f"<{each}>" for each in known)
    if delivery.automatic:
        message["Auto-Submitted"] = "auto-replied"
    language = str(said.get("lang", ""))
    default = context.settings.text("subject", SUBJECTS.get(language, SUBJECTS["en"]))
    return _hand_over(message, delivery, context, default)


def notify(delivery: Delivery, context: DeliveryContext) -> Receipt:
    """Tells one of our own people."""
    sender = _sender(delivery, context.settings)
    message = _message(delivery, context, sender, str(delivery.parameters.get("address", "")))
    message["References"] = f"<{_name(delivery.incident)}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    return _hand_over(message, delivery, context, delivery.incident)


def address(text: str) -> Address:
    """One bare address; its domain in ASCII. Raises PlaybookError, without the address, for anything else."""
    name, _, domain = text.strip().rpartition("@")
    try:
        found = Address(username=name, domain=domain.encode("idna").decode("ascii"))
        good = _ADDRESS.fullmatch(text.strip()) and len(found.addr_spec) <= _LONGEST_ADDRESS
    except (UnicodeError, ValueError):
        good = None
    if not good:
        raise PlaybookError("what stands there is not one e-mail address")
    return found


def mailbox(text: str) -> Address:
    """An address with or without a name before it. Raises PlaybookError."""
    name, opened, bare = text.strip().rpartition("<")
    if not opened:
        return address(bare)
    found = address(bare.removesuffix(">"))
    return Address(display_name=_one_line(name).strip('" '), username=found.username, domain=found.domain)


def check(settings: PluginSettings) -> None:
    settings.text("host")
    senders = settings.part("senders")
    for part, name in [(settings, "from"), *((senders, account) for account in senders)]:
        try:
            if "${" not in part.text(name):
                mailbox(part.text(name))
        except PlaybookError as error:
            raise part.wrong(name, str(error).rpartition("`: ")[2]) from None


def _sender(delivery: Delivery, settings: PluginSettings) -> Address:
    senders = settings.part("senders")
    account = str(delivery.parameters.get("account") or delivery.account)
    return mailbox(senders.text(account) if account in senders else settings.text("from"))


def _message(delivery: Delivery, context: DeliveryContext, sender: Address, receiver: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = sender
    message["To"] = address(receiver)
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=context.now // 1000)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id(delivery, sender)}>"
    return message


def message_id(delivery: Delivery, sender: Address) -> str:
    return f"{_name(delivery.key)}@{sender.domain}"


def _name(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _hand_over(message: EmailMessage, delivery: Delivery, context: DeliveryContext, default: str) -> Receipt:
    message["Subject"] = _one_line(str(delivery.parameters.get("subject") or default))[:_LONGEST_SUBJECT]
    text = str(delivery.parameters.get("text", "")).encode("utf-8", "replace").decode()
    message.set_content(text, charset="utf-8")
    # After the content, which takes away all that is said of an earlier one.
    if _LANGUAGE.fullmatch(language := str(delivery.parameters.get("lang", ""))):
        message["Content-Language"] = language
    context.clients.mail(message, server(context.settings))
    return Receipt("delivered", message=str(message["Message-ID"]).strip("<>"))


def server(settings: PluginSettings) -> MailServer:
    tls = settings.text("tls", "offered")
    return MailServer(
        host=settings.text("host"),
        port=settings.number("port", 465 if tls == "implicit" else 587),
        user=settings.text("user", ""),
        password=settings.text("password", ""),
        tls=tls,
        sender=settings.text("envelope", ""),
        ca=str(settings.path("ca")) if "ca" in settings else "",
    )


def _one_line(text: str) -> str:
    """Without anything that could end a header."""
    plain = text.encode("utf-8", "replace").decode()
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", plain).split())


@hookimpl
def playbook_actions() -> Iterable[Action]:
    answers = ActionSpec("send", channels=("email",), sentence="answers by e-mail")
    tells = ActionSpec("notify", channels=("email",), sentence="tells a person by e-mail")
    return [
        Action(answers, send, settings=SETTINGS, check=check),
        Action(tells, notify, settings=SETTINGS, check=check),
    ]
