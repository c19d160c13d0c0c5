"""What was proved, under which assumptions and of exactly which playbook, as a file that a third party can check.

Whoever holds the playbook, its lock and the same release of the engine proves it again and compares: nothing in a
certificate depends on the machine or on the time of day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from playbook_engine.model.span import Span
from playbook_engine.prove.case import Case
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.verdict import Detail, Verdict

VERSION = 1

ASSUMPTIONS = (
    "the encoding says of every message what the engine of this release decides; its tests hold the two together",
    "calendars are looked at over the stated span, with the locked holidays",
    "an incident is in a state that this playbook can have brought about",
    "every example was replayed by the engine; what could be neither proved nor replayed is inconclusive",
)


def certificate(case: Case, found: Iterable[Verdict], engine: str) -> dict[str, object]:
    """The certificate as JSON; its `seal` is the SHA-256 of everything else in it."""
    work = case.prover.formulas.solver.work
    said: dict[str, object] = {
        "version": VERSION,
        "playbook": case.policy.name,
        "policy": case.policy.digest,
        "engine": engine,
        "span": {"since": case.since, "until": case.until},
        "solver": {"name": "built-in", "conflicts_per_question": case.budget, "questions": work.questions},
        "assumptions": list(ASSUMPTIONS),
        "claims": [{"id": proof.id} for proof in case.policy.proofs],
        "verdicts": [as_json(verdict) for verdict in found],
    }
    return {**said, "seal": seal(said)}


def seal(said: dict[str, object]) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "code": verdict.code,
        "title": verdict.title,
        "verdict": verdict.kind,
        "details": [_detail(detail) for detail in verdict.details],
    }


def _detail(detail: Detail) -> dict[str, object]:
    return {
        "verdict": detail.kind,
        "said": detail.said,
        "place": _place(detail.place) if detail.place is not None else None,
        "evidence": list(detail.evidence),
        "timelines": [_timeline(replayed) for replayed in detail.replayed],
    }


def _place(span: Span) -> dict[str, object]:
    return {"file": span.file, "line": span.line, "column": span.column}


def _timeline(replayed: Replayed) -> list[dict[str, object]]:
    """The events of a counterexample; what is as usual is left out."""
    return [
        {
            "type": event.type,
            "seen_at": event.seen_at,
            "channel": event.channel,
            "account": event.account,
            "author": {"handle": event.author.handle, "followers": event.author.followers},
            "text": event.text,
            "lang": event.lang,
            "origin": event.origin,
            "automatic": event.automatic,
            "public": event.public,
            "modes": list(event.modes),
            "enrichment": event.enrichment,
            "by": event.by,
        }
        for event in replayed.events
    ]
