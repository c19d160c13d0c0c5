"""Texts to customers and to our people, with places for values: Jinja syntax, rendered strictly and bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbook_engine.policy.template_engine import Context, TemplateFault, names_read, rendered
from playbook_engine.policy.template_variables import VARIABLES as VARIABLES
from playbook_engine.policy.template_variables import Values, value_of

LONGEST = 10_000
"""Characters of a rendered text; more is an error."""

PERSONAL = "personal"


class RenderError(Exception):
    """A text that cannot be rendered: no wording in these languages, a value that is not there, too long."""


@dataclass(frozen=True)
class TemplateText:
    """One wording; `subject` is for channels that have one."""

    text: str
    subject: str = ""


@dataclass(frozen=True)
class Template:
    """All wordings of one text: channel to language to wording.

    The channel "" serves every channel without a wording of its own, the language "" every language.
    """

    id: str
    texts: Mapping[str, Mapping[str, TemplateText]]
    tone: str = ""
    asks_for: tuple[str, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether any wording has a place that only a person can fill."""
        return asks_personal(self)


@dataclass(frozen=True)
class Rendered:
    """What is said. `language` is the wording's; the first one asked for where the wording is in none."""

    subject: str
    text: str
    language: str


def render(template: Template, channel: str, languages: tuple[str, ...], values: Values) -> Rendered:
    """The wording of the channel, else the common one, in the first of the languages that has either.

    `values` are nested by the dots of `VARIABLES`, with `link` a mapping of ids to addresses; they are read,
    never changed. Raises RenderError.
    """
    wording, language = wording_for(template, channel, languages)
    text = filled(wording.text, values).strip("\n").rstrip()
    if not text:
        raise RenderError(f"`{template.id}` comes out empty")
    subject = " ".join(filled(wording.subject, values).split()) if wording.subject else ""
    return Rendered(subject, text, language)


def wording_for(template: Template, channel: str, languages: tuple[str, ...]) -> tuple[TemplateText, str]:
    """The wording and its language. Raises RenderError where there is none."""
    own, common = template.texts.get(channel, {}), template.texts.get("", {})
    for language in languages or ("",):
        for texts in (own, common):
            for spoken in (language, ""):
                if spoken in texts:
                    return texts[spoken], language
    raise RenderError(f"`{template.id}` has no text in {' or '.join(languages)}")


def filled(source: str, values: Values) -> str:
    """One source with its values. Raises RenderError."""
    try:
        text = rendered(source, _context(source, values))
    except TemplateFault as fault:
        raise RenderError(_reason(fault)) from None
    if len(text) > LONGEST:
        raise RenderError(f"the text comes to more than {LONGEST} characters")
    return text


def _context(source: str, values: Values) -> dict[str, Context]:
    """Only what the source names, cleaned, in mappings of our own."""
    alone: dict[str, Context] = {}
    groups: dict[str, dict[str, Context]] = {}
    for name in names_read(source):
        group, dot, last = name.partition(".")
        members = groups.setdefault(group, {}) if dot else alone
        value = _link(last, values) if group == "link" else value_of(name, values)
        if value is not None:
            members[last if dot else name] = value
    return {**alone, **groups}


def _link(name: str, values: Values) -> str | None:
    links = values.get("link")
    address = links.get(name) if isinstance(links, Mapping) else None
    return address if isinstance(address, str) else None


def asks_personal(template: Template) -> bool:
    """Whether any wording has `{{ personal }}`, which a person must fill before it leaves."""
    return any(
        PERSONAL in _names(source)
        for texts in template.texts.values()
        for wording in texts.values()
        for source in (wording.text, wording.subject)
    )


def _names(source: str) -> frozenset[str]:
    try:
        return names_read(source)
    except TemplateFault:
        return frozenset()


def _reason(fault: TemplateFault) -> str:
    if fault.kind == "OutOfFuel":
        return "the template takes too many steps"
    return fault.message.replace("is undefined", "has no value here")
