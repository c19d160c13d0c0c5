"""E-mail: headers, charsets that lie, HTML, quotations, and mail that answers by itself."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.runtime.incoming.html_text import html_text
from playbook_engine.runtime.incoming.mail import message_ids, read_mail
from playbook_engine.runtime.incoming.outcomes import Unfit
from playbook_engine.runtime.incoming.quoting import unquoted

HEAD = b"From: Tanaka <tanaka@example.jp>\r\nMessage-ID: <m1@example.jp>\r\n"


def mail(head: bytes = b"", body: bytes = b"hello") -> dict[str, object]:
    return read_mail(HEAD + head + b"\r\n" + body)


def plain(charset: str, body: bytes) -> object:
    return mail(f"Content-Type: text/plain; charset={charset}\r\n".encode(), body)["text"]


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("iso-2022-jp", "iso-2022-jp"),
        ("ISO-2022-JP", "iso2022_jp_ext"),
        ("us-ascii", "iso-2022-jp"),
        ("utf-8", "iso-2022-jp"),
        ("shift_jis", "cp932"),
        ("utf-8", "cp932"),
        ("iso-8859-1", "utf-8"),
        ("windows-1252", "utf-8"),
        ("us-ascii", "utf-8"),
        ("no-such-charset", "utf-8"),
        ("euc-jp", "euc-jp"),
        ("idna", "utf-8"),
        ("unicode-escape", "utf-8"),
    ],
)
def test_japanese_is_read_whatever_the_charset_is_called(named: str, written: str) -> None:
    assert plain(named, "返品したいのですが".encode(written)) == "返品したいのですが"


def test_japanese_without_a_charset_is_read() -> None:
    for charset in ("utf-8", "iso-2022-jp", "cp932"):
        assert mail(body="返品したいのですが".encode(charset))["text"] == "返品したいのですが"


def test_latin_text_is_read() -> None:
    assert plain("iso-8859-1", "café".encode("latin-1")) == "café"
    assert plain("windows-1252", "“café” €".encode("cp1252")) == "“café” €"


def test_what_no_charset_can_read_is_replaced() -> None:
    assert plain("utf-8", b"a\x81\xffb") == "a\ufffd\ufffdb"


def test_encoded_and_raw_headers_are_read() -> None:
    encoded = "=?iso-2022-jp?B?GyRCSlZJSiROJDQwTU1qGyhC?="
    assert mail(f"Subject: {encoded}\r\n".encode())["subject"] == "返品のご依頼"
    assert mail("Subject: 返品\r\n".encode())["subject"] == "返品"
    assert mail("Subject: 返品\r\n".encode("cp932"))["subject"] == "返品"
    assert mail(b"Subject: one\r\n two\r\n")["subject"] == "one two"
    assert mail(b"Subject: =?nonsense?x?y?=\r\n")["subject"] == "=?nonsense?x?y?="


def test_an_address_is_read_in_lower_case_with_its_name() -> None:
    found = read_mail(b'From: "Tanaka, Taro" <TARO@Example.JP>\nTo: a@b.example, C <d@e.example>\n\nhi')
    assert (found["name"], found["from"]) == ("Tanaka, Taro", "taro@example.jp")
    assert found["to"] == ["a@b.example", "d@e.example"]


def test_the_sender_behind_a_group_address_is_who_wrote() -> None:
    found = mail(b"X-Original-Sender: jane@example.com\r\nList-Id: <care.minato.example>\r\nPrecedence: list\r\n")
    assert (found["from"], found["automatic"]) == ("jane@example.com", False)


def test_the_root_of_a_conversation_is_its_first_reference() -> None:
    found = mail(b"References: <a@x>\r\n <b@x>\r\nIn-Reply-To: <b@x>\r\n")
    assert (found["root"], found["in_reply_to"]) == ("a@x", "b@x")
    assert mail(b"In-Reply-To: <b@x>\r\n")["root"] == "b@x"
    assert mail(b"References: <a@x> <b@x>\r\n")["in_reply_to"] == "b@x"
    assert mail()["root"] == ""


def test_of_very_many_references_the_first_and_the_latest_are_kept() -> None:
    found = message_ids(" ".join(f"<{n}@x>" for n in range(500)))
    assert (len(found), found[0], found[-1]) == (100, "0@x", "499@x")


def test_a_mail_without_an_id_has_one_of_its_bytes() -> None:
    one, other = read_mail(b"From: a@b\n\nhi"), read_mail(b"From: a@b\n\nho")
    assert one["id"] == read_mail(b"From: a@b\n\nhi")["id"] != other["id"]


def test_a_date_that_cannot_be_read_is_left_to_the_door() -> None:
    assert mail(b"Date: yesterday\r\n")["at"] is None
    assert mail(b"Date: Mon, 02 Mar 2026 19:00:00 +0900\r\n")["at"] == 1_772_445_600_000


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        (b"Auto-Submitted: auto-replied", True),
        (b"Auto-Submitted: auto-generated; owner=x", True),
        (b"Auto-Submitted: no", False),
        (b"Auto-Submitted: No (by hand)", False),
        (b"Precedence: bulk", True),
        (b"Precedence: first-class", False),
        (b"List-Id: <news.example>", True),
        (b"List-Unsubscribe: <mailto:x@y>", True),
        (b"X-Autoreply: yes", True),
        (b"Return-Path: <>", True),
        (b"Return-Path: <tanaka@example.jp>", False),
        (b"Content-Type: multipart/report; report-type=delivery-status", True),
        (b"Subject: Out of office", False),
    ],
)
def test_mail_that_answers_by_itself_is_known_by_its_headers(header: bytes, automatic: bool) -> None:
    assert mail(header + b"\r\n")["automatic"] is automatic


def test_the_plain_part_is_preferred_and_files_are_counted() -> None:
    body = (
        b"--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
        b"--y\r\nContent-Type: text/plain\r\n\r\nplain words\r\n"
        b"--y\r\nContent-Type: text/html\r\n\r\n<p>html words</p>\r\n--y--\r\n"
        b"--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\nxx\r\n"
        b"--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=b.txt\r\n\r\nxx\r\n--x--\r\n"
    )
    found = mail(b"Content-Type: multipart/mixed; boundary=x\r\n", body)
    assert (found["text"], found["attachments"]) == ("plain words", 2)


def test_html_is_read_where_there_is_no_plain_part() -> None:
    found = mail(b"Content-Type: text/html; charset=utf-8\r\n", "<p>壊れた<br>また&amp;</p>".encode())
    assert found["text"] == "壊れた\nまた&"


def test_transfer_encodings_are_undone() -> None:
    assert mail(b"Content-Transfer-Encoding: base64\r\n", b"aGVsbG8=")["text"] == "hello"
    assert mail(b"Content-Transfer-Encoding: quoted-printable\r\n", b"a=3Db=\r\nc")["text"] == "a=bc"
    assert mail(b"Content-Transfer-Encoding: base64\r\n", b"%%%no%%%")["text"] != ""


def test_deeply_nested_parts_end_nothing() -> None:
    nested = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(3_000)
    )
    with suppress(Unfit):
        assert mail(b"Content-Type: multipart/mixed; boundary=b0\r\n", nested)["text"] == ""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("a < b", "a < b"),
        ("1 &lt; 2 &amp;&nbsp;&#x1F621;", "1 < 2 & 😡"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("a\n  b\tc", "a b c"),
        ("<style>p {}</style><script>if (a<b) {}</script>x", "x"),
        ("<head><title>t</title></head>x", "x"),
        ("a<!-- <p>no</p> -->b", "ab"),
        ("a<!-- no end", "a"),
        ('<img alt="a > b">x', "x"),
        ("<a href='x'>li<span class='invisible'>nk</span></a>", "link"),
        ("<!DOCTYPE html><p>x", "x"),
        ("<p", ""),
        ("x<script>never closed", "x"),
        ("</p>x</unknown>y", "xy"),
    ],
)
def test_html_reads_as_a_browser_shows_it(html: str, text: str) -> None:
    assert html_text(html) == text


@pytest.mark.parametrize(
    "piece", ["<", "<!--", '<a "', "<a '", "</", "<p>", "<script>", "&", "<style><!--", '<a b="x>']
)
def test_hostile_html_takes_no_time(piece: str) -> None:
    began = time.process_time()
    html_text(piece * (400_000 // len(piece)))
    assert time.process_time() - began < 5


@given(st.text(alphabet="<>/!-\"'&;abp \n"))
def test_no_html_ends_the_reader(html: str) -> None:
    assert html_text(html) == html_text(html).strip()


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("It works.\n\nOn Mon, Mar 2, 2026, Care wrote:\n> Thank you\n> bye", "It works."),
        ("It works.\n\nOn Mon, Mar 2, 2026 at 10:00 Care <\ncare@minato.example> wrote:\n\n> Thank you", "It works."),
        ("動きました。\n\n2026年3月2日(月) 10:00 お客様係 <care@minato.example>:\n> ありがとう", "動きました。"),
        ("Yes\n> first question?\nno\n> second?\nmaybe", "Yes\nno\nmaybe"),
        ("Top\n-----Original Message-----\nFrom: Care\nold words", "Top"),
        ("Nothing is quoted: really\n", "Nothing is quoted: really"),
        ("> only a quotation", "> only a quotation"),
        ("See below:\n> old", "See below:"),
    ],
)
def test_what_a_mail_quotes_is_left_out(written: str, own: str) -> None:
    assert unquoted(written) == own
