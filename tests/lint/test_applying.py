"""Fixes change what they must and nothing else; applied twice they change nothing more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.lint.applying import difference, fixes, mended
from playbook_engine.lint.finding import Edit, Finding, Fix
from playbook_engine.model.span import Span


def finding(*edits: Edit, safe: bool = True) -> Finding:
    return Finding("PB110", "x", "warning", "certain", "m", Span("a.yaml"), fix=Fix("mend it", edits, safe))


def edit(start: tuple[int, int], end: tuple[int, int], text: str, file: str = "a.yaml") -> Edit:
    return Edit(file, start, end, text)


def test_only_the_place_changes_whatever_the_line_ends() -> None:
    text = "a: 1\r\nb: 壊れ  # why\r\nc: 3"
    fix = Fix("mend it", (edit((2, 4), (2, 6), "不良品\nd: 2"), edit((3, 1), (3, 5), "")))

    assert mended({"a.yaml": text}, [fix]) == {"a.yaml": "a: 1\r\nb: 不良品\r\nd: 2  # why\r\n"}


def test_a_whole_line_can_go_also_the_last() -> None:
    assert mended({"a.yaml": "a\nb\n"}, [Fix("x", (edit((2, 1), (3, 1), ""),))]) == {"a.yaml": "a\n"}
    assert mended({"a.yaml": "a\nb"}, [Fix("x", (edit((2, 1), (3, 1), ""),))]) == {"a.yaml": "a\n"}


def test_of_two_fixes_of_one_place_the_first_is_applied() -> None:
    one, two, three = (
        finding(edit((1, 1), (1, 4), "x")),
        finding(edit((1, 3), (1, 5), "y")),
        finding(edit((1, 5), (1, 6), "z")),
    )

    assert fixes([one, two, three]) == (one.fix, three.fix)
    assert fixes([finding(edit((1, 1), (1, 1), "x")), finding(edit((1, 1), (1, 1), "y"))]) == (
        Fix("mend it", (edit((1, 1), (1, 1), "x"),)),
    )


def test_unsafe_fixes_are_applied_when_asked_for() -> None:
    risky = finding(edit((1, 1), (1, 2), "x"), safe=False)

    assert fixes([risky]) == ()
    assert fixes([risky], unsafe=True) == (risky.fix,)


@given(st.text(alphabet="ab壊\n", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=4))
def test_edits_do_what_replacing_by_hand_does(text: str, cuts: list[tuple[int, int]]) -> None:
    lines = text.split("\n")
    places = [(number + 1, column + 1) for number, line in enumerate(lines) for column in range(len(line) + 1)]
    chosen: list[Edit] = []
    expected, last = "", 0
    offsets = {place: sum(len(line) + 1 for line in lines[: place[0] - 1]) + place[1] - 1 for place in places}
    for at, length in sorted(set(cuts)):
        start = min(at, len(places) - 1)
        end = min(start + length, len(places) - 1)
        if offsets[places[start]] < last or any(each.start == places[start] for each in chosen):
            continue
        chosen.append(edit(places[start], places[end], "<>"))
        expected += text[last : offsets[places[start]]] + "<>"
        last = offsets[places[end]]

    assert mended({"a.yaml": text}, [Fix("x", tuple(chosen))]).get("a.yaml", text) == expected + text[last:]


def test_a_difference_is_told_as_patch_reads_it() -> None:
    said = difference("a.yaml", "a: 1\nb: 2", "a: 1\nb: 3")

    assert said == (
        "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n\\ No newline at end of file\n"
        "+b: 3\n\\ No newline at end of file\n"
    )
