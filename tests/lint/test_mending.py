"""A fix is text edits that mend the finding and leave every other line, comment and blank as it was."""

from __future__ import annotations

import pytest

from lint.linting import BASE, laid_over, subject_of
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Edit, Finding
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.rule import Rule

ONE = "playbook.yaml"
EVERYTHING = Selection("audit")


def found_in(text: str) -> tuple[Finding, ...]:
    return lint(subject_of({ONE: text.encode()}), built_in(), EVERYTHING).findings


def with_edits(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in sorted(edits, reverse=True):
        begin, end = (_offset(text, place) for place in (edit.start, edit.end))
        text = text[:begin] + edit.text + text[end:]
    return text


def _offset(text: str, place: tuple[int, int]) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: place[0] - 1])) + (place[1] - 1 if place[0] <= len(lines) else 0)


def edited(old: str, new: str) -> str:
    assert BASE.count(old) == 1, old
    return BASE.replace(old, new)


MENDED = [
    pytest.param("PB115", "undecided: {to: head", "undecided: {to: haed", id="a misspelt person"),
    pytest.param("PB104", "when: always, to: care", "when: always, to: 'cear'", id="a misspelt name in quotes"),
    pytest.param("PB101", "approved_by:", "aproved_by:", id="a misspelt key"),
    pytest.param("PB108", "set: {kind: praise}", "set: {kind: prase}", id="a misspelt value"),
    pytest.param("PB003", "{automatic: true}", "{automatic: yes}", id="yes"),
    pytest.param("PB003", "{automatic: true}", "{automatic: はい}", id="hai"),
    pytest.param("PB003", "automatic: true}, because", "automatic: Yes}, because", id="a capital Yes"),
    pytest.param("PB001", "review_by: 2027", "review_by：2027", id="a full-width colon"),
    pytest.param("PB001", "undecided: {to: head,", "undecided: {to: head，", id="a full-width comma"),
    pytest.param("PB009", "en: Customer care", "en: Customer\u202e care", id="a character nobody sees"),
    pytest.param("PB602", 'ja: "{{ author.name }}様', 'ja: "{{ auther.name }}様', id="a misspelt variable"),
    pytest.param("PB301", "Asia/Tokyo", "Asia/Tokio", id="a misspelt time zone"),
]


@pytest.mark.parametrize(("code", "good", "bad"), MENDED)
def test_a_slip_is_mended_to_what_was_meant(code: str, good: str, bad: str) -> None:
    text = edited(good, bad)
    fixes = [each.fix for each in found_in(text) if each.code == code and each.fix is not None]

    assert fixes
    assert with_edits(text, fixes[0].edits).replace("'care'", "care") == BASE


def test_only_a_flag_is_mended_without_being_asked() -> None:
    (flag,) = found_in(edited("{automatic: true}", "{automatic: yes}"))
    (name,) = found_in(edited("undecided: {to: head", "undecided: {to: haed"))

    assert flag.fix is not None
    assert name.fix is not None
    assert (flag.fix.safe, name.fix.safe) == (True, False)


@pytest.mark.parametrize(
    ("said", "mended"),
    [
        ("写真は #すずらん で。{{ personal }}", '"写真は #すずらん で。{{ personal }}"'),
        ("{{ personal }} をご覧ください。", '"{{ personal }} をご覧ください。"'),
        ('{{ personal }} "ok"', '"{{ personal }} \\"ok\\""'),
    ],
)
def test_a_text_that_yaml_would_cut_or_misread_is_put_in_quotes(said: str, mended: str) -> None:
    good = '    ja: "ありがとうございます。{{ personal }} {{ approver.initials }}"'
    text = edited(good, f"    ja: {said}")
    (found,) = (each for each in found_in(text) if each.severity == "error")

    assert found.fix is not None
    assert found.node == "templates.thanks" or found.code == "PB001"
    assert with_edits(text, found.fix.edits) == edited(good, f"    ja: {mended}")


def test_a_template_inside_brackets_is_left_to_its_writer() -> None:
    text = edited("undecided: {to: head", "undecided: {to: {{ head }}")
    assert all(each.fix is None for each in found_in(text))


def test_an_unused_entry_goes_with_its_lines_and_nothing_else() -> None:
    entry = '  # kept\n  spare:\n    ja: |-\n      どうぞ。\n\n      {{ personal }}\n    en: "Please. {{ personal }}"\n'
    text = edited("\nignore:", f"{entry}\nignore:")
    (found,) = found_in(text)

    assert (found.code, found.node) == ("PB110", "templates.spare")
    assert found.fix is not None
    assert found.fix.safe
    assert with_edits(text, found.fix.edits) == edited("\nignore:", "  # kept\n\nignore:")


@pytest.mark.parametrize(
    "section",
    ['links: {shop: "https://suzuran.example"}\n', 'links:\n  shop: "https://suzuran.example"\n'],
)
def test_an_entry_without_lines_of_its_own_or_the_last_of_its_section_is_not_taken_out(section: str) -> None:
    (found,) = found_in(BASE + section)
    assert (found.code, found.fix) == ("PB110", None)


def test_the_row_that_takes_everything_moves_to_the_end_of_its_list() -> None:
    rest = "  - {id: rest, when: always, to: care}\n"
    faults = "  # faults first\n  - id: faults\n    when: {kind: fault}\n    to: care\n"
    text = edited(rest, rest + faults)
    found = [each for each in found_in(text) if each.code == "PB509"]

    assert len(found) == 1
    assert found[0].fix is not None
    assert with_edits(text, found[0].fix.edits) == edited(rest, faults + rest)
    assert found_in(edited(rest, faults + rest)) == ()


@pytest.mark.parametrize("rule", [rule for rule in built_in() if rule.page.avoid], ids=lambda rule: rule.code)
def test_what_a_fix_of_a_page_s_example_leaves_has_the_finding_no_more(rule: Rule) -> None:
    for example in rule.page.avoid:
        files = laid_over(example)
        before = [each for each in lint(subject_of(files), built_in(), EVERYTHING).findings if each.code == rule.code]
        for fix in [each.fix for each in before if each.fix is not None][:1]:
            (file,) = {edit.file for edit in fix.edits}
            mended = {**files, file: with_edits(files[file].decode(), fix.edits).encode()}
            after = lint(subject_of(mended), built_in(), EVERYTHING).findings
            assert sum(each.code == rule.code for each in after) < len(before), fix
