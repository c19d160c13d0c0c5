"""The language of a text by its script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.policy.languages import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ありがとうございます", "ja"),
        ("iPhone 15 Pro Maxが壊れた", "ja"),
        ("サポート対応", "ja"),
        ("ｻﾎﾟｰﾄ", "ja"),
        ("@help_minato 返金してください https://t.co/abc", "ja"),
        ("対応最悪", "ja"),
        ("환불해 주세요", "ko"),
        ("请退款，谢谢", "zh"),
        ("為什麼還沒退款呢", "zh"),
        ("Где мой заказ?", "ru"),
        ("Де моє замовлення?", "uk"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("أين طلبي؟", "ar"),
        ("سفارش من کجاست؟ چرا", "fa"),
        ("היכן ההזמנה שלי", "he"),
        ("मेरा ऑर्डर कहाँ है", "hi"),
        ("ขอคืนเงิน", "th"),
        ("ຂໍເງິນຄືນ", "lo"),
        ("ငွေပြန်အမ်းပါ", "my"),
        ("សូមសងប្រាក់វិញ", "km"),
        ("სად არის ჩემი შეკვეთა", "ka"),
        ("where is my refund?", ""),
        ("où est mon remboursement ?", ""),
        ("返金", ""),
        ("最高", ""),
        ("no reply ¯\\_(ツ)_/¯", ""),
        ("I’m waiting… 😡", ""),
        ("my name is Иван and I have been waiting for my order for two whole weeks now", ""),
        ("12345", ""),
        ("", ""),
        ("@返金 #返金して", ""),
    ],
)
def test_a_script_tells_the_language_where_only_one_language_uses_it(text: str, language: str) -> None:
    assert detect(text) == language


@given(st.text())
def test_any_text_has_a_two_letter_language_or_none(text: str) -> None:
    assert len(detect(text)) in (0, 2)


@given(
    st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096), min_size=1),
    st.text(st.characters(codec="ascii"), max_size=3),
)
def test_hiragana_is_japanese(text: str, around: str) -> None:
    assert detect(around.replace("@", "").replace("#", "") + " " + text) == "ja"
