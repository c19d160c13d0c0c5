"""What the rules on wording find in Japanese and English, and what they leave in peace."""

from __future__ import annotations

import pytest

from lint.linting import findings
from lint.polite import ENGLISH, JAPANESE
from playbook_engine.lint.wording.liability import ADMISSIONS
from playbook_engine.lint.wording.non_apologies import NON_APOLOGIES
from playbook_engine.lint.wording.phrase import Phrase, hits
from playbook_engine.lint.wording.placeholders import LIKELY, UNMISTAKABLE
from playbook_engine.lint.wording.promises import PROMISES
from playbook_engine.lint.wording.requests import REQUESTS
from playbook_engine.lint.wording.tones import LAUGHTER

LISTS = {
    "non-apologies": NON_APOLOGIES,
    "placeholders": (*UNMISTAKABLE, *LIKELY),
    "promises": PROMISES,
    "requests": REQUESTS,
    "admissions": ADMISSIONS,
    "laughter": LAUGHTER,
}

FOUND = {
    ("non-apologies", "en"): (
        "We are sorry if you were offended.",
        "We’re sorry you feel that way.",
        "We apologise if anyone was upset.",
        "We apologise for the misunderstanding.",
        "Mistakes were made.",
        "As per our policy we cannot help.",
        "You should have checked the size.",
        "This was beyond our control.",
        "Please calm down.",
        "Sorry, but it is not our fault.",
        "It was not our intention.",
        "As we already explained, no.",
    ),
    ("non-apologies", "ja"): (
        "誤解を招く表現がありお詫びします。",
        "ご不快に思われた方にお詫び申し上げます。",
        "お気持ちを害されたのであれば申し訳ございません。",
        "もし失礼がございましたら、申し訳ございません。",
        "そのようなつもりはございませんでした。",
        "遺憾に存じます。",
        "お客様の勘違いと思われます。",
        "弊社に責任はございません。",
        "配送業者の都合により遅れました。",
        "規約に記載しております。",
        "先日もお伝えしたとおりです。",
        "不可抗力によるものです。",
    ),
    ("placeholders", "en"): (
        "TODO",
        "Lorem ipsum dolor",
        "Dear [name],",
        "Hello <your name>",
        "[insert link]",
        "Call XXX",
    ),
    ("placeholders", "ja"): ("〇〇様", "◯◯のページ", "ここに文章を入力", "TODO: 書く", "文言未定", "（仮）お詫び"),
    ("promises", "en"): (
        "Your refund arrives within 3 days.",
        "We will refund you.",
        "We will answer within two hours.",
        "A person will answer by {{ reply.due }}.",
        "We will send you a replacement.",
    ),
    ("promises", "ja"): (
        "3日以内に返金いたします。",
        "全額返金いたします。",
        "24時間以内にご連絡いたします。",
        "{{ reply.due }}までに担当者がお返事いたします。",
        "代替品をお送りいたします。",
    ),
    ("requests", "en"): (
        "Please send us your order number.",
        "Could you tell us your e-mail address?",
        "Please reply with your phone number.",
    ),
    ("requests", "ja"): (
        "ご注文番号をお知らせください。",
        "お電話番号とお名前をお教えください。",
        "ご住所をお送りください",
    ),
    ("admissions", "en"): (
        "This was our fault.",
        "We accept full responsibility.",
        "We were negligent.",
        "You will be compensated.",
    ),
    ("admissions", "ja"): ("弊社の過失により", "責任を認めます", "治療費は弊社が負担いたします", "損害賠償いたします"),
    ("laughter", "en"): ("Oops! Sorry", "haha", "sorry 😂"),
    ("laughter", "ja"): ("申し訳ございません（笑）", "てへぺろ"),
}


@pytest.mark.parametrize(
    ("name", "language", "sentence"),
    [(name, language, sentence) for (name, language), sentences in FOUND.items() for sentence in sentences],
)
def test_what_should_not_be_said_is_found(name: str, language: str, sentence: str) -> None:
    assert list(hits(LISTS[name], sentence, (language,)))


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_found_in_what_companies_say_every_day(name: str) -> None:
    assert len(ENGLISH) >= 60 <= len(JAPANESE)
    said = [("en", sentence) for sentence in ENGLISH] + [("ja", sentence) for sentence in JAPANESE]
    assert [(each, hit.text) for language, each in said for hit in hits(LISTS[name], each, (language,))] == []


def test_a_phrase_is_looked_for_in_texts_of_its_own_language() -> None:
    assert list(hits(NON_APOLOGIES, "Mistakes were made", ("de",))) == []
    assert list(hits(NON_APOLOGIES, "Mistakes were made", ("en-GB",)))
    assert list(hits((Phrase("", "tbd", "is a note"),), "TBD", ("de",)))


def test_a_phrase_is_found_over_the_break_of_a_line() -> None:
    assert list(hits(NON_APOLOGIES, "We are sorry\nif you were hurt", ("en",)))


def test_the_place_is_the_words_themselves() -> None:
    found = findings(
        """\
templates:
  thanks:
    ja: "ありがとうございます。{{ personal }}"
    en: |
      Thank you!
      Mistakes were made. {{ personal }}
""",
        only=("PB605",),
    )
    assert [(each.span.line, each.span.column, each.span.end_column) for each in found] == [(6, 7, 25)]
    assert "`Mistakes were made` names nobody who did it" in found[0].message


def test_words_that_only_our_people_read_are_not_judged() -> None:
    assert not findings(
        """\
templates:
  inside: {ja: 誤解を招いたようです。〇〇さん、確認を。, en: Mistakes were made; TBC.}
rules:
  tell: {when: {topics: legal}, once_per: incident, do: [{notify: {to: head, template: inside}}]}
""",
        only=("PB605", "PB607"),
    )
