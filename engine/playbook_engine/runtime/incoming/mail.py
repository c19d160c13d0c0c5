"""An e-mail as RFC 5322 bytes to plain values that a mapping reads.

Mail that answers by itself is known by RFC 3834 (https://www.rfc-editor.org/rfc/rfc3834) and by what senders do
beside it: `Precedence`, the list headers of RFC 2369 and 2919, an empty return path, delivery reports.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses
from hashlib import sha256
from typing import TypeAlias

from playbook_engine.runtime.incoming import instants
from playbook_engine.runtime.incoming.html_text import html_text
from playbook_engine.runtime.incoming.outcomes import Unfit

LARGEST_MAIL = 64 << 20

_MOST_PARTS = 1_000
_MOST_REFERENCES = 100
_LONGEST_HEADER = 10_000
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,998})>")
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help", "List-Subscribe")
_ANSWERS_BY_ITSELF = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
_ESCAPES = b"\x1b$"
# A name that lies is the rule where mail programs write it from a setting. Valid UTF-8 is never Latin text by
# accident; ISO-2022-JP is ASCII with escapes; cp932 is what programs mean by Shift_JIS.
_LATIN = frozenset(("", "ascii", "us-ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252"))
_WIDER = {"iso-2022-jp": "iso2022_jp_ext", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932"}
_NO_CHARSETS = frozenset(("idna", "punycode", "undefined", "unicode_escape", "unicode-escape", "raw_unicode_escape"))

Mail: TypeAlias = "Message[str, str]"
MailFields = dict[str, object]


def read_mail(raw: bytes) -> MailFields:
    """The fields of one mail. Raises Unfit for what has no header at all.

    `id`, `in_reply_to` and `references` are message ids without their brackets; a mail without one gets an id
    from its bytes. `at` is ms UTC or None. `text` is the plain part, else the HTML part as text.
    """
    if len(raw) > LARGEST_MAIL:
        raise Unfit("too-large", f"this mail is over {LARGEST_MAIL >> 20} MB; send it without its attachments")
    mail = _parsed(raw)
    if not mail.keys():
        raise Unfit("mapping-failed", "this is no e-mail: it has no header; give the message as it was received")
    try:
        return _fields(mail, raw)
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        # The library raises these for some headers that break the standard; the mail is kept, not the process lost.
        raise Unfit("mapping-failed", f"this e-mail cannot be read ({type(fault).__name__})") from None


def _fields(mail: Mail, raw: bytes) -> MailFields:
    sender = _addresses(mail, "X-Original-Sender") or _addresses(mail, "From") or _addresses(mail, "Sender")
    if not sender:
        raise Unfit("missing-field", "`From` is missing or no address; a mail without a sender cannot be answered")
    text, attachments = _content(mail)
    references = _ids(mail, "References")
    answered = _ids(mail, "In-Reply-To")
    own = _ids(mail, "Message-ID")
    return {
        "id": own[0] if own else f"{sha256(raw).hexdigest()[:32]}@no-message-id",
        "from": sender[0][1],
        "name": sender[0][0],
        "reply_to": next((address for _, address in _addresses(mail, "Reply-To")), ""),
        "to": [address for _, address in _addresses(mail, "To", "Cc")],
        "delivered_to": [address for _, address in _addresses(mail, "Delivered-To", "X-Original-To")],
        "subject": _header(mail, "Subject"),
        "at": _date(mail),
        "in_reply_to": answered[0] if answered else (references[-1] if references else ""),
        "references": references,
        "root": references[0] if references else (answered[0] if answered else ""),
        "text": text,
        "attachments": attachments,
        "automatic": _is_automatic(mail),
    }


def _parsed(raw: bytes) -> Mail:
    """By the policy that keeps headers as they came: the newer one fails on some that break the standard."""
    try:
        return BytesParser(policy=compat32).parsebytes(raw)
    except (MessageError, ValueError, LookupError, RecursionError) as fault:
        raise Unfit("mapping-failed", f"this e-mail cannot be read ({type(fault).__name__})") from None


def _header(mail: Mail, name: str) -> str:
    return next(iter(_headers(mail, name)), "")


def _headers(mail: Mail, *names: str) -> list[str]:
    """Decoded from the source text: the parsed form fails on headers that only nearly follow the standard."""
    wanted = {name.lower() for name in names}
    return [_decoded(str(value)) for key, value in mail.raw_items() if key.lower() in wanted]


def _decoded(source: str) -> str:
    unfolded = re.sub(r"\r?\n[ \t]*", " ", source[:_LONGEST_HEADER])
    if any("\udc80" <= letter <= "\udcff" for letter in unfolded):
        unfolded = _in_some_charset(unfolded.encode("utf-8", "surrogateescape"), "")
    try:
        return str(make_header(decode_header(unfolded))).strip()
    except (MessageError, ValueError, LookupError):
        return unfolded.strip()


def _addresses(mail: Mail, *names: str) -> list[tuple[str, str]]:
    """(name, address) pairs; the address in lower case, because mail systems send it in either."""
    wanted = {name.lower() for name in names}
    sources = [
        re.sub(r"\r?\n[ \t]*", " ", str(value)[:_LONGEST_HEADER])
        for key, value in mail.raw_items()
        if key.lower() in wanted
    ]
    return [(_decoded(name), address.strip().lower()) for name, address in getaddresses(sources) if "@" in address]


def message_ids(header: str) -> list[str]:
    """Each once; of very many the first, which names the conversation, and the latest."""
    found = list(dict.fromkeys(_MESSAGE_ID.findall(header[:_LONGEST_HEADER])))
    return found if len(found) <= _MOST_REFERENCES else [found[0], *found[1 - _MOST_REFERENCES :]]


def _ids(mail: Mail, name: str) -> list[str]:
    return message_ids(" ".join(_headers(mail, name)))


def _date(mail: Mail) -> int | None:
    """None for a date that cannot be read: a wrong clock at the sender's must not keep a mail out."""
    try:
        return instants.rfc2822(_header(mail, "Date"))
    except instants.BadTime:
        return None


def _is_automatic(mail: Mail) -> bool:
    submitted = re.split(r"[;(\s]", _header(mail, "Auto-Submitted").lower())[0]
    if submitted not in ("", "no") or any(_header(mail, name) for name in _ANSWERS_BY_ITSELF):
        return True
    if _header(mail, "Return-Path") == "<>" or mail.get_content_type() == "multipart/report":
        return True
    # A group address as our own inbox marks every customer's mail as a list's, and names who wrote.
    if _headers(mail, "X-Original-Sender"):
        return False
    if _header(mail, "Precedence").lower() in ("bulk", "list", "junk", "auto_reply"):
        return True
    return bool(_headers(mail, *_LIST_HEADERS))


def _content(mail: Mail) -> tuple[str, int]:
    """The text, and how many files are attached. Images shown within the text count as files too."""
    plain, pages, attachments = [], [], 0
    for part in _parts(mail):
        if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
            attachments += 1
        elif part.get_content_subtype() == "html":
            pages.append(html_text(_text_of(part)))
        else:
            plain.append(_text_of(part).strip())
    written = [each for each in plain if each] or [each for each in pages if each]
    return "\n\n".join(written), attachments


def _parts(mail: Mail) -> list[Mail]:
    """Every part that is no container, in order, without recursion; a forwarded mail is one part."""
    found: list[Mail] = []
    waiting: list[Mail] = [mail]
    while waiting and len(found) < _MOST_PARTS:
        part = waiting.pop()
        # Only a container is asked for its payload undecoded: of another part that depends on its charset.
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(each for each in reversed(list(part.get_payload())) if isinstance(each, Message))
        else:
            found.append(part)
    return found


def _text_of(part: Mail) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return _in_some_charset(content, part.get_content_charset() or "").replace("\r\n", "\n")


def _in_some_charset(content: bytes, named: str) -> str:
    """In the named charset if that can be true, else in the first that fits; what cannot be read is replaced."""
    for charset in _charsets(content, named.lower()):
        try:
            return content.decode(charset)
        except (ValueError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def _charsets(content: bytes, named: str) -> tuple[str, ...]:
    escaped = ("iso2022_jp_ext",) if _ESCAPES in content else ()
    if named in _LATIN or named in _NO_CHARSETS:
        return (*escaped, "utf-8", *(("cp1252", "latin-1") if named else ("cp932", "euc_jp")))
    return (*escaped, _WIDER.get(named, named), "utf-8", "cp932", "euc_jp")
