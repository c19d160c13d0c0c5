"""One message to a submission server (RFC 6409), and what a refusal means for the next attempt."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

from playbook_engine.hookspecs import MailServer, Undelivered


def submit(message: EmailMessage, server: MailServer) -> None:
    """Sends the message to whom its To, Cc and Bcc name.

    Raises Undelivered: `again` for what passes (RFC 5321, 4yz, and no connection), `failed` for 5yz, `unknown` when
    the server was lost after the message was handed over.
    """
    try:
        connection = _connected(server)
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, "the greeting") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered("again", f"no connection to {server.host}:{server.port}: {type(error).__name__}") from None
    with_data = False
    try:
        _encrypt_and_log_in(connection, server)
        with_data = _hand_over(connection, message, server)
    finally:
        _close(connection, politely=with_data)


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.tls == "implicit":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout / 1000, context=_trust(server))
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout / 1000)


def _trust(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca or None)


def _encrypt_and_log_in(connection: smtplib.SMTP, server: MailServer) -> None:
    try:
        connection.ehlo_or_helo_if_needed()
        encrypted = server.tls == "implicit"
        if server.tls == "demanded" or (server.tls == "offered" and connection.has_extn("starttls")):
            connection.starttls(context=_trust(server))
            encrypted = True
        if server.user and not encrypted and server.tls != "none":
            said = (
                f"{server.host} offers no STARTTLS; the password is not sent in clear, write `tls: none` if it may be"
            )
            raise Undelivered("failed", said)
        if server.user:
            connection.login(server.user, server.password)
    except smtplib.SMTPNotSupportedError:
        raise Undelivered("failed", f"{server.host} offers no STARTTLS, or no way to log in") from None
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, "the login") from None
    except ssl.SSLError as error:
        raise Undelivered("failed", f"{server.host} cannot be trusted: {error.reason}") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered("again", f"{server.host} was lost: {type(error).__name__}") from None


def _hand_over(connection: smtplib.SMTP, message: EmailMessage, server: MailServer) -> bool:
    sender, receivers, options, body = _prepared(connection, message, server)
    lost = "again"
    try:
        _accepted(connection.mail(sender, options), "the sender")
        for receiver in receivers:
            _accepted(connection.rcpt(receiver), "the receiver")
        lost = "unknown"
        _accepted(connection.data(body), "the message")
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, "the message") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(lost, f"{server.host} was lost while sending: {type(error).__name__}") from None
    return True


def _prepared(
    connection: smtplib.SMTP, message: EmailMessage, server: MailServer
) -> tuple[str, list[str], list[str], bytes]:
    fields = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    receivers = [address for _, address in getaddresses(fields) if address]
    sender = server.sender or getaddresses([str(message["From"])])[0][1]
    if not receivers:
        raise Undelivered("failed", "the message names no receiver")
    options: list[str] = []
    utf8 = False
    if not all(address.isascii() for address in (sender, *receivers)):
        if not connection.has_extn("smtputf8"):
            raise Undelivered("failed", f"{server.host} takes no addresses beyond ASCII")
        options = ["SMTPUTF8", "BODY=8BITMIME"]
        utf8 = True
    return sender, receivers, options, message.as_bytes(policy=SMTP.clone(utf8=utf8))


def _accepted(reply: tuple[int, bytes], what: str) -> None:
    if not 200 <= reply[0] < 300:
        raise _refused(reply[0], what)


def _refused(code: int, what: str) -> Undelivered:
    """What a server writes beside the code may name people."""
    passing = not 500 <= code < 600
    return Undelivered("again" if passing else "failed", f"the mail server refused {what} with {code}")


def _close(connection: smtplib.SMTP, politely: bool) -> None:
    """The message is accepted or refused by now: a farewell that fails changes nothing."""
    try:
        if politely:
            connection.quit()
    except (OSError, smtplib.SMTPException):
        pass
    finally:
        connection.close()
