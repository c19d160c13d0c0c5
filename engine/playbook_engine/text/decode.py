"""Bytes to lines: UTF-8 without characters that people cannot see.

What YAML 1.1 or 1.2 would take for a line break besides LF, CR and CR LF is refused too, so that a line is
what every editor calls a line. Bidirectional controls are refused because they show a reviewer another
text than the one that is used: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from playbook_engine.model.span import Problem, Span

MOST_BYTES = 1 << 20
"""Bytes of one file; the largest playbooks known are a quarter of it."""

_MOST_UNSEEN = 1000
"""Lines reported of one file; one with more is not a text."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_KANA_OR_KANJI = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True)
class Source:
    """One file as lines without their ends. `readable` is false where nothing in it can be believed."""

    file: str
    lines: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    readable: bool = True

    def text_from(self, line: int) -> str:
        """The text from a line (from 0) on, below as many empty lines, so that line numbers hold.

        A refused character is replaced by U+FFFD: it keeps its column and cannot stop the reading.
        """
        return "\n" * line + _UNSEEN.sub("\ufffd", "\n".join(self.lines[line:])) + "\n"


def decode(file: str, content: bytes) -> Source:
    if len(content) > MOST_BYTES:
        fault = f"this file has {len(content)} bytes; split it, {MOST_BYTES} are the most for one file"
        return Source(file, (), (Problem(Span(file), "too-large", fault),), readable=False)
    for mark, name in _OTHER_ENCODINGS:
        if content.startswith(mark):
            fault = f"this file is {name}; save it as UTF-8"
            return Source(file, (), (Problem(Span(file), "not-utf-8", fault),), readable=False)
    skipped = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    try:
        lines = _lines(content[skipped:].decode("utf-8"))
    except UnicodeDecodeError as fault:
        return _undecodable(file, content[skipped:], fault.start, skipped)
    return Source(file, lines, _unseen(file, lines))


def _lines(text: str) -> tuple[str, ...]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def _undecodable(file: str, content: bytes, offset: int, skipped: int) -> Source:
    before = _lines(content[:offset].decode("utf-8") + "x")
    span = Span(file, len(before), len(before[-1]), len(before[-1]) + 1)
    byte = f"byte {offset + skipped} (0x{content[offset]:02x})"
    fault = f"{byte} is not UTF-8{_likely(content)}; save the file as UTF-8"
    shown = _lines(content.decode("utf-8", "replace"))
    return Source(file, shown, (Problem(span, "not-utf-8", fault),), readable=False)


def _likely(content: bytes) -> str:
    for codec, name in (("euc-jp", "EUC-JP"), ("cp932", "Shift_JIS")):
        try:
            if _KANA_OR_KANJI.search(content.decode(codec)):
                return f", it may be {name}"
        except UnicodeDecodeError:
            continue
    return ""


def _unseen(file: str, lines: tuple[str, ...]) -> tuple[Problem, ...]:
    """One problem for each line that holds an unseen character, at the first of them."""
    found = ((number, _UNSEEN.search(line)) for number, line in enumerate(lines, 1))
    problems = (
        Problem(
            Span(file, number, sign.start() + 1, sign.end() + 1),
            "hidden-unicode",
            f"{_called(sign[0])} stands here unseen; take it out",
        )
        for number, sign in found
        if sign
    )
    return tuple(islice(problems, _MOST_UNSEEN))


def _called(character: str) -> str:
    name = unicodedata.name(character, "control character").lower()
    return f"the {name} U+{ord(character):04X}"
