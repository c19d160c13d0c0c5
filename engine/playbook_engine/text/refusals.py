"""What is refused although it is YAML, because it is not what its writer meant."""

from __future__ import annotations

import re

from playbook_engine.text import fullwidth, syntax
from playbook_engine.text.scalars import shown
from playbook_engine.text.stream import Event, Stream

_HASHTAG = re.compile(r"[ \t]+(#[^\s#]\S*)")
_IDENTIFIER = re.compile(r"[!-~]+")
_JOINED_COLON = re.compile(r"[^:]+:(?=[^:/])")
_COLON_AND_BRACKET = re.compile(r":[\[{]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def node(stream: Stream, event: Event) -> None:
    """Notes tags, anchors and aliases."""
    if event.kind == "alias":
        message = f"`*{event.anchor}` stands for a value elsewhere; write the value out here, or quote the text"
        stream.say(stream.word(event.start), "alias-or-anchor", message)
    elif event.anchor:
        message = "anchors (`&`) are not used here; leave it out, or quote the text"
        stream.say(stream.word(event.start), "alias-or-anchor", message)
    if event.tag:
        message = "tags (`!`) are not used here; leave it out, or quote the text"
        stream.say(stream.word(event.start), "tag", message)


def key(stream: Stream, event: Event) -> bool:
    """Notes what cannot be a key; whether it was refused."""
    if event.kind != "scalar":
        _many_part_key(stream, event)
        return True
    if not event.plain:
        return False
    column = fullwidth.in_key(event.text)
    if column is not None:
        stream.say(stream.inside(event, column), fullwidth.CODE, fullwidth.message(event.text[column]))
    elif event.text == "<<":
        message = "`<<` merges nothing here; write the values out in each place"
        stream.say(stream.span(event), "merge-key", message)
    elif not event.text:
        stream.say(stream.span(event), "yaml-syntax", "a key is missing before this colon")
    elif bracket := _COLON_AND_BRACKET.search(event.text):
        stream.say(stream.inside(event, bracket.start()), "yaml-syntax", "a blank is missing after this colon")
    else:
        return False
    return True


def _many_part_key(stream: Stream, event: Event) -> None:
    line, column = event.start
    if event.kind == "alias":
        message = f"`*{event.anchor}` stands for a key elsewhere; write the key out here"
        stream.say(stream.word(event.start), "alias-or-anchor", message)
    elif stream.line(line)[: column + 1].endswith("{{"):
        stream.say(stream.signs(line, column - 1, 2), syntax.TEMPLATE_CODE, syntax.TEMPLATE_ADVICE)
    else:
        message = "a key is one text; a list or a mapping cannot be a key"
        stream.say(stream.signs(line, column), "key-not-text", message)


def is_bare(stream: Stream, event: Event, value: Event) -> bool:
    """Whether a key in braces has neither a value nor a colon, as `b` in `{a: 1, b}`."""
    if not value.plain or value.text:
        return False
    (line, column), (value_line, value_column) = event.end, value.start
    return line == value_line and ":" not in stream.line(line)[column:value_column]


def bare(stream: Stream, event: Event, before: str) -> None:
    """Notes a key without a value; `before` is the plain text that stands before it in the braces, if any."""
    word = shown(event.text)
    span = stream.span(event)
    joined = _JOINED_COLON.match(event.text) if event.plain else None
    message = f"`{word}` has no value; write `{word}: …`, or leave it out"
    if joined:
        span = stream.inside(event, joined.end() - 1)
        message = f"a blank is missing after the colon in `{word}`"
    elif before:
        message = f'`{word}` has no value; if it belongs to the text before it, write `"{shown(before)}, {word}"`'
    stream.say(span, "empty-value", message)


def text(stream: Stream, event: Event, apart: bool) -> None:
    """Notes what is wrong with a scalar; `apart` says that no key stands before it on its line."""
    if event.plain:
        _wide_signs(stream, event, apart)
        _hashtag(stream, event)
    elif event.style == '"' and (found := _CONTROL.search(event.text)):
        name = f"U+{ord(found[0]):04X}"
        message = f"an escape in this text stands for the control character {name}; leave it out"
        stream.say(stream.span(event), "hidden-unicode", message)


def _wide_signs(stream: Stream, event: Event, apart: bool) -> None:
    (first, begin), (last, stop) = event.start, event.end
    for line in range(first, last + 1):
        piece = stream.line(line)[begin : stop if line == last else None]
        column = fullwidth.in_line(piece) if line > first else fullwidth.in_value(piece, apart)
        if column is not None:
            message = fullwidth.message(piece[column])
            stream.say(stream.signs(line, begin + column), fullwidth.CODE, message)
        begin = 0


def _hashtag(stream: Stream, event: Event) -> None:
    """In `ja: 返品は #返品 で` all from the hash on is a comment; after a name it is meant."""
    line, column = event.end
    found = _HASHTAG.match(stream.line(line), column)
    if found and not _IDENTIFIER.fullmatch(event.text):
        tag = shown(found[1])
        message = f"`{tag}` is a comment to YAML and cut off; quote the text, or put a blank after `#`"
        stream.say(stream.signs(line, found.start(1), len(found[1])), "hash-truncation", message)
