"""Marks of formatting that customers would read as they stand.

What it finds
Markdown (`**bold**`, `[text](address)`, headings, backquotes) and HTML (`<b>`, `&nbsp;`) in texts for channels without
markup, and a post on X that begins with a mention.

Why it matters
The channels show `**now**` with its stars. It looks like a machine that broke. A post that begins with a mention is
shown by X to few others: a statement that opens so is read by nobody.

Avoid
```yaml
templates:
  thanks: {ja: "**ありがとうございます。** {{ personal }}", en: "**Thank you!** {{ personal }}"}
```

Prefer
```yaml
templates:
  thanks: {ja: "ありがとうございます。{{ personal }}", en: "Thank you! {{ personal }}"}
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Fix, Found
from playbook_engine.lint.phrasing import at_words, replaced
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Use
from playbook_engine.lint.wording.markup import BOLD, CODE, ENTITIES, ENTITY, HEADING, HTML, LINK, PLAIN
from playbook_engine.lint.wordings import Wording

_MENTION = re.compile(r"\s*[@＠]\w")


def check(subject: Subject) -> Iterator[Found]:
    for wording in subject.said:
        uses = subject.uses_of[wording.template]
        shown = sorted({cell.channel for use in uses for cell in use.cells if wording.channel in ("", cell.channel)})
        plain = [channel for channel in shown if channel in PLAIN]
        if plain:
            yield from _markup(subject, wording, plain[0])
        yield from _mention(subject, wording, uses)


def _markup(subject: Subject, wording: Wording, channel: str) -> Iterator[Found]:
    seen: list[tuple[int, int]] = []
    for kind, pattern in (("Markdown", LINK), ("Markdown", BOLD), ("HTML", HTML), ("HTML", ENTITY), *_NO_FIX):
        for found in pattern.finditer(wording.source):
            if any(start <= found.start() < end for start, end in seen):
                continue
            seen.append(found.span())
            words = found[0].strip()
            by = _plain(found) if (kind, pattern) not in _NO_FIX else None
            edit = replaced(subject, wording, found[0], by) if by is not None else None
            yield at_words(
                subject,
                wording,
                words,
                f"`{words}` is {kind}, which `{channel}` shows as it stands",
                f"write `{by.strip()}`" if by and by.strip() else "take it out",
                subject.uses_of[wording.template],
                fix=Fix("take the marks out", (edit,)) if edit else None,
            )


_NO_FIX = (("Markdown", HEADING), ("Markdown", CODE))


def _plain(found: re.Match[str]) -> str:
    """What the marks stand around."""
    if found.re is LINK:
        return f"{found['text']} {found['address']}"
    if found.re is BOLD:
        return found["text"] or found["under"]
    if found.re is ENTITY:
        return ENTITIES.get(found[0], " ")
    return " " if found[0].lower().startswith(("<br", "</p", "<li")) else ""


def _mention(subject: Subject, wording: Wording, uses: tuple[Use, ...]) -> Iterator[Found]:
    posts = [use for use in uses if use.verb == "post" and any(cell.channel == "x" for cell in use.cells)]
    if posts and wording.channel in ("", "x") and _MENTION.match(wording.source):
        words = wording.source.split(maxsplit=1)[0]
        message = f"a post on `x` that begins with `{words}` is shown to few"
        yield at_words(subject, wording, words, message, "put a word before the mention", posts)


RULE = Rule("PB609", "markup-mismatch", "warning", check, tier="R")
