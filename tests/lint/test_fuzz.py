"""Whatever the bytes: lint says what is wrong with them, in bounded time, and never fails itself.

`PLAYBOOK_FUZZ` is how many mutated playbooks are tried; `PLAYBOOK_FUZZ_SEED` with which number the first one is made.
"""

from __future__ import annotations

import os
import random  # noqa: TID251 - a seed makes every try the same again
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lint.linting import BASE, registry, subject_of
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.formats import FORMATS, render
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.report import Report

TRIES = int(os.environ.get("PLAYBOOK_FUZZ", "60"))
SEED = int(os.environ.get("PLAYBOOK_FUZZ_SEED", "1"))
SLOWEST = 5.0
"""Seconds of processor time for a file below a megabyte, on whatever machine runs the tests."""

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
CONTROLS = [*map(chr, (*range(32), *range(0x7F, 0xA1), 0xAD, 0x061C, 0x115F, *range(0x200B, 0x2010)))]
CONTROLS += [
    *map(chr, (*range(0x2028, 0x202F), *range(0x2060, 0x2070), 0x3000, 0xFE0F, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF))
]
CONTROLS += ["\U000e0001", "\U0001f469\u200d\U0001f4bb", "e" + "\u0301" * 70, "\u1f82" * 9]
TOKENS = (
    "{", "}", "[", "]", ":", ": ", "- ", "? ", "|", ">", "&a ", "*a", "!!str ", "<<: ", "%", "@", "`", "#", " #",
    '"', "'", "\\", ",", "---\n", "...\n", "\t", "：", "｛", "　", "{{", "}}", "{%", "%}", "null", "~",
    "yes", "0x1f", "1e9",
    "18:00", "2026-02-30", "always", "-1", "99999999999999999999", "0 JPY", "1000000d", "{{ x.y.z() }}", "(a+)+$",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def shipped() -> list[bytes]:
    texts = [BASE.encode()]
    for folder in sorted(PLAYBOOKS.iterdir()):
        files = sorted(each for each in folder.rglob("*.yaml") if not each.name.endswith(".lock.yaml"))
        texts += [file.read_bytes() for file in files]
    return texts


def flipped(random: random.Random, text: bytes) -> bytes:
    changed = bytearray(text)
    for _ in range(random.randint(1, 20)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def with_lines_moved(random: random.Random, text: bytes) -> bytes:
    lines = text.split(b"\n")
    for _ in range(random.randint(1, 6)):
        first, second = random.randrange(len(lines)), random.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def with_lines_repeated(random: random.Random, text: bytes) -> bytes:
    lines = text.split(b"\n")
    at = random.randrange(len(lines))
    return b"\n".join([*lines[:at], *lines[at : at + random.randint(1, 4)] * random.randint(2, 200), *lines[at:]])


def without_a_part(random: random.Random, text: bytes) -> bytes:
    at = random.randrange(len(text))
    return text[:at] + text[at + random.randint(1, 200) :]


def with_something_put_in(random: random.Random, text: bytes) -> bytes:
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(text) + 1)
        piece = random.choice((*TOKENS, *CONTROLS)).encode("utf-8", "surrogatepass")
        text = text[:at] + piece + text[at:]
    return text


def with_a_value_replaced(random: random.Random, text: bytes) -> bytes:
    words = text.split(b" ")
    for _ in range(random.randint(1, 4)):
        words[random.randrange(len(words))] = random.choice((*TOKENS, *CONTROLS)).encode("utf-8", "surrogatepass")
    return b" ".join(words)


def nested(random: random.Random, text: bytes) -> bytes:
    depth = random.choice((10, 63, 65, 1_000, 50_000))
    opening = random.choice((b"[", b"{a: ", b"{not: ", b"- ", b"? "))
    return text + b"\nrules:\n  deep: {when: " + opening * depth + b"\n"


def with_aliases(random: random.Random, text: bytes) -> bytes:
    rows = [b"a0: &a0 [x, x]\n"]
    rows += [b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, random.randint(2, 40))]
    return b"".join(rows) + text


def with_a_huge_scalar(random: random.Random, text: bytes) -> bytes:
    sign = random.choice(("a", "あ", "\u0301", "{", "{{ x }}", " ", "\\", "'", "{% if a %}", "-", "9", "_-", "0:"))
    many = sign * random.choice((1_000, 20_000, 100_000))
    key = random.choice(("templates", "links", "people", "facts", "review_by", "owner", "timezone", "classify"))
    form = random.choice(("{}: {}", '{}: "{}"', "{}: {{a: {}}}", "{}:\n  {}: x", "{}:\n  - {{id: {}}}"))
    return text + b"\n" + form.format(key, many).encode()


def binary(random: random.Random, text: bytes) -> bytes:
    return random.choice((b"", b"\xef\xbb\xbf", b"\xff\xfe", text[:100])) + random.randbytes(random.randint(0, 4_000))


MUTATIONS: tuple[Mutation, ...] = (
    flipped,
    with_lines_moved,
    with_lines_repeated,
    without_a_part,
    with_something_put_in,
    with_a_value_replaced,
    nested,
    with_aliases,
    with_a_huge_scalar,
    binary,
)


def found_in(files: dict[str, bytes]) -> tuple[Finding, ...]:
    subject = subject_of(files)
    found = lint(subject, built_in(), Selection("audit")).findings
    assert (subject.compiled is None) == bool(subject.problems)
    assert any(each.severity == "error" for each in found) or not subject.problems
    report = Report(found, subject.document.lines, built_in(), "audit", "1")
    for form in FORMATS:
        assert isinstance(render(report, form), str)
    return found


@pytest.mark.parametrize("batch", range(max(1, TRIES // 20)))
def test_no_mutated_playbook_makes_lint_fail_or_takes_long(batch: int) -> None:
    texts = shipped()
    registry()
    for number in range(20):
        chance = random.Random(f"{SEED + batch}:{number}")
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 3)):
            text = chance.choice(MUTATIONS)(chance, text) if text else text
        text = text[: 1 << 20]
        begun = time.process_time()
        found_in({"playbook.yaml": text})
        taken = time.process_time() - begun
        assert taken < SLOWEST, (batch, number, len(text), taken)


def test_a_part_with_thousands_of_findings_is_read_once() -> None:
    words = ", ".join(["late"] * 6_000)
    row = f"classify:\n  - {{id: a, when: {{text: {{words: [{words}]}}}}, set: {{kind: fault}}}}\n"
    begun = time.process_time()
    found = lint(subject_of({"playbook.yaml": BASE.replace("classify:\n", row).encode()}), built_in()).findings
    assert time.process_time() - begun < SLOWEST
    assert len(found) == 5_999


@pytest.mark.parametrize("long", ["owner: {}", "departments: {{{}: {{odd: 1}}}}"])
def test_a_long_name_is_not_told_again_with_every_finding(long: str) -> None:
    text = "playbook: it\n" + long.format("z" * 100_000) + "\nodd: 1\n"
    found = lint(subject_of({"playbook.yaml": text.encode()}), built_in()).findings
    assert found
    assert all(len(each.owner) <= 100 and len(each.node) <= 200 and len(each.message) <= 1_000 for each in found)


@pytest.mark.parametrize("opened", ["{{", "{%", "{#", "{{ a }", "{{ {% "])
def test_a_text_of_nothing_but_opened_braces_is_read_in_the_time_of_any_other(opened: str) -> None:
    text = opened * (50_000 // len(opened))
    begun = time.process_time()
    found = found_in({"playbook.yaml": BASE.replace("templates:\n", f"templates:\n  braces: '{text}'\n").encode()})
    assert time.process_time() - begun < SLOWEST
    assert found


PLACES = ("playbook: suzuran", "  mori:", "id: rest", "ja: ", "when: {kind", "owner: ")


@pytest.mark.parametrize("sign", CONTROLS, ids=lambda sign: f"U+{ord(sign[0]):04X}")
def test_every_control_character_can_stand_everywhere(sign: str) -> None:
    everywhere = BASE
    for place in PLACES:
        before, _, after = everywhere.partition(place)
        everywhere = before + place[:-1] + sign + place[-1] + after
    found_in({"playbook.yaml": everywhere.encode("utf-8", "surrogatepass")})


def test_files_that_nothing_is_in_are_linted_too() -> None:
    for files in ({}, {"a.yaml": b""}, {"a.yaml": b"\n"}, {"a.yaml": b"#"}, {"a.yaml": b"\x00"}, {"\n": b"a: b"}):
        found_in(files)
