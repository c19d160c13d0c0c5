"""What is wrong with a template is found when the playbook is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.policy.template_checks import check, faults_in, render_longest
from playbook_engine.policy.template_variables import VARIABLES
from playbook_engine.policy.templates import RenderError, Template, TemplateText, render

LINKS = {"opening-hours": "https://minato.example/hours", "returns": "https://minato.example/returns"}


@pytest.mark.parametrize(
    "source",
    [
        "Thank you, {{ author.name }}. {{ department.name }} will answer by {{ reply.due }}.",
        "ご不便をおかけし、誠に申し訳ございません。{{ personal }} {{ approver.initials }}",
        "{{ link.opening-hours }} {{ link['returns'] }}",
        "{% if reply.due is defined %}{{ reply.due }}{% elif coupon.code is not defined %}x{% else %}soon{% endif %}",
        "{%- if account -%} {{ account|upper }} {%- endif -%}",
        "{{ author.name|default('|x(y') }} {# said by hand #}",
        "50% off {today} :-{ )",
    ],
)
def test_a_sound_template_has_no_faults(source: str) -> None:
    assert faults_in(source, LINKS) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{{ author.nme }}", "no value is called `author.nme`; did you mean `author.name`?"),
        ("{{ author }}", "no value is called `author`; did you mean `author.name`?"),
        ("{{ customer_name }}", "no value is called `customer_name`; did you mean `author.name`?"),
        ("{{ link.return }}", "no link is called `return`; did you mean `link.returns`?"),
        ("{{ link.zzz }}", "no link is called `zzz`; write it under `links`"),
        ("{{ link }}", "a link is named outright; write {{ link.<id> }} with an id of `links`"),
        ("{{ link[account] }}", "a link is named outright; write {{ link.<id> }} with an id of `links`"),
        ("{author.name}", "`{author.name}` would be said as it stands; write {{ author.name }}"),
        (
            "｛｛ author.name ｝｝",
            "`｛｛ author.name ｝｝` has full-width braces and would be said as it stands; write {{ … }}",
        ),
        (
            "a\n{{ author.name",
            "line 2: a place for a value is not closed (unexpected end of input, expected end of variable block); "
            "end it with }}",
        ),
        (
            "{{ }}",
            "line 1: a place for a value is incomplete (unexpected end of variable block); "
            "write as in {{ author.name }}",
        ),
        (
            "{% if account %}",
            "line 1: an `if` or its tag is not closed (unexpected end of input, expected end of block); "
            "end the tag with %} and the `if` with {% endif %}",
        ),
        (
            "{% include 'x' %}",
            "`{% include 'x' %}` is not for templates; of the tags there are only if, elif, else and endif",
        ),
        (
            "{% set x = 1 %}",
            "`{% set x = 1 %}` is not for templates; of the tags there are only if, elif, else and endif",
        ),
        (
            "{{ account|tojson }}",
            "`tojson` is not for templates; a value can be changed by capitalize, default, lower, title, trim, upper",
        ),
        ("{{ account.get('x') }}", "`account.get(` would call something; templates only name values"),
        (
            "{% if reply.due %}x{% endif %}",
            "`reply.due` is not there in every message; write {% if reply.due is defined %}",
        ),
        ("{{ account + 3 }}", "tried to use + operator on unsupported types string and number"),
        ("{% if account is defined %}a{% else %}{{ 1/0 }}{% endif %}", "unable to calculate 1 / 0"),
        ("{{ 'a' * 15000 }}", "the text comes to more than 10000 characters"),
    ],
)
def test_a_fault_is_named_with_what_to_do(source: str, fault: str) -> None:
    assert fault in faults_in(source, LINKS)


def test_every_wording_is_checked_and_every_language_is_asked_for() -> None:
    template = Template(
        "t",
        {
            "": {"ja": TemplateText("{{ a }}"), "en": TemplateText(" ")},
            "email": {"en": TemplateText("ok", "{{ b }}")},
            "line": {"": TemplateText("ok")},
        },
    )
    places = [place for place, _ in check(template, LINKS, ("ja", "en", "de"))]
    assert places == [
        ("", "de", "text"),
        ("", "ja", "text"),
        ("", "en", "text"),
        ("email", "de", "text"),
        ("email", "en", "subject"),
    ]


def longest(source: str, channel: str = "x", language: str = "en") -> str:
    return render_longest(Template("t", {"": {"": TemplateText(source)}}), channel, language, {"link": LINKS}).text


def test_the_longest_text_has_the_longest_values_and_the_longest_branches() -> None:
    assert longest("{{ department.name }}!") == "m" * 60 + "!"
    assert longest("{{ department.name }}!", language="ja") == "あ" * 60 + "!"
    assert longest("{{ reply.due }}", language="ja") == "12月30日(水) 23:59"
    assert longest("a{% if account %}bb{% elif answer is defined %}cccc{% else %}ddd{% endif %}e") == "acccce"
    assert longest("{% if account %}{% if level is defined %}aaa{% else %}b{% endif %}{% endif %}") == "aaa"
    assert longest("{{ link.returns }}") == "https://minato.example/returns"


def test_the_longest_branch_is_the_longest_in_the_channels_measure() -> None:
    source = "{% if account %}あああ{% else %}aaaaa{% endif %}"
    assert longest(source, "x") == "あああ"
    assert longest(source, "email") == "aaaaa"


def test_values_that_are_settled_are_taken_as_they_are() -> None:
    template = Template("t", {"": {"": TemplateText("{{ department.name }} {{ department.signature }}")}})
    said = render_longest(template, "x", "en", {"department": {"name": "Care"}})
    assert said.text == "Care " + "m" * 100


def test_a_template_that_cannot_be_read_has_no_longest_text() -> None:
    with pytest.raises(RenderError):
        longest("{{ author.name")
    with pytest.raises(RenderError):
        longest("{{ nothing.known }}")


pieces = st.lists(
    st.one_of(
        st.sampled_from([f"{{{{ {name} }}}}" for name in VARIABLES if VARIABLES[name].type != "number"]),
        st.text(st.sampled_from("abc あ、"), max_size=5),
    ),
    min_size=1,
    max_size=5,
)


@given(pieces, pieces, st.text(max_size=400), st.booleans())
def test_no_rendering_is_longer_than_the_longest(before: list[str], inside: list[str], value: str, there: bool) -> None:
    source = f".{''.join(before)}{{% if coupon.code is defined %}}{''.join(inside)}{{% else %}}x{{% endif %}}"
    template = Template("t", {"": {"": TemplateText(source)}})
    values: dict[str, object] = {}
    for name in VARIABLES:
        group, dot, last = name.partition(".")
        if not there and group == "coupon":
            continue
        if dot:
            held = values.setdefault(group, {})
            assert isinstance(held, dict)
            held[last] = value
        else:
            values[name] = value
    bound = render_longest(template, "email", "en", {}).text
    try:
        said = render(template, "email", ("en",), values).text
    except RenderError:
        return
    slack = sum(source.count(f"{{{{ {name} }}}}") * 4 for name in VARIABLES if VARIABLES[name].type == "time")
    assert len(said) <= len(bound) + slack
