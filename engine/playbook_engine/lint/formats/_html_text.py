"""Texts as HTML: escaped, with what stands between backticks set as code, and the pages of rules."""

from __future__ import annotations

import re
from html import escape

from playbook_engine.lint.formats._said import one_line
from playbook_engine.lint.rule import Rule
from playbook_engine.text.scalars import without_unseen

_QUOTED = re.compile(r"`([^`]+)`")
_FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ITEM = re.compile(r"^[-*] ", re.MULTILINE)


def text(said: str) -> str:
    """A text on one line.

    >>> text("`a<b` & c")
    '<code>a&lt;b</code> &amp; c'
    """
    parts = _QUOTED.split(one_line(said))
    return "".join(f"<code>{escape(part)}</code>" if number % 2 else escape(part) for number, part in enumerate(parts))


def plain(said: str) -> str:
    """A text on one line in which nothing is set as code, also for an attribute."""
    return escape(one_line(said))


def verbatim(said: str) -> str:
    """A text whose line breaks stand."""
    return escape("\n".join(without_unseen(line.replace("\t", "  ")) for line in said.split("\n")))


def page(rule: Rule) -> str:
    """A rule's page: its sentence, then what stands under each head."""
    said = rule.page
    parts = [f"<p>{text(said.title)}</p>"] if said.title else ["<p>This rule has no page.</p>"]
    parts += [f"<h4>{text(head)}</h4>{_blocks(under)}" for head, under in said.under.items()]
    return "".join(parts)


def _blocks(said: str) -> str:
    parts = _FENCED.split(said)
    return "".join(
        f"<pre>{verbatim(part.rstrip())}</pre>" if number % 2 else _paragraphs(part)
        for number, part in enumerate(parts)
    )


def _paragraphs(said: str) -> str:
    shown = []
    for part in (part for part in said.strip().split("\n\n") if part):
        before, *items = _ITEM.split(part)
        shown += [f"<p>{text(before)}</p>"] if before.strip() else []
        shown += [f"<ul>{''.join(f'<li>{text(item.strip())}</li>' for item in items)}</ul>"] if items else []
    return "".join(shown)
