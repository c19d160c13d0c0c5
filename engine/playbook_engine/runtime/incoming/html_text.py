"""HTML as it reads: what a browser would show as text, one line for each block.

Written out because the standard parser's time grows with the square of some broken pages, and because nothing
but lines and words is wanted. See https://html.spec.whatwg.org/multipage/parsing.html for comments and
elements without text.
"""

from __future__ import annotations

import re
from html import unescape

LONGEST_HTML = 400_000
"""Characters that are read; text is cut at a quarter of it."""

_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript"))
_BREAKS = frozenset(
    (
        "address",
        "article",
        "blockquote",
        "br",
        "div",
        "dl",
        "dt",
        "dd",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    )
)
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MANY_LINES = re.compile(r"\n{3,}")


def html_text(html: str) -> str:
    """Paragraphs are parted by one empty line at most."""
    pieces: list[str] = []
    position, html = 0, html[:LONGEST_HTML]
    while position < len(html):
        opened = html.find("<", position)
        if opened < 0:
            opened = len(html)
        pieces.append(_SPACES.sub(" ", unescape(html[position:opened])))
        position = _after(html, opened, pieces)
    return _tidy("".join(pieces))


def _after(html: str, opened: int, pieces: list[str]) -> int:
    """Where text goes on after the `<` at `opened`; a line break is noted where the element makes one."""
    if html.startswith("<!--", opened):
        return _past(html, "-->", opened + 4)
    found = _NAME.match(html, opened)
    if found is None:
        if html.startswith(("<!", "<?", "</"), opened):
            return _past(html, ">", opened)
        pieces.append(html[opened : opened + 1])
        return opened + 1
    name = found[1].lower()
    end = _end_of_tag(html, opened)
    if name in _SILENT and html[opened + 1] != "/":
        closing = re.compile(f"</{name}", re.IGNORECASE).search(html, end)
        return _end_of_tag(html, closing.start()) if closing else len(html)
    if name in _BREAKS:
        pieces.append("\n\n" if name == "p" else "\n")
    return end


def _end_of_tag(html: str, opened: int) -> int:
    """Past the `>` that closes the tag; one inside quotes does not, where the quotes are closed soon."""
    end = _past(html, ">", opened)
    for _ in range(4):
        tag = html[opened:end]
        if tag.count('"') % 2 == 0 and tag.count("'") % 2 == 0:
            break
        further = _past(html, ">", end)
        if further - opened > 4_000:
            break
        end = further
    return end


def _past(html: str, mark: str, start: int) -> int:
    found = html.find(mark, start)
    return len(html) if found < 0 else found + len(mark)


def _tidy(text: str) -> str:
    lines = "\n".join(line.strip(" ") for line in text.replace("\xa0", " ").split("\n"))
    return _MANY_LINES.sub("\n\n", lines).strip()
