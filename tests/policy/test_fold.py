"""SEMANTICS 4.6: texts are compared folded, and folding twice changes nothing."""

from __future__ import annotations

import sys
from time import process_time
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playbook_engine.policy.fold import LONGEST, fold, folds_to_nothing

ODD = (
    "\u0301\u0323\u0345\u034f\u00ad\u115f\u1160\u17b4\u180e\u200b\u200d\u2060\u3164\ufe0f\ufeff\uff9e\uff9f\uffa0\ufff0"
    "\u1f82\u1fb3\u01f0\u1e9e\u0130\u0149\u0390\ufb03\ufdfa\uac01\u1100\u1161\u11a8\u03a3\u2126\U000e0041\U0001d173"
    "Aaaß ｱﾞａ\ud800"
)
texts = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(ODD)), max_size=200)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Refund", "refund"),
        ("ＲＥＦＵＮＤ　①", "refund 1"),
        ("ｱｸﾒ", "アクメ"),
        ("ﾀﾞﾒ", "ダメ"),
        ("㈱みなと", "(株)みなと"),
        ("Ac\u200bme", "acme"),
        ("soft\u00adhyphen", "softhyphen"),
        ("STRASSE straße", "strasse strasse"),
        ("e\u0301", "é"),
        ("e\u200d\u0301", "é"),
        ("Ⅳ", "iv"),
        ("ΣΑΣ", "σασ"),
        ("👩\u200d🔧", "👩🔧"),
        ("", ""),
    ],
)
def test_different_spellings_of_a_word_fold_to_one(written: str, read: str) -> None:
    assert fold(written) == read


def test_folding_a_folded_character_changes_nothing_for_every_character_of_unicode() -> None:
    assert [hex(code) for code in range(sys.maxunicode + 1) if fold(once := fold(chr(code))) != once] == []


@given(texts)
@example("α\u0345\u200d\u0301")
@example("a" + "\u0301\u0323" * 60)
@example("a" + "\u0301\u115f\u0323" * 60)
@example("か" + "\uff9e\u0301" * 60)
@example("\u0344" * 70)
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(texts, st.integers(1, 500))
def test_folding_a_cut_text_changes_nothing(text: str, times: int) -> None:
    once = fold(text * times)
    assert len(once) <= LONGEST
    assert fold(once) == once


@given(st.text(max_size=20))
def test_canonically_equal_texts_fold_to_one(text: str) -> None:
    assert fold(normalize("NFD", text)) == fold(text)


@given(st.text(st.characters(codec="ascii")))
def test_plain_letters_take_a_shorter_way_to_the_same_end(text: str) -> None:
    assert fold(text + "あ") == fold(text) + "あ"


def test_a_long_text_is_cut_after_twenty_thousand_characters() -> None:
    assert fold("x" * 30_000) == "x" * 20_000
    assert fold("あ" * 30_000) == "あ" * 20_000
    assert fold("\ufdfa" * 30_000) == (fold("\ufdfa") * 2_000)[:20_000]


def test_unseen_characters_before_a_text_do_not_push_it_out_of_sight() -> None:
    assert fold("\u200b" * 300_000 + "refund") == "refund"


def test_a_letter_keeps_sixty_four_marks() -> None:
    assert fold("x" + "\u0301" * 200 + "y") == "x" + "\u0301" * 64 + "y"
    assert fold("x" + "\u0301" * 16 + "y") == "x" + "\u0301" * 16 + "y"


@pytest.mark.parametrize(
    "hostile",
    [
        "a" + "\u0301\u0323" * 500_000,
        "a" + "\u0301\u200d\u0323\u200d" * 250_000,
        "a" + "\u0301\u115f\u0323\u115f" * 250_000,
        "\uff9e\u0301" * 500_000,
        "\ufdfa" * 1_000_000,
        "\u200b" * 1_000_000,
        "\u0344" * 1_000_000,
    ],
)
def test_a_hostile_megabyte_folds_in_bounded_time(hostile: str) -> None:
    began = process_time()
    once = fold(hostile)
    assert process_time() - began < 2
    assert fold(once) == once


@pytest.mark.parametrize("nothing", ["", "\u200b", "\ufe0f\u00ad", "\u3164\uffa0"])
def test_a_literal_of_unseen_characters_folds_to_nothing(nothing: str) -> None:
    assert folds_to_nothing(nothing)
    assert not folds_to_nothing(nothing + "a")
