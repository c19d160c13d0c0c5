"""Arbitrary text as a template: read, checked and rendered in bounded time, or refused in words."""

from __future__ import annotations

from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import EXAMPLES
from playbook_engine.policy.template_checks import check, faults_in
from playbook_engine.policy.template_variables import VARIABLES
from playbook_engine.policy.templates import LONGEST, RenderError, Template, TemplateText, asks_personal, render

LINKS = {"returns": "https://shop.example/returns", "opening-hours": "https://shop.example/hours"}
VALUES: dict[str, object] = {
    "author": {"name": "{{ 7*7 }}{% if", "handle": "cleo"},
    "account": "shop",
    "answer": "x" * 200,
    "incident": {"id": "i1", "waiting_minutes": 3},
    "link": LINKS,
}
LIMIT = 2.0
"""Seconds of one text's processing, on a loaded machine: a hundred times what it takes."""

words = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "{{ '{{' }}", "'", '"', "\\", "|", ".", "(", ")", "[", "]"),
        *(" if ", " else ", " elif ", " endif ", " for ", " in ", " endfor ", " macro f() ", " endmacro ", " f() "),
        *(
            " set x = ",
            " endset ",
            " include 'text' ",
            " extends 'text' ",
            " import 'text' as t ",
            " block b ",
            " call ",
        ),
        *(
            " do ",
            " raw ",
            " endraw ",
            " with ",
            " autoescape ",
            " filter upper ",
            " recursive ",
            " loop(x) ",
            " break ",
        ),
        *("range(9)", "dict()", "namespace()", "lipsum()", "cycler('a')", "debug()", "self", "loop", "caller()"),
        *(".__class__", ".clear()", ".items()", ".format(1)", "['__globals__']", ".append(1)", ".keys()", "[::-1]"),
        *("'a' * 9999999", " ~ ", " ** 99", " // 0", " % 0", "9" * 30, "-1", "1e999", " == ", " is defined ", " not "),
        *("|default('x')", "|list", "|join", "|replace('a','b')", "|tojson", "|safe", "|map('upper')", "|batch(0)"),
        *("|center(99999999)", "|indent(99999999)", "|format(1)", "|round(99)", "|slice(0)", "|nothing", "|sum"),
        *(*VARIABLES, "link.returns", "link.opening-hours", "link", "link['returns']", "author"),
        *("田中様", "\n", "\x00", "\u202e", "\ud800", "😡", "é"),
    ]
)
sources = st.lists(words | st.text(st.characters(), max_size=4), max_size=30).map("".join)
inside = st.lists(words, min_size=1, max_size=8).map(lambda each: "{{ " + " ".join(each) + " }}")


def outcome(source: str) -> str:
    """What is said, or why nothing is."""
    template = Template("t", {"": {"": TemplateText(source, source[:20])}})
    try:
        return render(template, "x", ("ja", "en"), VALUES).text
    except RenderError as error:
        return str(error)


@settings(max_examples=EXAMPLES * 4)
@given(sources | inside | st.text(st.characters(), max_size=60))
def test_any_text_is_a_template_or_is_refused_in_words(source: str) -> None:
    template = Template("t", {"": {"": TemplateText(source, source[:20])}})
    began = process_time()
    said = outcome(source)
    assert said
    assert len(said) <= LONGEST
    assert outcome(source) == said
    asks_personal(template)
    for fault in (*faults_in(source, LINKS, "en"), *(told for _, told in check(template, LINKS, ("ja", "en")))):
        assert fault
    assert process_time() - began < LIMIT, source


@settings(max_examples=EXAMPLES)
@given(st.lists(words, min_size=1, max_size=3).map("".join), st.integers(100, 3_000))
def test_what_is_repeated_thousands_of_times_ends_too(piece: str, times: int) -> None:
    began = process_time()
    assert outcome(piece * times)
    assert process_time() - began < LIMIT, piece
