"""Personal data that should not stand in public."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.policy.fold import fold
from playbook_engine.policy.personal import personal_data


@pytest.mark.parametrize(
    "text",
    [
        "write to taro@example.com",
        "taro.yamada+shop@mail.example.co.jp",
        "メールはtaro@example.comまで",
        "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "<taro@example.com>",
        "090-1234-5678",
        "電話は０９０－１２３４－５６７８です",
        "090ー1234ー5678",
        "09012345678に電話",
        "03-1234-5678",
        "(03) 1234-5678",
        "03(1234)5678",
        "0463-45-6789",
        "+81 90 1234 5678",
        "+81-3-1234-5678",
        "+1 (555) 555-0100",
        "(555) 555-0100",
        "555-555-0100",
        "1-555-555-0100",
        "555.555.0100",
        "+49 30 901820",
        "06 12 34 56 78",
        "my card 4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "order 1234 4111 1111 1111 1111",
        "3782 822463 10005",
        "5555555555554444",
    ],
)
def test_addresses_phone_and_card_numbers_are_personal(text: str) -> None:
    assert personal_data(text)
    assert personal_data(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my order has not arrived",
        "order 2024-0911-1234",
        "注文番号 1234-5678-9012",
        "on 2026-11-22 10:30 and 2026/11/23",
        "2026年11月22日10時30分",
        "1,000,000円 (税込)",
        "〒123-4567",
        "0.123456789012",
        "4111 1111 1111 1112",
        "1234 5678 9012 3456",
        "4901234567894",
        "978-4-06-519981-1",
        "192.168.100.200",
        "@alice and @bob.bsky.social",
        "@user@social.example",
        "a@b",
        "taro@",
        "100 200 3000",
        "+5",
        "v10.0.19041.1234",
        "00000000000",
        "1234567890",
    ],
)
def test_other_numbers_and_handles_are_not(text: str) -> None:
    assert not personal_data(text)


@given(st.text(), st.text())
def test_an_address_is_found_in_any_surroundings(before: str, after: str) -> None:
    assert personal_data(f"{before[:50]} taro@example.com {after}")


@given(st.text(st.sampled_from("0123456789 -+().@ax")))
def test_any_mixture_of_signs_is_judged_alike_folded_and_unfolded(text: str) -> None:
    assert personal_data(text) == personal_data(fold(text))


@pytest.mark.parametrize(
    "hostile",
    ["1 " * 10_000, "1234 " * 4_000, "0" * 20_000, "+1 " * 6_000, "a@" * 10_000, "a." * 10_000 + "@", "41111 " * 3_333],
)
def test_a_hostile_text_is_searched_in_bounded_time(hostile: str) -> None:
    began = process_time()
    assert not personal_data(hostile)
    assert process_time() - began < 0.5
