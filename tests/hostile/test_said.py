"""What a customer wrote, in what we say: nothing of it acts on its own in a post, a mail or a notification of ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import EXAMPLES
from playbook_engine.model.event import Author
from playbook_engine.policy.template_variables import JOINER, VARIABLES, cleaned
from story import Story, compiled

POLICY = compiled(
    replaced={
        'en: "Thank you, {{ author.name }}. We answer by {{ reply.due }}."': (
            'en: "Thank you, {{ author.name }} (@{{ author.handle }}). We answer by {{ reply.due }}."'
        ),
        'ja: "{{ author.name }}様、{{ reply.due }}までに。"': (
            'ja: "{{ author.name }}様 (@{{ author.handle }})、{{ reply.due }}までに。"'
        ),
    }
)
CALLS = re.compile(r"[@＠﹫#＃﹟$＄﹩](?![\u2060\W])|<[!@#/]|<!\w|[:：]//|\w[.．。｡․﹒]\w\w|[\r\n]")
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2061-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0001-\U000e007f]"
)


def answer(name: str, lang: str, handle: str = "cleo") -> str:
    """The automatic reply to a customer who calls themselves so, without the mention that the playbook writes."""
    story = Story(POLICY, deliver=False)
    story.takes("message.received", "mon 10:00", text="it is broken", lang=lang, author=Author(handle, name))
    [sent] = [delivery for delivery in story.deliveries if delivery.action == "send"]
    assert (sent.parameters["lang"], sent.parameters["template"]) == (lang, "ack")
    return str(sent.parameters["text"]).replace("(@cleo)", "()")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<!channel>", f"<{JOINER}!{JOINER}channel>"),
        ("<@U024BE7LH>", f"<{JOINER}@{JOINER}U024BE7LH>"),
        ("<!subteam^S01|all>", f"<{JOINER}!{JOINER}subteam^S01|all>"),
        ("<https://a.example|us>", f"<{JOINER}https:{JOINER}//a.{JOINER}example|us>"),
        ("﹫all ﹟x ﹩y", f"﹫{JOINER}all ﹟{JOINER}x ﹩{JOINER}y"),
        ("a\u2024example", f"a\u2024{JOINER}example"),
        ("a.\u200dexample", f"a.{JOINER}\u200dexample"),
        ("evil.c", f"evil.{JOINER}c"),
        ("https：//a", f"https：{JOINER}//a"),
        ("al\u200bl\u2063 \u00adso", "all so"),
        ("A\U000e0041\U000e0042B", "AB"),
        ("\u2800\u3164\ufeff\u200d", "cleo"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("I <3 tea! 5 < 6", "I <3 tea! 5 < 6"),
    ],
)
def test_a_name_calls_nobody_leads_nowhere_and_hides_nothing(lang: str, name: str, shown: str) -> None:
    due = {"en": "Thank you, {} (). We answer by Mon 2 Mar, 11:00 UTC.", "ja": "{}様 ()、3月2日(月) 11:00までに。"}
    assert answer(name, lang) == due[lang].format(shown)


@pytest.mark.parametrize(("lang", "word"), [("en", "Thank you, customer (@customer)"), ("ja", "お客様 (@お客)")])
def test_who_has_nothing_to_be_called_by_is_a_customer(lang: str, word: str) -> None:
    assert answer("\u200b\u2800", lang, "\u3164").startswith(word)


@pytest.mark.parametrize("handle", ["everyone", "HERE", "channel", "all", "group"])
def test_a_handle_that_calls_everybody_calls_nobody(handle: str) -> None:
    assert f"(@{JOINER}{handle})" in answer("Cleo", "en", handle)


def test_a_look_up_s_answer_may_link_and_mention_as_its_table_does() -> None:
    answered = "See https://shop.example or ask @shop"
    assert cleaned(answered, VARIABLES["answer"]) == answered


@settings(max_examples=EXAMPLES)
@given(
    st.text(
        st.sampled_from("@＠#$<>!|:/.。ab9 \n\r\u200b\u200d\u202e\u2066\u2060\u2024\ufe0f\U000e0041[]()*_`")
        | st.characters(),
        max_size=40,
    ),
    st.sampled_from(["en", "ja"]),
)
def test_no_name_acts_in_an_answer(name: str, lang: str) -> None:
    said = answer(name, lang)
    assert not CALLS.search(said), said
    assert not UNSEEN.search(said), said
    assert len(said) < 120
