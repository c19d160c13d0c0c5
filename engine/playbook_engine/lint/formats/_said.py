"""What several formats say in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.report import Report
from playbook_engine.model.span import Span
from playbook_engine.text.excerpt import marked, with_legal
from playbook_engine.text.scalars import without_unseen

_CONFIDENCE = {"proven": "proven", "heuristic": "a guess from the wording"}


def one_line(text: str) -> str:
    """A text on one line; what could act on a terminal, or turn the direction of writing, is seen."""
    return without_unseen(text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def sentence(finding: Finding) -> str:
    """The message with the nearest name and the values that would do, on one line."""
    return one_line(with_legal(finding.message, finding.legal, finding.nearest))


def certainty(finding: Finding) -> str:
    """How sure it is, where that must be said; "" for what follows from what is written."""
    return _CONFIDENCE.get(finding.confidence, "")


def stands_in(finding: Finding) -> str:
    """The part it stands in and whose that is."""
    owner = f"owner {finding.owner}" if finding.owner else ""
    return one_line(", ".join(each for each in (finding.node, owner) if each))


def fixing(finding: Finding) -> str:
    """How its fix is asked for; "" without one."""
    if finding.fix is None:
        return ""
    return f"playbook lint --fix{'' if finding.fix.safe else '=unsafe'} --only {finding.code}"


def evidence(finding: Finding) -> Iterator[str]:
    """The lines that show it; one of several lines is several."""
    for text in finding.evidence:
        yield from (one_line(line) for line in text.splitlines())


def places(report: Report, finding: Finding) -> list[tuple[Span, str, bool]]:
    """Every place of a finding with its label, and whether it is the finding's own; its own file first."""
    order = {file: number for number, file in enumerate(report.lines)}
    beside = {(each.span, one_line(each.label)) for each in finding.related}
    own = [(finding.span, label, True) for span, label in sorted(beside) if span == finding.span]
    every = [*(own or [(finding.span, "", True)]), *((*each, False) for each in beside if each[0] != finding.span)]
    return sorted(
        every, key=lambda each: (each[0].file != finding.span.file, order.get(each[0].file, len(order)), each)
    )


def excerpt_lines(report: Report, finding: Finding) -> Iterator[tuple[str, str, str, str]]:
    """The lines of all places in order, as (kind, what stands in the gutter, text, label).

    Kinds: `file` (the next lines are of another file; the text is the place), `line` (of the file), `own` and
    `related` (marks under the line before).
    """
    file, before = finding.span.file, ""
    for span, label, own in places(report, finding):
        shown = marked(span, report.lines)
        if shown is None:
            continue
        if span.file != file:
            yield "file", "", one_line(str(span)), ""
            file, before = span.file, ""
        line, carets = shown
        if before != (said := f"{span.line} {line}"):
            yield "line", str(span.line), line, ""
        yield ("own", "", carets, label) if own else ("related", "", carets.replace("^", "-"), label)
        before = said


def counted(number: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "file"), counted(0, "file")
    ('1 file', '0 files')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def totals(report: Report) -> str:
    """How many findings of each severity, where there are any."""
    found = [counted(number, "note" if kind == "info" else kind) for kind, number in report.counts().items() if number]
    return ", ".join(found) or "nothing found"


def scope(report: Report) -> str:
    """How much was asked, and what is suppressed."""
    said = [f"{counted(len(report.rules), 'rule')}, {len(report.asked)} asked"]
    if report.suppressed:
        said.append(f"{len(report.suppressed)} suppressed{_next_to_end(report)}")
    return " · ".join(said)


def _next_to_end(report: Report) -> str:
    left = [days for each in report.suppressed if (days := report.days_left(each)) is not None]
    if not left:
        return ""
    soonest = min(left)
    ending = f"{left.count(soonest)} {'expires' if left.count(soonest) == 1 else 'expire'}"
    return f" ({ending} in {counted(soonest, 'day')})" if soonest >= 0 else " (some have expired)"


def numbered(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with a fingerprint that no other one has: the second of two alike has `:2` after it."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.fingerprint] += 1
        again = seen[finding.fingerprint]
        yield finding, finding.fingerprint if again == 1 else f"{finding.fingerprint}:{again}"
