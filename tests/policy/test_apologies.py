"""Words that apologise, by language."""

from __future__ import annotations

import pytest

from playbook_engine.policy.apologies import APOLOGIES, apologises
from playbook_engine.policy.fold import fold


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ja", "ご不便をおかけし、誠に申し訳ございません。"),
        ("ja", "心よりお詫び申し上げます"),
        ("ja", "先ほどは失礼いたしました。"),
        ("ja", "すみません、確認いたします"),
        ("ja", "ごめんなさい🙏"),
        ("ja", "この度はご迷惑をおかけしております。"),
        ("ja-JP", "申し訳ありません"),
        ("en", "We're SORRY for the delay!"),
        ("en", "We apologise."),
        ("en-US", "please accept our apologies"),
        ("en", "we regret the trouble"),
        ("de", "Das tut uns sehr leid."),
        ("de", "Wir bitten um Entschuldigung"),
        ("fr", "Nous sommes désolés."),
        ("fr", "Toutes nos excuses"),
        ("es", "Lo sentimos mucho"),
        ("es", "Disculpe las molestias"),
        ("zh", "非常抱歉给您带来不便"),
        ("zh-TW", "真的很對不起"),
        ("ko", "불편을 드려 죄송합니다"),
    ],
)
def test_a_word_of_apology_counts(lang: str, text: str) -> None:
    assert apologises(text, lang)
    assert apologises(text, "")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ja", "恐れ入りますが、注文番号をお知らせください"),
        ("ja", "お手数ですがDMをお願いします"),
        ("ja", "ありがとうございます"),
        ("en", "Thank you for letting us know."),
        ("en", "excuse me, which order?"),
        ("en", "a sorrylooking parcel"),
        ("en", "申し訳ございません"),
        ("de", "Vielen Dank"),
        ("ko", "사과 주스가 있어요"),
        ("", ""),
    ],
)
def test_other_politeness_does_not(lang: str, text: str) -> None:
    assert not apologises(text, lang)


def test_a_language_without_a_list_is_searched_for_the_words_of_all() -> None:
    assert apologises("sorry!", "sv")
    assert apologises("申し訳ございません", "sv")
    assert not apologises("tack", "sv")


@pytest.mark.parametrize("lang", APOLOGIES)
def test_every_word_of_a_list_is_found_as_it_is_listed(lang: str) -> None:
    for word in APOLOGIES[lang]:
        assert fold(word) == word
        assert apologises(f"… {word} …", lang)


def test_a_word_inside_another_is_no_apology_where_words_are_spaced() -> None:
    assert not apologises("unsorrying", "en")
    assert apologises("sorry_", "en")
