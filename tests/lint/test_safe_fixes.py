"""Safe fixes take out what decides nothing: the mended playbook decides as before, and nothing is left to mend."""

from __future__ import annotations

import os
import random  # noqa: TID251 - a seed makes every try the same again

import pytest

from lint import defects_of_logic, defects_of_policy, defects_of_text
from lint.linting import BASE, NOW, subject_of
from lint.mending import mended
from lint.seeding import KINDS, Kind, Playbook, playbooks
from playbook_engine.decide.advance import advance
from playbook_engine.lint.applying import fixes
from playbook_engine.lint.applying import mended as applied
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wordings import strings
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import ORIGINS, Author, Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy

ALL = playbooks()
KNOWN = (defects_of_logic, defects_of_policy, defects_of_text)
ROUNDS = 5
EVERYWHERE = "PLAYBOOK_SEEDED" in os.environ
"""Whether every kind is planted in every playbook, and not every fourth in the first that takes it."""


def safe_fixes(subject: Subject) -> list[Finding]:
    found = lint(subject, built_in(), Selection("audit")).findings
    return [each for each in found if each.fix is not None and each.fix.safe]


def all_mended(files: dict[str, bytes], playbook: Playbook) -> dict[str, bytes]:
    """As `--fix` does it: until nothing is left to mend."""
    for _ in range(ROUNDS):
        found = safe_fixes(subject_of(files, NOW, playbook.lock))
        if not found:
            return files
        texts = {name: text.decode() for name, text in files.items()}
        changed = applied(texts, fixes(found))
        files = {**files, **{name: text.encode() for name, text in changed.items()}}
    raise AssertionError("fixes bring ever more to light")


def message(chance: random.Random, policy: Policy, words: list[str], number: int, at: int) -> Event:
    account = chance.choice([*policy.accounts.values()])
    return Event(
        source="test",
        id=f"e{number}",
        message=f"m{number}",
        type=chance.choice(("message.received", "message.received", "message.edited")),
        at=at,
        seen_at=at,
        channel=account.platform,
        account=account.id.partition(":")[2],
        origin=chance.choice(ORIGINS),
        public=chance.random() < 0.5,
        automatic=chance.random() < 0.2,
        attachments=chance.choice((0, 2, 6, 7, 9)),
        author=Author("cleo", "Cleo", chance.choice((None, 0, 69, 70, 10**6)), chance.choice((None, True, False))),
        text=" ".join(chance.sample(words, 3)),
        lang=chance.choice(("", "en", "ja", "fr")),
        person="cleo",
    )


def decisions(policy: Policy, events: list[Event]) -> list[Decision]:
    """All that is decided of the events, but which policy it was that decided."""
    incident: Incident | None = None
    made: list[Decision] = []
    for event in events:
        for decision in advance(policy, incident, event, event.seen_at, "i"):
            incident = decision.incident
            made.append(decision)
    return made


def plain(made: list[Decision]) -> str:
    return "\n".join(repr(each) for each in made)


def policy_of(files: dict[str, bytes], playbook: Playbook) -> Policy:
    compiled = subject_of(files, NOW, playbook.lock).compiled
    assert compiled is not None
    return compiled


@pytest.mark.parametrize("kind", KINDS if EVERYWHERE else KINDS[::4], ids=lambda kind: f"{kind.code} {kind.name}")
def test_a_playbook_that_is_mended_safely_decides_as_before(kind: Kind) -> None:
    begin = KINDS.index(kind) % len(ALL)
    for playbook in (*ALL[begin:], *ALL[:begin]):
        chance = random.Random(f"{kind.name}:{playbook.name}")
        planted = kind.plant(chance, playbook)
        subject = None if planted is None else subject_of(planted.files, NOW, playbook.lock)
        if planted is None or subject is None or subject.compiled is None or not safe_fixes(subject):
            continue
        after = policy_of(all_mended(planted.files, playbook), playbook)
        words = sorted({text for _, text in strings(subject.document.value.get("classify"))})
        for _ in range(15):
            times = sorted(NOW + chance.randrange(7 * 86_400_000) for _ in range(3))
            events = [message(chance, after, words, number, at) for number, at in enumerate(times)]
            before = plain(decisions(subject.compiled, events)).replace(subject.compiled.digest, after.digest)
            assert before == plain(decisions(after, events)), (playbook.name, events)
        if not EVERYWHERE:
            break


FAULT = "  - {id: praise, when: {kind: praise}, reply: {draft: thanks}, apologise: none, resolve: none}\n"
TAKEN_OUT = [
    pytest.param(
        FAULT,
        FAULT + "  # above the comment stays\n  - {id: loud, when: {kind: praise, channel: x}, reply: by_hand,"
        "\n     apologise: none, resolve: none}  # and goes with its row\n",
        FAULT + "  # above the comment stays\n",
        id="a row",
    ),
    pytest.param("[壊れ, 不良品]", "[壊れ, 壊れた, 不良品]", None, id="a word between two"),
    pytest.param("[壊れ, 不良品]", "[壊れ, 不良品,  不良品です ]", "[壊れ, 不良品 ]", id="the last word"),
    pytest.param("[壊れ, 不良品]", '["それ壊れ", 壊れ, 不良品]', None, id="a first word in quotes"),
    pytest.param("{kind: praise}, reply", "{kind: praise, attachments: {gte: 0}}, reply", None, id="a test at the end"),
    pytest.param("{kind: praise}, reply", "{attachments: {gte: 0}, kind: praise}, reply", None, id="a test in front"),
]


@pytest.mark.parametrize(("good", "bad", "expected"), TAKEN_OUT)
def test_what_is_taken_out_leaves_every_other_sign_as_it_was(good: str, bad: str, expected: str | None) -> None:
    assert BASE.count(good) == 1
    files = {"playbook.yaml": BASE.replace(good, bad).encode()}

    after = mended(files, safe_fixes(subject_of(files)))

    assert after["playbook.yaml"].decode() == BASE.replace(good, expected or good)
    assert safe_fixes(subject_of(after)) == []


def test_a_row_that_a_claim_names_is_taken_out_only_when_asked() -> None:
    claim = "  - {id: loud-one, assume: {kind: praise}, assert: {not: {respond: loud}}}\n"
    late = FAULT + FAULT.replace("id: praise", "id: loud")
    found = lint(subject_of({"playbook.yaml": (BASE.replace(FAULT, late) + claim).encode()}), built_in()).findings
    (one,) = (each for each in found if each.code == "PB503")

    assert one.fix is not None
    assert not one.fix.safe
