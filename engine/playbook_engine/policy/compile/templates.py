"""Templates: a wording for every language, and no variable that nobody fills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.scalars import EVERY_LANGUAGE, check_languages, localized
from playbook_engine.policy.template_checks import faults_in
from playbook_engine.policy.template_engine import TemplateFault, names_read
from playbook_engine.policy.templates import Template, TemplateText
from playbook_engine.text.scalars import shown

EVERY_CHANNEL = ""
TEXT, SUBJECT, TONE, ASKS_FOR = "text", "subject", "tone", "asks_for"

_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})*")

Wordings = Mapping[str, TemplateText]


def templates(collector: Collector, channels: tuple[str, ...]) -> Mapping[str, Template]:
    return {place.key: _template(place, channels) for place in collector.entries("templates")}


def names_of(template: Template) -> frozenset[str]:
    """Every variable that any wording names."""
    names: set[str] = set()
    for wordings in template.texts.values():
        for wording in wordings.values():
            names |= set().union(*(_names(source) for source in (wording.text, wording.subject)))
    return frozenset(names)


def _names(source: str) -> frozenset[str]:
    try:
        return names_read(source)
    except TemplateFault:
        return frozenset()


def _template(place: Place, channels: tuple[str, ...]) -> Template:
    if not isinstance(place.value, dict):
        return Template(place.key, MappingProxyType({EVERY_CHANNEL: _wordings(place)}))
    keys = tuple(place.value)
    spoken = tuple(key for key in keys if _is_language(key, place.collector.languages, channels))
    texts: dict[str, Wordings] = {}
    if spoken:
        texts[EVERY_CHANNEL] = _by_language(place, spoken)
    for each in place.entries():
        if each.key in spoken or each.key in (TONE, ASKS_FOR):
            continue
        if each.key == TEXT:
            _check_text(each, spoken)
            texts[EVERY_CHANNEL] = _wordings(each)
        elif each.key in channels:
            texts[each.key] = _of_channel(each)
        else:
            message = f"`{shown(each.key)}` is neither a language of this playbook nor a channel"
            each.refuse_key(
                "unknown-channel", message, (*place.collector.languages, TEXT, TONE, ASKS_FOR, *channels), each.key
            )
    if EVERY_CHANNEL not in texts:
        place.refuse_key("missing-text", f"`{place.key}` has no text for other channels; write it under `text`")
    tone, asked = place.entry(TONE), place.entry(ASKS_FOR)
    return Template(
        place.key,
        MappingProxyType(dict(sorted(texts.items()))),
        tone.text() if tone else "",
        tuple(each.text() for each in asked.elements()) if asked else (),
    )


def _is_language(key: str, languages: tuple[str, ...], channels: tuple[str, ...]) -> bool:
    return key in languages or (key not in channels and _LANGUAGE.fullmatch(key) is not None)


def _check_text(place: Place, spoken: tuple[str, ...]) -> None:
    if spoken:
        place.refuse_key("two-texts", f"`text` stands beside `{spoken[0]}`; put all languages under `text`, or none")


def _by_language(place: Place, spoken: Iterable[str]) -> Wordings:
    """The languages that stand beside `tone` and channels."""
    entries = [entry for key in spoken if (entry := place.entry(key)) is not None]
    check_languages(place, tuple(entry.key for entry in entries))
    return MappingProxyType(
        {entry.key: TemplateText(_checked(entry, entry.key)) for entry in sorted(entries, key=lambda each: each.key)}
    )


def _of_channel(place: Place) -> Wordings:
    text, subject = place.entry(TEXT), place.entry(SUBJECT)
    if text is None and subject is None:
        return _wordings(place)
    if text is None:
        place.unfit("`text` beside `subject`")
        return {}
    wordings, headings = _wordings(text), _wordings(subject) if subject is not None else {}
    spoken = (wordings.keys() | headings.keys()) - {EVERY_LANGUAGE} or {EVERY_LANGUAGE}
    return MappingProxyType(
        {each: TemplateText(_said(wordings, each), _said(headings, each)) for each in sorted(spoken)}
    )


def _said(wordings: Wordings, language: str) -> str:
    found = wordings.get(language) or wordings.get(EVERY_LANGUAGE)
    return found.text if found else ""


def _wordings(place: Place) -> Wordings:
    """A text, or a text by language."""
    localized(place)
    if isinstance(place.value, str):
        return MappingProxyType({EVERY_LANGUAGE: TemplateText(_checked(place))})
    if not isinstance(place.value, dict):
        return {}
    texts = {entry.key: TemplateText(_checked(entry, entry.key)) for entry in place.entries()}
    return MappingProxyType(dict(sorted(texts.items())))


def _checked(place: Place, language: str = EVERY_LANGUAGE) -> str:
    """A source that can be rendered and names only what is published."""
    source = place.text()
    if isinstance(place.value, str) and not source.strip():
        place.refuse("empty", f"`{place.key}` says nothing; write its text")
    for fault in faults_in(source, place.collector.texts("links"), language):
        place.refuse("template", fault)
    return source
