"""Accounts: under which handles the company is spoken to, and on which channels."""

from __future__ import annotations

from collections.abc import Mapping

from playbook_engine.model.action import ActionSpec
from playbook_engine.policy.built_in import CHANNELS
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.scalars import duration, localized_or_none
from playbook_engine.policy.policy import Account
from playbook_engine.text.scalars import shown

TYPES = ("brand", "support", "both")


def channels(collector: Collector, actions: Mapping[str, ActionSpec]) -> tuple[str, ...]:
    """The channels known by default, the platforms of the accounts and what plugins carry to."""
    platforms = {name.partition(":")[0] for name in collector.names("accounts") if ":" in name}
    carried = {channel for spec in actions.values() for channel in spec.channels}
    return tuple(sorted({*CHANNELS, *platforms, *carried}))


def accounts(collector: Collector) -> Mapping[str, Account]:
    return {place.key: _account(place) for place in collector.entries("accounts")}


def _account(place: Place) -> Account:
    platform, colon, handle = place.key.partition(":")
    if not colon or not platform or not handle or place.key != "".join(place.key.split()):
        message = f"`{shown(place.key)}` is not an account; write platform and handle, as in bluesky:help.example"
        place.refuse_key("account", message)
    department, kind, silent = place.need("department"), place.entry("type"), place.entry("silent_after")
    purpose, profile = place.entry("purpose"), place.entry("profile")
    return Account(
        place.key,
        platform,
        department.name_of("departments") if department else "",
        kind.one_of(TYPES, "unknown-value", "a type of account") if kind else "both",
        localized_or_none(purpose),
        localized_or_none(profile),
        _see_also(place),
        duration(silent) if silent else 0,
    )


def _see_also(place: Place) -> tuple[str, ...]:
    others = place.entry("see_also")
    found = []
    for other in others.elements() if others is not None else ():
        if other.value == place.key:
            other.refuse("circle", f"`{place.key}` names itself; name the other accounts")
        found.append(other.name_of("accounts"))
    return tuple(found)


def links(collector: Collector) -> Mapping[str, str]:
    return {place.key: url(place) for place in collector.entries("links")}


def url(place: Place) -> str:
    if not place.text().startswith(("https://", "http://", "mailto:", "tel:")) and isinstance(place.value, str):
        place.refuse(
            "url", f"`{shown(place.text())}` is not a link; write it in full, as in https://shop.example/returns"
        )
    return place.text()
