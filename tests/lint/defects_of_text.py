"""Kinds of defects that stand in the text of one file: PB001 to PB011, and keys and values of the wrong form."""

from __future__ import annotations

import random  # noqa: TID251 - the chance that a seed gives
import re

from lint.seeding import Planted, Playbook, defect
from playbook_engine.text.document import Path

Chance = random.Random

FREE = "templates/**"
OPTIONAL = (
    "accounts/*/purpose",
    "accounts/*/see_also",
    "departments/*/signature",
    "escalations/*/*/acknowledge_within",
    "people/*/initials",
    "targets/*/counts",
    "targets/*/escalate",
    "targets/*/next_reply",
)
"""Keys that may be absent: misspelt, each is unknown and nothing else is wrong."""

DURATIONS = ("undecided/within", "targets/*/reply", "targets/*/resolve", "limits/*/in", "escalations/*/*/overdue")


def quoted(playbook: Playbook, pattern: str = FREE) -> list[Path]:
    return [path for path in playbook.paths(pattern) if playbook.said(path)[:1] == '"']


@defect("PB001")
def quote_left_open(chance: Chance, playbook: Playbook) -> Planted | None:
    ends_line = [path for path in quoted(playbook) if ends(playbook, path)]
    path = chance.choice(ends_line) if ends_line else None
    return playbook.put(path, playbook.said(path)[:-1]) if path else None


@defect("PB001")
def tab_as_indentation(chance: Chance, playbook: Playbook) -> Planted | None:
    file, number, line = _line(chance, playbook, r"  +[a-z-]+: .*")
    if not line:
        return None
    return Planted(playbook.with_line(file, number, "\t" + line.lstrip(" ")), file, number)


@defect("PB001")
def full_width_colon_after_a_key(chance: Chance, playbook: Playbook) -> Planted | None:
    file, number, line = _line(chance, playbook, r" +(purpose|profile|calendar|lead|reply|resolve): \S.*")
    wide = line.replace(":", chance.choice(("：", "： ")), 1).replace("： ", "： ", 1)
    return Planted(playbook.with_line(file, number, wide), file, number) if line else None


@defect("PB001")
def text_with_a_colon_without_quotes(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in quoted(playbook) if ends(playbook, path)]
    return playbook.put(chance.choice(found), "Note: we answer: soon") if found else None


@defect("PB001")
def template_without_quotes(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in quoted(playbook) if ends(playbook, path) and playbook.said(path).startswith('"{{')]
    path = chance.choice(found) if found else None
    return playbook.put(path, playbook.said(path)[1:-1]) if path else None


@defect("PB002")
def key_twice_in_one_mapping(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for pattern in DURATIONS for path in playbook.paths(pattern)]
    path = chance.choice(found)
    if not re.search(r"[{,]\s*$", _before_key(playbook, path)):
        return None
    said = playbook.said(path)
    return playbook.put(path, f"{said}, {path[-1]}: {said}")


@defect("PB002")
def name_given_again_in_another_file(chance: Chance, playbook: Playbook) -> Planted:
    name = chance.choice(sorted(dict(playbook.subject.entries("people"))))
    planted = playbook.with_more(f"people:\n  {name}: {{name: Somebody, via: [{{email: a@b.example}}], initials: X}}\n")
    return Planted(planted.files, planted.file, 2)


@defect("PB003")
def yes_for_true(chance: Chance, playbook: Playbook) -> Planted | None:
    word = chance.choice(("yes", "Yes", "on", "y", "はい", "TRUE"))
    return playbook.put_one(chance, "ignore/*/when/automatic", word, "true")


@defect("PB006")
def nothing_where_something_is_wanted(chance: Chance, playbook: Playbook) -> Planted | None:
    pattern = chance.choice(("undecided/to", "route/*/to", "ignore/*/because", "accounts/*/department"))
    return playbook.put_one(chance, pattern, "")


@defect("PB007")
def hashtag_without_quotes(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in quoted(playbook) if ends(playbook, path)]
    text = chance.choice(("写真は #すずらん でお寄せください。", "Show us your tea #lantern today."))
    return playbook.put(chance.choice(found), text) if found else None


@defect("PB008")
def anchor(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice(playbook.paths("*/*/when"))
    return playbook.put(path, f"&same {playbook.said(path)}")


@defect("PB008")
def merge_key(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice(playbook.paths("undecided"))
    return playbook.put(path, playbook.said(path).replace("{", "{<<: {a: b}, ", 1))


@defect("PB009")
def sign_that_turns_the_text_round(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice(quoted(playbook))
    said = playbook.said(path)
    at = chance.randrange(1, len(said))
    return playbook.put(path, said[:at] + chance.choice("\u202e\u2066\u200f\ufeff\x7f"[:2]) + said[at:])


@defect("PB009")
def letter_of_another_alphabet_in_an_id(chance: Chance, playbook: Playbook) -> Planted | None:
    found = [path for path in playbook.paths("classify/*/id") if re.search("[aeo]", playbook.said(path))]
    found = [path for path in found if len(re.findall("[a-z]", playbook.said(path).partition("-")[0])) > 2]
    path = chance.choice(found) if found else None
    word = playbook.said(path) if path else ""
    head, dash, tail = word.partition("-")
    wrong = re.sub("[aeo]", lambda sign: {"a": "а", "e": "е", "o": "о"}[sign[0]], head, count=1)
    return playbook.put(path, wrong + dash + tail) if path and wrong != head else None


@defect("PB009")
def letter_without_width_in_an_id(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice(playbook.paths("classify/*/id"))
    word = playbook.said(path)
    at = chance.randrange(1, len(word))
    return playbook.put(path, word[:at] + chance.choice("\u200b\u200d\u00ad") + word[at:])


@defect("PB010")
def tag(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice(playbook.paths("*/*/when"))
    return playbook.put(path, f"!!map {playbook.said(path)}")


@defect("PB010")
def second_document(chance: Chance, playbook: Playbook) -> Planted:
    text = "links:\n  terms: https://shop.example/terms\n---\nlinks:\n  more: https://shop.example/more\n"
    planted = playbook.with_more(text)
    return Planted(planted.files, planted.file, 3)


@defect("PB011")
def byte_that_is_not_utf_8(chance: Chance, playbook: Playbook) -> Planted:
    planted = playbook.with_more("")
    lines = chance.randrange(1, 9)
    return Planted({**planted.files, planted.file: b"# x\n" * lines + b"owner: \xff\n"}, planted.file, lines + 1)


@defect("PB011")
def brackets_too_deep(chance: Chance, playbook: Playbook) -> Planted:
    return playbook.with_more("links: " + chance.choice(("[", "{a: ")) * chance.randrange(66, 3_000) + "\n")


@defect("PB101")
def misspelt_key(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_misspelt(chance, *OPTIONAL, keys=True)


@defect("PB102")
def duration_without_a_unit(chance: Chance, playbook: Playbook) -> Planted | None:
    pattern = chance.choice(DURATIONS)
    return playbook.put_one(chance, pattern, str(chance.randrange(1, 90)), r"[0-9]+[smhdw]")


@defect("PB102")
def day_that_is_in_no_calendar(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_one(chance, "review_by", chance.choice(("2027-02-30", "2027-04-31", "next spring", "1.4.2027")))


@defect("PB103")
def section_left_out(chance: Chance, playbook: Playbook) -> Planted | None:
    path = chance.choice([path for path in playbook.paths("*") if path[0] in ("undecided", "timezone")])
    key = playbook.subject.document.key_spans[path]
    first = playbook.subject.document.span()
    return Planted(playbook.with_line(key.file, key.line, "#"), first.file, first.line)


@defect("PB103")
def key_left_out(chance: Chance, playbook: Playbook) -> Planted | None:
    pattern = chance.choice(("limits/*/in", "limits/*/per", "ignore/*/because", "undecided/within", "route/*/to"))
    return playbook.drop_one(chance, pattern)


@defect("PB111")
def format_of_another_version(chance: Chance, playbook: Playbook) -> Planted | None:
    return playbook.put_one(chance, "format", str(chance.randrange(2, 9)))


@defect("PB111")
def key_of_a_later_version(chance: Chance, playbook: Playbook) -> Planted:
    return playbook.with_more(f"{chance.choice(('shadow', 'valid_from', 'listen', 'retention'))}: x\n")


def ends(playbook: Playbook, path: Path) -> bool:
    """Whether nothing but its own key stands on the line of a value, and that in block style."""
    span = playbook.subject.document.span(*path)
    line = playbook.line(span.file, span.line)
    return re.fullmatch(r"\s+[\w-]+: ", line[: span.column - 1]) is not None and not line[span.end_column - 1 :].strip()


def _before_key(playbook: Playbook, path: Path) -> str:
    key = playbook.subject.document.key_spans[path]
    return playbook.line(key.file, key.line)[: key.column - 1]


def _line(chance: Chance, playbook: Playbook, pattern: str) -> tuple[str, int, str]:
    """A line that looks so and whose key is one: file, number and text."""
    keys = {(span.file, span.line) for span in playbook.subject.document.key_spans.values()}
    found = [
        (file, number, line)
        for file, lines in playbook.subject.document.lines.items()
        for number, line in enumerate(lines, 1)
        if re.fullmatch(pattern, line) and (file, number) in keys
    ]
    return chance.choice(found) if found else ("", 0, "")
