"""A shipped story in a store, with the text of its policy and secrets that differ by incident, ready to be audited."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.runtime.auditing import Audit, Auditor
from playbook_engine.runtime.playbooks import kept_text, load, policies_kept
from playbook_engine.runtime.store import Store
from shipped import PLAYBOOKS, shipped
from shop import Shop
from story import DAY

MINIMAL = PLAYBOOKS / "minimal"


def call(*words: object) -> Result:
    """A command, as a shell would give it."""
    return CliRunner().invoke(playbook, [str(word) for word in words])


def secret_of(incident: str) -> bytes:
    return sha256(b"secret of " + incident.encode()).digest()


def told_to(store: Store, name: str = "minimal", until: int = 2 * DAY, **options: Any) -> Shop:
    """The story of a shipped playbook, taken in as `playbook run` would."""
    policy, events = shipped(name)
    text = kept_text(load(PLAYBOOKS / name))
    shop = Shop(policy, store, canonical=text, mark="this engine", new_secret=secret_of, **options)
    return shop.takes(*events).wakes(events[-1].seen_at + until)


def audited(store: Store, noted: Collection[str] = (), mark: str = "this engine", **options: Any) -> Audit:
    made = policies_kept(store, Registry.build().actions)

    def policy_of(digest: str) -> Policy:
        # A text that was compiled once need not be compiled again.
        known = digest, store.policy(digest) or ""
        if known not in _POLICIES:
            _POLICIES[known] = made(digest)
        return _POLICIES[known]

    return Auditor(store, options.pop("policy_of", policy_of), mark, **options).audit(noted)


_POLICIES: dict[tuple[str, str], Policy] = {}


def codes(audit: Audit) -> list[str]:
    return [each.code for each in audit.differences]
