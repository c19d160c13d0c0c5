"""Accounts from which nothing has come for longer than `silent_after`: a connection that broke says nothing by itself.

The watch begins with the first event of an account and is kept among the modes, as one that is never in force and
comes due when the account has been silent for too long. It tells once; the next event begins it anew.
"""

from __future__ import annotations

from playbook_engine.decide.facts import account_id
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.store import Store, StoredMode

PREFIX = "silent:"


def heard(policy: Policy, store: Store, event: Event) -> None:
    """Puts the watch over the event's account off."""
    account = policy.accounts.get(account_id(event.channel, event.account))
    if account is not None and account.silent_after:
        store.put_mode(StoredMode(id=PREFIX + account.id, due=event.seen_at + account.silent_after))


def fell_silent(store: Store, watch: str, now: int) -> list[Event]:
    """The event that says so."""
    store.put_mode(StoredMode(id=watch))
    account = watch.removeprefix(PREFIX)
    platform, _, handle = account.partition(":")
    return [
        Event(
            source="engine",
            id=f"source.silent:{account}:{now}",
            type="source.silent",
            at=now,
            seen_at=now,
            channel=platform,
            account=handle,
            public=False,
            data={"account": account},
        )
    ]
