"""What a rule is: data about it, its page, and the function that looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import TYPE_CHECKING

from playbook_engine.lint.finding import Found

if TYPE_CHECKING:
    from playbook_engine.lint.silencing import Outcome
    from playbook_engine.lint.subject import Subject

PROFILES = ("draft", "ready", "audit")
"""From what must hold while a playbook is being written to everything that can be asked of it."""

TIERS = {
    "S": "one file as it is written",
    "X": "the whole playbook, all names resolved",
    "C": "calendars, counted over 400 days",
    "R": "templates, rendered at their longest",
    "V": "the prover",
    "P": "what the installed plugins say of their actions",
}
"""What a rule has to know. Only rules of tier S look at playbooks that cannot be used."""

Check = Callable[["Subject"], Iterable[Found]]
Review = Callable[["Subject", "Outcome"], Iterable[Found]]

_HEADS = ("What it finds", "Why it matters", "Avoid", "Prefer")
_HEAD = re.compile(rf"^({'|'.join(_HEADS)})\n", re.MULTILINE)
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A rule's manual page, as its module's docstring tells it.

    `avoid` and `prefer` are parts of playbooks, each laid over a complete one: what the rule finds, and what not.
    `under` is all that stands under each head, in their order.
    """

    title: str
    finds: str
    matters: str
    avoid: tuple[str, ...]
    prefer: tuple[str, ...]
    under: Mapping[str, str]

    @classmethod
    def of(cls, doc: str) -> Page:
        """The page of a docstring: a sentence, then the four heads, each alone on its line."""
        title, *parts = _HEAD.split(cleandoc(doc))
        under = {head: text.strip() for head, text in zip(parts[::2], parts[1::2], strict=True)}
        examples = {head: tuple(_BLOCK.findall(under.get(head, ""))) for head in ("Avoid", "Prefer")}
        finds, matters = under.get("What it finds", ""), under.get("Why it matters", "")
        return cls(title.strip(), finds, matters, examples["Avoid"], examples["Prefer"], under)


@dataclass(frozen=True)
class Rule:
    """One rule. `code` is stable for ever and never used again; `name` is what people call it.

    `loads` are the codes of those problems of reading and compiling that this rule is the page of; a rule may have
    them, a `check`, or both. A `review` looks at what all the others have found and what was silenced. `profile` is
    the mildest one that asks for it. A `locked` rule cannot be silenced in a playbook. `doc` is the page, filled in
    from the module where the rule stands.
    """

    code: str
    name: str
    severity: str
    check: Check | None = None
    loads: tuple[str, ...] = ()
    confidence: str = "certain"
    tier: str = "S"
    profile: str = "ready"
    locked: bool = False
    review: Review | None = None
    doc: str = field(default="", repr=False)
    origin: str = ""

    @property
    def page(self) -> Page:
        return Page.of(self.doc)
