"""What is wrong with a template, found when the playbook is read: in every wording, with the longest values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import re2

from playbook_engine.policy.lengths import fits
from playbook_engine.policy.template_engine import TemplateFault, names_read, whole
from playbook_engine.policy.template_variables import ALWAYS, VARIABLES, Values, longest_value
from playbook_engine.policy.templates import Rendered, RenderError, Template, filled, wording_for
from playbook_engine.text.nearest import nearest

Place: TypeAlias = tuple[str, str, str]
"""Channel ("" for the common text), language ("" for all) and `text` or `subject`."""

FILTERS = ("capitalize", "default", "lower", "title", "trim", "upper")
"""What a template may do to a value."""

# Whatever looks for an end takes time with the text's length alone in RE2, also where thousands are opened.
_TAG = re2.compile(r"(?s)\{%[-+]?\s*(\w*).*?%\}|\{%")
_IF_TAGS = ("if", "elif", "else", "endif")
_QUOTED = re2.compile(r"(?s)\{\{.*?\}\}|\{%.*?%\}")
_TEXT_IN_QUOTES = re.compile(r""""[^"]*"|'[^']*'""")
_FILTER = re.compile(r"\|\s*(\w+)")
_CALL = re.compile(r"([\w.]+)\s*\(")
_IF = re.compile(r"\{%[-+]?\s*(?:el)?if\b(.*)", re.DOTALL)
_NAME = re.compile(r"[a-z_]+(?:\.[a-z_]+)?")
_WORDS = ("if", "elif", "and", "or", "not", "in", "is")
_COMMENT = re2.compile(r"(?s)\{#.*?#\}")
_SINGLE_BRACES = re.compile(r"(?<!\{)\{\s*([a-z_]+(?:\.[a-z_]+)?)\s*\}(?!\})")
_WIDE_BRACES = re.compile(r"｛｛?\s*[\w.]+\s*｝｝?")
_PIECE = re2.compile(r"(?s)\{%[-+]?\s*(if|elif|else|endif)\b.*?%\}")


def check(template: Template, links: Mapping[str, str], languages: tuple[str, ...]) -> list[tuple[Place, str]]:
    """Every fault, with its place: syntax, unknown values and links, what is not allowed, languages left out."""
    faults: list[tuple[Place, str]] = []
    for channel, texts in template.texts.items():
        for language in languages:
            try:
                wording_for(template, channel, (language,))
            except RenderError:
                faults.append(((channel, language, "text"), _without_language(channel, language)))
        for language, wording in texts.items():
            if not wording.text.strip():
                faults.append(((channel, language, "text"), "there is no text; write one, or leave the entry out"))
            for part, source in (("text", wording.text), ("subject", wording.subject)):
                faults += (((channel, language, part), fault) for fault in faults_in(source, links, language))
    return faults


def render_longest(template: Template, channel: str, language: str, known: Values | None = None) -> Rendered:
    """The longest text the template can come to: longest values, and of every `if` the longest branch.

    `known` holds values whose text is settled (`link`, `department`), nested as for `render`. Raises RenderError.
    """
    wording, spoken = wording_for(template, channel, (language,))
    text = _longest(wording.text, channel, language, known or {})
    subject = _longest(wording.subject, channel, language, known or {})
    return Rendered(subject, text, spoken)


def _longest(source: str, channel: str, language: str, known: Values) -> str:
    try:
        values = _longest_values(names_read(source), language, known)
    except TemplateFault as fault:
        raise RenderError(fault.message) from None
    pieces = iter(_pieces(_COMMENT.sub("", source)))
    return _longest_path(pieces, channel, values)[0]


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    """Stretches without tags, as ("", stretch), and the tags between them, as (name, "")."""
    end = 0
    for tag in _PIECE.finditer(source):
        yield "", source[end : tag.start()]
        yield tag[1], ""
        end = tag.end()
    yield "", source[end:]


def _longest_path(pieces: Iterator[tuple[str, str]], channel: str, values: Values) -> tuple[str, str]:
    """The longest text up to the tag that ends this branch, and that tag."""
    said = ""
    for tag, stretch in pieces:
        if tag == "if":
            branches, end = [""], "if"
            while end in ("if", "elif", "else"):
                branch, end = _longest_path(pieces, channel, values)
                branches.append(branch)
            said += max(branches, key=lambda branch: _length(channel, branch))
        elif tag:
            return said, tag
        else:
            said += filled(stretch, values)
    return said, ""


def _length(channel: str, text: str) -> int:
    measured = fits(channel, text)
    return measured[0] if measured is not None else len(text)


def _longest_values(names: frozenset[str], language: str, known: Values) -> Values:
    values: dict[str, object] = {}
    for name in sorted(names & VARIABLES.keys()):
        group, dot, last = name.partition(".")
        value = longest_value(VARIABLES[name], language)
        if dot:
            values[group] = {**_group(values, group), last: value}
        else:
            values[name] = value
    for group, given in known.items():
        values[group] = {**_group(values, group), **given} if isinstance(given, Mapping) else given
    return values


def _group(values: Mapping[str, object], name: str) -> Mapping[str, object]:
    held = values.get(name)
    return held if isinstance(held, Mapping) else {}


def faults_in(source: str, links: Mapping[str, str], language: str = "") -> list[str]:
    """What is wrong with one source, a sentence each; `language` is the wording's."""
    try:
        whole(source)
    except TemplateFault as fault:
        return [fault.message]
    faults = [*_slips(source), *_forbidden(source)]
    try:
        names = names_read(source)
    except TemplateFault as fault:
        return [*faults, f"line {fault.line}: {_syntax(fault.message)}"]
    faults += _unknown(names, links)
    if not faults:
        try:
            filled(source, _longest_values(names, language, {"link": links}))
            _longest(source, "", language, {"link": links})
        except RenderError as error:
            faults.append(str(error))
    return faults


def _slips(source: str) -> Iterator[str]:
    for found in _SINGLE_BRACES.finditer(_QUOTED.sub("", source)):
        if found[1] in VARIABLES or found[1].startswith("link."):
            yield f"`{found[0]}` would be said as it stands; write {{{{ {found[1]} }}}}"
    for found in _WIDE_BRACES.finditer(source):
        yield f"`{found[0]}` has full-width braces and would be said as it stands; write {{{{ … }}}}"


def _forbidden(source: str) -> Iterator[str]:
    for found in _TAG.finditer(source):
        if (found[1] or "") not in _IF_TAGS:
            yield f"`{found[0][:40]}` is not for templates; of the tags there are only if, elif, else and endif"
    for tag in _QUOTED.findall(source):
        plain = _TEXT_IN_QUOTES.sub('""', tag)
        for name in _FILTER.findall(plain):
            if name not in FILTERS:
                yield f"`{name}` is not for templates; a value can be changed by {', '.join(FILTERS)}"
        for name in _CALL.findall(plain):
            if name not in (*FILTERS, *_WORDS):
                yield f"`{name}(` would call something; templates only name values"
        if asked := _IF.match(plain):
            yield from _unsure(asked[1])


def _unsure(condition: str) -> Iterator[str]:
    """Values that some messages do not have can only be asked whether they are there."""
    for name in _NAME.findall(condition):
        if name in VARIABLES and VARIABLES[name].where != ALWAYS and f"{name} is" not in condition:
            yield f"`{name}` is not there in every message; write {{% if {name} is defined %}}"


def _unknown(names: frozenset[str], links: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(names - VARIABLES.keys()):
        group, _, last = name.partition(".")
        if name == "link":
            yield "a link is named outright; write {{ link.<id> }} with an id of `links`"
        elif group == "link" and last not in links:
            near = nearest(last, links)
            yield f"no link is called `{last}`; {f'did you mean `link.{near}`?' if near else 'write it under `links`'}"
        elif group != "link":
            inside = [known for known in VARIABLES if known.startswith(f"{name}.")]
            near = inside[0] if inside else nearest(name, VARIABLES)
            advice = f"did you mean `{near}`?" if near else f"there are {', '.join(VARIABLES)} and link.<id>"
            yield f"no value is called `{name}`; {advice}"


def _syntax(message: str) -> str:
    if "unexpected end of variable block" in message:
        return f"a place for a value is incomplete ({message}); write as in {{{{ author.name }}}}"
    if "expected end of variable block" in message:
        return f"a place for a value is not closed ({message}); end it with }}}}"
    if "unexpected end of input, expected end of block" in message:
        return f"an `if` or its tag is not closed ({message}); end the tag with %}} and the `if` with {{% endif %}}"
    return message


def _without_language(channel: str, language: str) -> str:
    place = f"for `{channel}` " if channel else ""
    return f"there is no text {place}in `{language}`; write one"
