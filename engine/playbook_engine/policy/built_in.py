"""What every playbook has without declaring it: facts, channels and actions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import ORIGINS
from playbook_engine.policy.fact_type import FactType

CHANNELS = (
    "bluesky",
    "chat",
    "email",
    "facebook",
    "form",
    "instagram",
    "line",
    "mastodon",
    "phone",
    "review",
    "reviews",
    "slack",
    "sms",
    "threads",
    "x",
    "youtube",
)
"""Where customers write. Platforms of accounts and channels of plugins are added to them."""

PRIVATE_CHANNEL = "direct"
"""What `hand_over` calls the private thread with the same customer on the same platform."""

STAGES = ("new", "open", "acknowledged", "waiting", "resolved", "reopened", "closed", "merged")
"""The stages of an incident, as `incident.stage` reads them. SEMANTICS 4.4."""


def _fact(name: str, kind: str, values: tuple[str, ...] = (), least: int | None = None) -> FactType:
    return FactType(name, kind, values, joins="latest", least=least, built_in=True)


MESSAGE_FACTS = (
    _fact("channel", "name"),
    _fact("account", "name"),
    _fact("origin", "name", ORIGINS),
    _fact("public", "flag"),
    _fact("lang", "name"),
    _fact("automatic", "flag"),
    _fact("personal_data", "flag"),
    _fact("attachments", "number", least=0),
    _fact("author.followers", "number", least=0),
    _fact("author.verified", "flag"),
    _fact("mode", "set"),
)
"""What is known of a message without its words; readable everywhere. Names of channels, accounts and modes are
the playbook's own."""

TEXT_FACTS = (
    _fact("text", "text"),
    _fact("author.handle", "text"),
    _fact("author.name", "text"),
)
"""Free text, readable where one message is judged: in `ignore` and `classify`. SEMANTICS 4.1."""

DEPARTMENT_FACTS = (
    _fact("department.open", "flag"),
    _fact("department.was_open", "flag"),
)
"""Readable in `respond` and `rules`, where the department is known. SEMANTICS 4.5."""

INCIDENT_FACTS = (
    _fact("incident.stage", "name", STAGES),
    _fact("incident.messages", "number", least=0),
    _fact("incident.public_turns", "number", least=0),
    _fact("incident.age", "duration", least=0),
    _fact("incident.level", "number", least=0),
    _fact("incident.department", "name"),
    _fact("incident.reopened", "flag"),
    _fact("incident.tags", "set"),
)
"""What is remembered of the incident; readable wherever one is being decided."""

OUTCOME_FACTS = (
    _fact("department", "name"),
    _fact("target", "name"),
    _fact("respond", "name"),
    _fact("ladder", "name"),
    _fact("spend", "money"),
    _fact("human_only", "flag"),
    *(_fact(f"{step}.step", "name", ("send", "draft", "do", "offer", "by_hand", "none")) for step in STEPS),
    *(_fact(f"{step}.due_in", "duration", least=0) for step in STEPS),
)
"""What a playbook makes of a message; readable in `prove.assert` only. `spend` is the most it may offer."""


def _schema(required: tuple[str, ...], **properties: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(
        {
            "type": "object",
            "properties": MappingProxyType(properties),
            "required": required,
            "additionalProperties": False,
        }
    )


def _text(form: str = "") -> Mapping[str, object]:
    return MappingProxyType({"type": "string", "format": form} if form else {"type": "string"})


def _texts(form: str) -> Mapping[str, object]:
    return MappingProxyType({"type": ("string", "array"), "items": _text(form), "format": form, "minItems": 1})


SEEN = ("public", "private")

ACTIONS: Mapping[str, ActionSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            ActionSpec(
                "send",
                _schema(("template",), template=_text("template")),
                main="template",
                effects=SEEN,
                sentence="answers the customer where they wrote",
            ),
            ActionSpec(
                "post",
                _schema(("template", "account"), template=_text("template"), account=_text("account")),
                main="template",
                effects=("public",),
                sentence="publishes a text that answers nobody",
            ),
            ActionSpec(
                "notify",
                _schema(("to",), to=_texts("person"), template=_text("template"), text=_text("localized")),
                main="to",
                sentence="tells our own people",
            ),
            ActionSpec(
                "hand_over",
                _schema(
                    (),
                    department=_text("department"),
                    account=_text("account"),
                    channel=_text("private-channel"),
                    send=_text("template"),
                ),
                main="department",
                effects=SEEN,
                sentence="gives the incident to a department, another account or the private channel",
            ),
            ActionSpec(
                "ticket",
                _schema(("queue",), queue=_text(), subject=_text("localized"), send=_text("template")),
                main="queue",
                sentence="opens a ticket",
            ),
            ActionSpec(
                "coupon",
                _schema(("amount",), amount=_text("money"), send=_text("template")),
                main="amount",
                effects=("spends",),
                sentence="gives the customer a coupon",
            ),
            ActionSpec(
                "refund",
                _schema(("amount",), amount=_text("money"), send=_text("template")),
                main="amount",
                effects=("spends",),
                sentence="pays money back",
            ),
            ActionSpec(
                "lookup",
                _schema(
                    ("table", "answer", "unsure"),
                    table=_text(),
                    key=_text(),
                    answer=_text("template"),
                    unsure=_text("template-or-by-hand"),
                ),
                main="table",
                effects=SEEN,
                sentence="answers from a table, or leaves it to a person",
            ),
            ActionSpec(
                "webhook",
                MappingProxyType(
                    {"type": "object", "properties": MappingProxyType({"name": _text(), "url": _text("url")})}
                ),
                main="name",
                sentence="calls another system",
            ),
            ActionSpec(
                "mute",
                _schema((), duration=_text("duration")),
                main="duration",
                sentence="stops automatic messages in this incident",
            ),
            ActionSpec("tag", _schema(("tags",), tags=_texts("")), main="tags", sentence="marks the incident"),
            ActionSpec("resolve", _schema((), because=_text()), sentence="declares the incident resolved"),
        )
    }
)
"""The verbs of the language. `format` says what a text names or measures: template, person, department, account,
money, duration, localized, url; a plugin's own action may use the same words."""

EXACTLY_ONE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"hand_over": ("department", "account", "channel"), "webhook": ("name", "url")}
)
"""Parameters of which an action takes exactly one."""

MAY_BE_APPROVED = ("send", "post")
"""Actions beside whose parameters `approve` may stand; what spends is bounded by the department."""
