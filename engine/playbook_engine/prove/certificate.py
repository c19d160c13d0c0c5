"""What was proved, under which assumptions and of exactly which playbook, as a file that a third party can check.

Whoever holds the playbook, its lock and the same release of the engine proves it again and compares: nothing in a
certificate depends on the machine or on the time of day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from playbook_engine.model.span import Span
from playbook_engine.prove.case import Case
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.verdict import Detail, Verdict

VERSION = 1

_SHOWN = 80
"""How much of a value is shown where two certificates part (characters)."""

ASSUMPTIONS = (
    "the encoding says of every message what the engine of this release decides; its tests hold the two together",
    "calendars are looked at over the stated span, with the locked holidays",
    "an incident is in a state that this playbook can have brought about",
    "every example was replayed by the engine; what could be neither proved nor replayed is inconclusive",
)


def certificate(
    case: Case, found: Iterable[Verdict], engine: str, claims: Mapping[str, str], folder: str = ""
) -> dict[str, object]:
    """The certificate as JSON; its `seal` is the SHA-256 of everything else in it.

    `claims` are the playbook's own, in words. Places are told from `folder`, so that they say nothing of where on a
    machine the playbook lies.
    """
    verdicts = [as_json(verdict, folder) for verdict in found]
    said: dict[str, object] = {
        "version": VERSION,
        "playbook": case.policy.name,
        "policy": case.policy.digest,
        "engine": engine,
        "span": {"since": case.since, "until": case.until},
        "solver": {"name": case.solver, "conflicts_per_question": case.budget},
        "assumptions": list(ASSUMPTIONS),
        "claims": [{"id": id, "said": words} for id, words in claims.items()],
        "verdicts": verdicts,
    }
    return {**said, "seal": seal(said)}


def seal(said: Mapping[str, object]) -> str:
    """Over everything but the seal itself."""
    sealed = {name: value for name, value in said.items() if name != "seal"}
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def written(certificate: Mapping[str, object]) -> str:
    """The certificate as the text of a file; the same certificate is always the same text."""
    return json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"


def first_difference(theirs: object, ours: object, at: str = "") -> str:
    """Where two certificates part first, and what each says there; "" where they are the same."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        names = dict.fromkeys((*theirs, *ours))
        pairs = [(f"{at}.{name}" if at else str(name), theirs.get(name), ours.get(name)) for name in names]
    elif isinstance(theirs, list) and isinstance(ours, list):
        longest = zip_longest(theirs, ours)
        pairs = [(f"{at}[{_code(one, other) or number}]", one, other) for number, (one, other) in enumerate(longest)]
    else:
        return "" if theirs == ours else f"{at}: the certificate says {_short(theirs)}, the proof {_short(ours)}"
    return next((found for place, one, other in pairs if (found := first_difference(one, other, place))), "")


def _code(*verdicts: object) -> str:
    """The code of a verdict, by which it is better known than by its number in the list."""
    return next((str(each["code"]) for each in verdicts if isinstance(each, dict) and "code" in each), "")


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def as_json(verdict: Verdict, folder: str = "") -> dict[str, object]:
    return {
        "code": verdict.code,
        "title": verdict.title,
        "verdict": verdict.kind,
        "details": [_detail(detail, folder) for detail in verdict.details],
    }


def _detail(detail: Detail, folder: str) -> dict[str, object]:
    return {
        "verdict": detail.kind,
        "said": detail.said,
        "place": _place(detail.place, folder) if detail.place is not None else None,
        "evidence": list(detail.evidence),
        "timelines": [_timeline(replayed) for replayed in detail.replayed],
    }


def _place(span: Span, folder: str) -> dict[str, object]:
    return {"file": span.file.removeprefix(f"{folder}/"), "line": span.line, "column": span.column}


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
