"""A text may be longer than the platform takes.

What it finds
A text that comes to more than fits into one post, with every value at its longest, on a channel where it can be said:
by the platforms of the playbook's accounts and by what the conditions leave. It is an error where the text would leave
without a person, and a warning where one sees it or where no account says which platforms are used.

X counts Japanese and Chinese characters double and every address 23; Bluesky and Mastodon count what a reader takes for
one character. The answer of a look-up stands in no playbook and is counted with 60 characters (30 Japanese ones).

Why it matters
A message that is too long does not leave by itself: it becomes a draft, in the middle of the night too. What customers
see is silence, on exactly the day on which names and departments are long.

Avoid
```yaml
templates:
  ack:
    ja: >-
      {{ author.name }}様、このたびはお問い合わせいただき、誠にありがとうございます。内容を確認のうえ、
      {{ reply.due }}までに{{ department.name }}より必ずお返事いたします。
      恐れ入りますが、今しばらくお待ちくださいますよう、何とぞよろしくお願い申し上げます。
    en: "Thank you, {{ author.name }}. {{ department.name }} will answer by {{ reply.due }}."
```

Prefer
```yaml
templates:
  ack:
    ja: "{{ author.name }}様、ありがとうございます。{{ reply.due }}までに{{ department.name }}よりお返事いたします。"
    en: "Thank you, {{ author.name }}. {{ department.name }} will answer by {{ reply.due }}."
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import said_by
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Use
from playbook_engine.lint.wordings import Wording
from playbook_engine.policy.lengths import fits
from playbook_engine.policy.platforms import POST_LENGTHS

_RUN = re.compile(r"([あm9])\1{5,}")
"""What stands for the longest value."""


def check(subject: Subject) -> Iterator[Found]:
    for wording in subject.said:
        if wording.part == "text":
            uses = subject.uses_of[wording.template]
            yield from (each for channel in POST_LENGTHS for each in _on(subject, wording, channel, uses))


def _on(subject: Subject, wording: Wording, channel: str, uses: tuple[Use, ...]) -> Iterator[Found]:
    """At most one finding: the language in which the text is longest."""
    own = subject.policy.templates[wording.template].texts.get(channel, {})
    if wording.channel != channel and (wording.channel or wording.language in own or "" in own):
        return
    there = [use for use in uses if any(cell.channel == channel for cell in use.cells)]
    measured = [
        (taken, most, language, found.text)
        for language in (wording.languages(subject.policy) if there else ())
        if (found := subject.longest(wording.template, channel, language)) is not None
        and (length := fits(channel, found.text)) is not None
        for taken, most in [length]
    ]
    taken, most, language, text = max(measured, default=(0, 0, "", ""))
    if taken <= most:
        return
    alone = any(use.alone for use in there)
    after = "and would wait for a person instead of leaving" if alone else "and a person would have to shorten it"
    yield Found(
        wording.path,
        f"`{wording.template}` comes to {taken} of {most} on `{channel}` in `{language}`, {after}",
        f"shorten it by {taken - most}, or write a shorter one for `{channel}`",
        beside=said_by(there),
        evidence=(
            f"at its longest: {_RUN.sub(_counted, text)}",
            f"{channel} takes {most}: {POST_LENGTHS[channel].source}",
        ),
        severity="error" if alone and subject.policy.accounts else "warning",
    )


def _counted(run: re.Match[str]) -> str:
    return f"{run[1]}…({len(run[0])})"


RULE = Rule("PB601", "reply-too-long", "error", check, tier="R")
