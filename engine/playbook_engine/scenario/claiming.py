"""A claim of a test, compiled as one that the playbook makes itself under `prove`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Span
from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.compile.playbook import compile_policy
from playbook_engine.runtime.playbooks import Loaded
from playbook_engine.scenario.suite import ForAll
from playbook_engine.text.document import Document, Path

AT: Path = ("prove", 0)
"""Where the claim stands in the playbook that makes it."""


def claim(place: Place, loaded: Loaded, actions: Mapping[str, ActionSpec], since: int) -> ForAll | None:
    """The claim and the playbook with it in place of its own ones; None after complaints."""
    policy, problems = compile_policy(_claiming(place, loaded.document), loaded.lock, actions)
    place.collector.found.update(problems)
    return ForAll(policy, policy.proofs[0], since) if policy is not None else None


def _claiming(place: Place, playbook: Document) -> Document:
    """The document of the playbook, with the claim where its own claims were."""
    tests, length = place.collector.document, len(place.path)
    held = place.value if isinstance(place.value, dict) else {}

    def mine(path: Path) -> bool:
        return path[:length] == place.path

    def spans(theirs: Mapping[Path, Span], ours: Mapping[Path, Span]) -> dict[Path, Span]:
        kept = {path: span for path, span in theirs.items() if path[:1] != AT[:1]}
        return kept | {(*AT, *path[length:]): span for path, span in ours.items() if mine(path)}

    quoted = {path for path in playbook.quoted if path[:1] != AT[:1]}
    return replace(
        playbook,
        value={**playbook.value, "prove": [{"id": "claim", "assume": "always", **held}]},
        spans=spans(playbook.spans, tests.spans),
        key_spans=spans(playbook.key_spans, tests.key_spans),
        quoted=frozenset(quoted | {(*AT, *path[length:]) for path in tests.quoted if mine(path)}),
    )
