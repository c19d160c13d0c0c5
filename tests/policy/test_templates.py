"""Templates: which wording is taken, what values may do to it, and that rendering is bounded."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from time import process_time
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.policy.template_engine import names_read
from playbook_engine.policy.template_variables import VARIABLES, Variable, longest_value
from playbook_engine.policy.templates import (
    Rendered,
    RenderError,
    Template,
    TemplateText,
    asks_personal,
    render,
)

JOINER = "\u2060"
ACK = Template(
    "ack",
    {
        "": {
            "ja": TemplateText("{{ author.name }}様、{{ reply.due }}までにお返事いたします。"),
            "en": TemplateText("Thank you, {{ author.name }}. We will answer by {{ reply.due }}."),
        },
        "email": {"en": TemplateText("Dear {{ author.name }},\nthank you.\n", "Re: {{ incident.id }}")},
    },
)
VALUES = {
    "author": {"name": "山田", "handle": "yamada"},
    "reply": {"due": "10月3日(金) 15:00"},
    "incident": {"id": "i-1", "waiting_minutes": 12},
    "link": {"returns": "https://minato.example/returns", "opening-hours": "https://minato.example/hours"},
    "answer": "",
}


def said(source: str, values: Mapping[str, object] = VALUES) -> str:
    return render(Template("t", {"": {"": TemplateText(source)}}), "x", ("ja",), values).text


def named(name: str) -> str:
    return said("{{ author.name }}", {"author": {"name": name}})


def test_the_wording_is_the_channels_own_in_the_first_language_that_there_is() -> None:
    assert render(ACK, "x", ("ja", "en"), VALUES).text == "山田様、10月3日(金) 15:00までにお返事いたします。"
    assert render(ACK, "email", ("ja", "en"), VALUES).language == "ja"
    assert render(ACK, "email", ("en", "ja"), VALUES) == Rendered("Re: i-1", "Dear 山田,\nthank you.", "en")
    assert render(ACK, "x", ("de", "en"), VALUES).language == "en"


def test_a_text_that_is_the_same_in_all_languages_serves_each() -> None:
    template = Template("hours", {"": {"": TemplateText("9-18")}, "email": {"en": TemplateText("nine to six")}})
    assert render(template, "x", ("ja",), {}) == Rendered("", "9-18", "ja")
    assert render(template, "email", ("ja", "en"), {}) == Rendered("", "9-18", "ja")
    assert render(template, "email", ("en",), {}) == Rendered("", "nine to six", "en")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ approver.initials }}", "`approver.initials` has no value here"),
        ("{{ personal }}", "`personal` has no value here"),
        ("{{ link.nowhere }}", "`link.nowhere` has no value here"),
        ("{{ author.name", "unexpected end of input, expected end of variable block"),
        ("{{ 'a' * 10000000 }}", "the template takes too many steps"),
        ("{{ 'a' * 19000 }}", "the text comes to more than 10000 characters"),
        ("{{ answer }}\n", "`t` comes out empty"),
        ("{{ range(3) }}", "range is unknown"),
    ],
)
def test_what_cannot_be_rendered_says_why(source: str, message: str) -> None:
    with pytest.raises(RenderError) as error:
        said(source)
    assert message in str(error.value)


def test_without_a_wording_in_any_of_the_languages_nothing_is_rendered() -> None:
    with pytest.raises(RenderError, match="`ack` has no text in de or fr"):
        render(ACK, "x", ("de", "fr"), VALUES)


def test_a_value_that_some_messages_lack_can_be_asked_for() -> None:
    source = "ok{% if reply.due is defined %} by {{ reply.due }}{% endif %}"
    assert said(source) == "ok by 10月3日(金) 15:00"
    assert said(source, {}) == "ok"
    assert said("by {{ reply.due|default('soon') }}", {}) == "by soon"


def test_links_are_named_with_their_dashes() -> None:
    assert said("{{ link.opening-hours }}") == "https://minato.example/hours"
    assert said("{{ link['opening-hours'] }} {{ link.returns }}") == (
        "https://minato.example/hours https://minato.example/returns"
    )
    assert said("{{ 'link.opening-hours' }}") == "link.opening-hours"
    assert names_read("{{ link.opening-hours }}{{ link['a b'] }}{{ author.name }}{{ 'x.y' }}") == {
        "link.opening-hours",
        "link.a b",
        "author.name",
    }


def test_numbers_are_said_plainly_and_flags_are_no_values() -> None:
    assert said("{{ incident.waiting_minutes }}") == "12"
    with pytest.raises(RenderError, match="has no value here"):
        said("{{ account }}", {"account": True})


def test_a_value_is_never_read_as_a_template() -> None:
    hostile = "{{ 7*7 }}{% for x in y %}{{ account }}"
    assert len(named(hostile)) == 30
    assert named(hostile) == "{{ 7*7 }}{% for x in y %}{{ a…"
    assert said("{{ answer }}", {"answer": hostile}) == hostile
    assert said("{{ personal }}", {"personal": "{{ personal }}"}) == "{{ personal }}"


def test_markup_in_a_value_stays_as_it_is() -> None:
    assert named("<b>&amp; O'Neil") == "<b>&amp; O'Neil"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice\r\nBcc: all", "Alice Bcc: all"),
        ("a\x00b\x1b[31mc\x9bd", "ab[31mcd"),
        ("\u202eevil\u2066x\u200f", "evilx"),
        ("  Alice\u2028 \t B  ", "Alice B"),
        ("@everyone hi", f"@{JOINER}everyone hi"),
        ("＠all", f"＠{JOINER}all"),
        ("#boycott", f"#{JOINER}boycott"),
        ("https://evil.example", f"https:{JOINER}//evil.{JOINER}example"),
        ("evil.com", f"evil.{JOINER}com"),
        ("a@b.example", f"a@{JOINER}b.{JOINER}example"),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("x" * 31, "x" * 29 + "…"),
        ("x" * 30, "x" * 30),
        ("あ" * 1_000_000, "あ" * 29 + "…"),
        ("\ud800x", "\ufffdx"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    ],
)
def test_a_name_cannot_act_on_the_post_it_stands_in(name: str, shown: str) -> None:
    assert named(name) == shown


def test_a_handle_names_the_customer_unless_it_is_none() -> None:
    def handled(handle: str) -> str:
        return said("@{{ author.handle }}", {"author": {"handle": handle}})

    assert handled("alice.bsky.social") == "@alice.bsky.social"
    assert handled("user@social.example") == "@user@social.example"
    assert handled("x https://evil.example @all") == f"@x https:{JOINER}//evil.{JOINER}example @{JOINER}all"


def test_only_an_answer_and_what_a_person_wrote_keep_their_lines() -> None:
    assert said("{{ answer }}", {"answer": "one\r\ntwo\x85three"}) == "one\ntwo\nthree"
    assert said("{{ account }}", {"account": "one\ntwo"}) == "one two"


def test_a_subject_is_one_line() -> None:
    template = Template("t", {"": {"en": TemplateText("text", "Re: {{ answer }}")}})
    assert render(template, "email", ("en",), {"answer": "a\nBcc: b"}).subject == "Re: a Bcc: b"


@given(st.text(max_size=300))
def test_every_name_comes_out_harmless_and_short(name: str) -> None:
    shown = said("[{{ author.name }}]", {"author": {"name": name}})
    assert len(shown) <= 32
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", shown)
    assert not re.search(r"[@＠#＃$＄]\w|://|\w\.\w{2}", shown)


@given(st.text(st.characters(categories=("L", "N"), exclude_characters="\u115f\u1160\u3164\uffa0"), max_size=30))
def test_a_plain_name_is_said_as_it_stands(name: str) -> None:
    assert said("[{{ author.name }}]", {"author": {"name": name}}) == f"[{name}]"


nested = st.recursive(
    st.one_of(st.text(max_size=20), st.integers(-(10**9), 10**9)),
    lambda held: st.dictionaries(
        st.sampled_from([part for name in VARIABLES for part in name.split(".")]), held, max_size=4
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["author", "reply", "link", "account", "answer"]), nested))
def test_rendering_never_changes_the_values_and_never_fails_otherwise(values: dict[str, object]) -> None:
    before = copy.deepcopy(values)
    for source in ("{{ author.name }}{{ author.clear() }}", "{{ account.append(1) }}", "{{ answer }}{{ link.name }}"):
        try:
            text = said(source, values)
        except RenderError as error:
            text = str(error)
        assert text != ""
    assert values == before


def test_values_that_cannot_be_changed_do_as_well() -> None:
    assert said("{{ author.name }}", MappingProxyType({"author": MappingProxyType({"name": "A"})})) == "A"


def test_a_template_says_whether_a_person_has_to_finish_it() -> None:
    sorry = Template(
        "sorry", {"": {"ja": TemplateText("申し訳ございません。{{ personal }}"), "en": TemplateText("Sorry.")}}
    )
    assert asks_personal(sorry)
    assert sorry.personal
    assert not asks_personal(ACK)
    assert not asks_personal(Template("broken", {"": {"": TemplateText("{{ personal")}}))


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=VARIABLES)
def test_every_published_variable_is_said_up_to_its_longest_value(variable: Variable) -> None:
    for language in ("ja", "en", ""):
        longest = longest_value(variable, language)
        assert len(str(longest)) <= variable.longest
        values: Mapping[str, object] = {variable.name: longest}
        if "." in variable.name:
            group, _, last = variable.name.partition(".")
            values = {group: {last: longest}}
        assert said(f"{{{{ {variable.name} }}}}", values) == str(longest)
    assert variable.sentence[0].islower() or variable.sentence.startswith("`")
    assert variable.type in ("text", "lines", "name", "time", "money", "number")


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in 'xxxxxxxxxx'|list %}{% for b in 'xxxxxxxxxx'|list %}{{ 'y' * 1000 }}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include 'text' %}",
        "{{ 9**9**9 }}",
        "{{ ('a' * 10000) | replace('a', 'b' * 10000) }}",
        "{{ '%100000000d' | format(1) }}",
    ],
)
def test_a_template_cannot_run_away(source: str) -> None:
    began = process_time()
    with pytest.raises(RenderError):
        said(source)
    assert process_time() - began < 1
