"""For people at a terminal: each finding with the lines it speaks of, what shows it and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.report import Report
from playbook_engine.model.span import Span
from playbook_engine.text.excerpt import marked, with_legal


def render(report: Report) -> str:
    """Every finding, then how many there are."""
    return "".join(f"{part}\n" for finding in report.findings for part in (*_shown(report, finding), "")) + _sum(report)


def _shown(report: Report, finding: Finding) -> Iterator[str]:
    said = with_legal(finding.message, finding.legal, finding.nearest)
    proven = " (proven)" if finding.confidence == "proven" else ""
    guess = " (a guess from the wording)" if finding.confidence == "heuristic" else ""
    yield f"{finding.severity}[{finding.code}] {said}{proven}{guess}"
    node = f"   {finding.node}" if finding.node else ""
    yield f"  --> {finding.span}{node}"
    places = sorted({(each.span, each.label) for each in finding.related} | {(finding.span, "")})
    wide = max(len(str(span.line)) for span, _ in places)
    yield from _excerpts(report, places, wide)
    for line in finding.evidence:
        yield f"{' ' * wide} = {line}"
    if finding.help:
        yield f"{' ' * wide} = to do: {finding.help}"
    if finding.fix is not None:
        how = "--fix" if finding.fix.safe else "--fix=unsafe"
        yield f"{' ' * wide} = {finding.fix.title}: {how} --only {finding.code}"
    yield f"{' ' * wide} = more: playbook lint --explain {finding.code}"


def _excerpts(report: Report, places: list[tuple[Span, str]], wide: int) -> Iterator[str]:
    """The lines of all places in order; a place in another file is named."""
    file = ""
    for span, label in places:
        shown = marked(span, report.lines)
        if shown is None:
            continue
        if file and span.file != file:
            yield f"{' ' * wide} ::: {span}"
        line, carets = shown
        yield f"{span.line:>{wide}} | {line}"
        yield f"{' ' * wide} | {carets}{' ' if label else ''}{label}"
        file = span.file


def _sum(report: Report) -> str:
    counted = [f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in report.counts().items() if count]
    files = f"{len(report.lines)} file{'s' if len(report.lines) != 1 else ''}"
    return f"{', '.join(counted) or 'nothing found'} in {files}\n"
