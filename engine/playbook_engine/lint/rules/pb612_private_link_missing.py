"""A public message asks for data and leads nowhere private.

What it finds
A text that can leave in public without a person and asks, in words of Japanese or English, for what identifies a
customer (an order number, an address, a telephone number), without a direct message, a mail, a call or a link to go to.
A text that says so under `asks_for` is judged by `personal-data-in-public`.

Why it matters
People answer where they are asked: below the post, for everybody to read.

Avoid
```yaml
templates:
  ack: {ja: "ご注文番号とお電話番号をお知らせください。", en: "Please send us your order number."}
```

Prefer
```yaml
templates:
  ack:
    ja: "ご注文番号をダイレクトメッセージでお知らせください。"
    en: "Please send us your order number by direct message."
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import at_words, in_wordings
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wording.phrase import hits
from playbook_engine.lint.wording.requests import PRIVATE_WAYS, REQUESTS


def check(subject: Subject) -> Iterator[Found]:
    for wording, hit in in_wordings(subject, subject.said, REQUESTS):
        if subject.policy.templates[wording.template].asks_for:
            continue
        uses = [use for use in subject.uses_of[wording.template] if use.alone and use.public_on(wording.channel)]
        if uses and not any(hits(PRIVATE_WAYS, wording.source, wording.languages(subject.policy))):
            yield at_words(
                subject,
                wording,
                hit.text,
                f"`{hit.text}` asks in public for what others should not read",
                "say where to send it: a direct message, or a form of your own as `{{ link.… }}`",
                uses,
            )


RULE = Rule("PB612", "private-link-missing", "warning", check, confidence="heuristic", tier="R")
