"""A public message shows or asks for what only one customer should read.

What it finds
A text that can leave in public without a person and says a coupon's code (whoever reads it first can use it), or says
what a customer is paid back; and a text whose `asks_for` names what identifies a customer, where it can leave in
public without a person and leads nowhere private.

Why it matters
What stands in public cannot be taken back. A customer who answers such a question has published an address because we
asked for it.

Avoid
```yaml
templates:
  voucher: {ja: "クーポン {{ coupon.code }} をお送りします。", en: "Your coupon is {{ coupon.code }}."}
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {do: [{coupon: {amount: 500 JPY, send: voucher}}]}
```

```yaml
templates:
  ack:
    asks_for: [order number]
    ja: "{{ author.name }}様、ご注文番号をお知らせください。"
    en: "{{ author.name }}, please tell us your order number."
```

Prefer
```yaml
templates:
  voucher: {ja: "クーポン {{ coupon.code }} をお送りします。", en: "Your coupon is {{ coupon.code }}."}
respond:
  - id: late
    when: {topics: delivery, public: false}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {do: [{coupon: {amount: 500 JPY, send: voucher}}]}
```

```yaml
templates:
  ack:
    asks_for: [order number]
    ja: "{{ author.name }}様、ご注文番号をダイレクトメッセージでお知らせください。"
    en: "{{ author.name }}, please send us your order number by direct message."
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import at_words, said_by
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Use
from playbook_engine.lint.wording.phrase import hits
from playbook_engine.lint.wording.requests import PERSONAL, PRIVATE_WAYS
from playbook_engine.lint.wordings import PLACE_FOR_VALUE, Wording
from playbook_engine.policy.template_engine import names_read

_SHOWN = {
    "coupon.code": ("whoever reads it first can use it", "error"),
    "refund.amount": ("what a customer is paid back is nobody else's business", "warning"),
}
"""Variables that hold what is one customer's, why they are not for all to read, and how bad it is."""


def check(subject: Subject) -> Iterator[Found]:
    for wording in subject.said:
        uses = [use for use in subject.uses_of[wording.template] if use.alone and use.public_on(wording.channel)]
        if uses:
            yield from _shown(subject, wording, uses)
            yield from _asked(subject, wording, uses)


def _shown(subject: Subject, wording: Wording, uses: list[Use]) -> Iterator[Found]:
    for name in sorted(names_read(wording.source) & _SHOWN.keys()):
        why, severity = _SHOWN[name]
        places = (place[0] for place in PLACE_FOR_VALUE.finditer(wording.source) if name in place[0])
        yield at_words(
            subject,
            wording,
            next(places, ""),
            f"`{{{{ {name} }}}}` can leave in public, and {why}",
            "send it only where the row says `public: false`, or hand over to `channel: direct` first",
            uses,
            severity,
        )


def _asked(subject: Subject, wording: Wording, uses: list[Use]) -> Iterator[Found]:
    template, languages = subject.policy.templates[wording.template], wording.languages(subject.policy)
    asked = [each for each in template.asks_for if any(hits(PERSONAL, each, languages))]
    if asked and wording.part == "text" and not any(hits(PRIVATE_WAYS, wording.source, languages)):
        yield Found(
            ("templates", template.id, "asks_for"),
            f"`{template.id}` asks for the {asked[0]} in public, where everybody can read the answer",
            "lead to a direct message or a form of your own (`{{ link.… }}`), or send it only where `public: false`",
            beside=said_by(uses),
        )


RULE = Rule("PB606", "personal-data-in-public", "error", check, tier="R", locked=True)
