"""How long a text is where it is posted."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.policy.lengths import fits
from playbook_engine.policy.platforms import POST_LENGTHS, PostLength

CONFORMANCE = Path(__file__).parents[2].parent / "shared" / "cases" / "post_length_x.jsonl"

OLDER_RULES = (
    "Count a mix of single byte single word, and double word unicode characters",
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
)
"""Under `v2` of the rules an emoji counted by its parts; X counts it as one today."""


def measured(platform: str, text: str) -> int:
    found = fits(platform, text)
    assert found is not None
    return found[0]


@pytest.mark.skipif(not CONFORMANCE.exists(), reason="the conformance cases are not here")
def test_x_counts_as_its_conformance_cases_say() -> None:
    differing = []
    for line in CONFORMANCE.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found = fits("x", case["text"])
        assert found is not None
        if found[0] != case["weighted_length"]:
            differing.append((case["config"], case["source"].rpartition(":")[2]))
        else:
            assert (found[0] <= found[1]) == case["valid"]
    assert differing == [("v2", name) for name in OLDER_RULES]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("thank you", 9),
        ("申し訳ございません", 18),
        ("e\u0301", 1),
        ("“quoted” – it’s", 15),
        ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇯🇵🇩🇪", 4),
        ("1️⃣", 2),
        ("©", 1),
        ("©️", 2),
        ("see https://minato.example.com/returns?x=1#top.", 4 + 23 + 1),
        ("詳しくはhttps://example.com/aをご覧", 8 + 23 + 6),
        ("https://example.comです", 23 + 4),
        ("example.com", 23),
        ("example.com/a-very-long-path-that-goes-on-and-on", 23),
        ("example.co.jp、", 23 + 2),
        ("v1.2.3 e.g. this", 16),
        ("me@example.com", 14),
        ("@example.com", 12),
        ("readme.md", 23),
        ("file.txt", 8),
        ("http://", 7),
    ],
)
def test_x_counts_letters_by_weight_and_every_address_as_23(text: str, length: int) -> None:
    assert fits("x", text) == (length, 280)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("thank you", 9),
        ("申し訳", 3),
        ("👨‍👩‍👧‍👦", 1),
        ("see https://example.com/a-long-path-that-goes-on", 4 + 23),
        ("example.com/a-long-path-that-goes-on", 36),
        ("hello @alice@social.example!", 13),
    ],
)
def test_mastodon_counts_graphemes_addresses_as_23_and_no_servers_of_mentions(text: str, length: int) -> None:
    assert fits("mastodon", text) == (length, 500)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("thank you", 9),
        ("e\u0301 e\u0301\u0323", 3),
        ("👨‍👩‍👧‍👦🇯🇵1️⃣👍🏽", 4),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
        ("한글 \u1112\u1161\u11ab", 4),
        ("か\u3099", 1),
        ("a\r\nb", 3),
        ("\u0301a\n\u0301", 4),
        ("https://example.com", 19),
        ("நி", 1),
    ],
)
def test_bluesky_counts_what_readers_take_for_one_character(text: str, length: int) -> None:
    assert fits("bluesky", text) == (length, 300)


def test_bluesky_bounds_bytes_as_well() -> None:
    assert fits("bluesky", "👨‍👩‍👧‍👦" * 120) == (120, 300)
    assert fits("bluesky", "👨‍👩‍👧‍👦" * 121) == (3025, 3000)


def test_a_platform_without_a_known_bound_takes_any_length() -> None:
    assert fits("email", "x" * 100_000) is None
    assert fits("direct", "") is None


@given(st.text(st.characters(exclude_characters=".")), st.text(st.characters(exclude_characters=".")))
def test_on_x_lengths_add_up(one: str, other: str) -> None:
    # An emoji or an accent may close over the seam, so a space stands there.
    whole = measured("x", f"{one} {other}")
    assert whole <= measured("x", one) + 1 + measured("x", other) + 2
    assert whole >= max(measured("x", one), measured("x", other))


@given(st.text())
def test_no_length_exceeds_the_characters_by_more_than_its_measure(text: str) -> None:
    assert measured("x", text) <= 2 * len(text) + 23 * text.count(".")
    assert measured("bluesky", text) <= len(text) or len(text.encode("utf-8", "replace")) > 3000


@pytest.mark.parametrize(
    "hostile",
    [
        "a." * 5_000,
        "http://" * 1_500,
        "a-" * 5_000,
        "https://a.com/" + "." * 10_000,
        "https://a.com/?" + "(" * 9_000,
        "@a" * 5_000,
        "👩\u200d" * 5_000,
    ],
)
def test_a_hostile_text_is_measured_in_bounded_time(hostile: str) -> None:
    began = process_time()
    for platform in POST_LENGTHS:
        assert fits(platform, hostile) is not None
    assert process_time() - began < 1


@pytest.mark.parametrize("length", POST_LENGTHS.values(), ids=POST_LENGTHS)
def test_every_figure_has_its_source_and_date(length: PostLength) -> None:
    assert length.source.startswith("https://")
    assert length.as_of == "2026-11-20"
    assert length.counts in ("weighted", "graphemes")
