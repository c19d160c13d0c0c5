"""One finding of the audit page: what is wrong, the lines, what shows it, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from playbook_engine.lint.finding import Edit, Finding
from playbook_engine.lint.formats._html_text import plain, text, verbatim
from playbook_engine.lint.formats._said import certainty, evidence, fixing, places, sentence, stands_in
from playbook_engine.lint.report import Report
from playbook_engine.model.span import Span

WORDS = {"error": "error", "warning": "warning", "info": "note"}
_LONGEST_LINE = 600
_AROUND = 200
"""Characters left on both sides of the marks in a line that is longer."""

Place = tuple[Span, str, bool]


def article(report: Report, finding: Finding, fingerprint: str) -> str:
    """The finding; a link to `#fingerprint` leads to it."""
    data = {"severity": finding.severity, "code": finding.code, "owner": finding.owner}
    marks = "".join(f' data-{key}="{plain(value)}"' for key, value in data.items())
    name = plain(fingerprint)
    return "\n".join(
        [
            f'<article class="finding {finding.severity}" id="{name}"{marks}>',
            f'<p class="head">{" ".join(_head(finding))}</p>',
            f"<h3>{text(sentence(finding))}</h3>",
            f'<p class="place">{plain(str(finding.span))}</p>',
            *_excerpt(report, finding),
            *_remedy(report, finding),
            f'<p class="print">fingerprint <a href="#{name}">{name}</a></p>',
            "</article>",
        ]
    )


def _head(finding: Finding) -> Iterator[str]:
    yield f'<span class="badge {finding.severity}">{WORDS[finding.severity]}</span>'
    yield f'<a href="#{plain(finding.code)}">{plain(finding.code)}</a> <span>{plain(finding.name)}</span>'
    if certainty(finding):
        yield f'<span class="badge">{certainty(finding)}</span>'
    if stands_in(finding):
        yield f"<span>{plain(stands_in(finding))}</span>"


def _excerpt(report: Report, finding: Finding) -> Iterator[str]:
    """The lines of all places in order, each place marked, with what it has to do with the matter."""
    shown, file = [], finding.span.file
    for (name, number), group in groupby(places(report, finding), key=lambda each: (each[0].file, each[0].line)):
        lines = report.lines.get(name, ())
        if not 1 <= number <= len(lines):
            continue
        here = list(group)
        if name != file:
            shown.append(f'<span class="other">{plain(name)}</span>')
            file = name
        shown.append(f'<span class="number">{number}</span><span>{_marked(lines[number - 1], here)}</span>')
        shown += [f'<span class="label">↑ {text(label)}</span>' for _, label, _ in here if label]
    if shown:
        yield f'<pre class="excerpt">{"".join(shown)}</pre>'


def _marked(line: str, here: list[Place]) -> str:
    """A line with its places marked; of two that lap over each other, the first; a long line is cut around them."""
    begin, end = 0, len(line)
    if len(line) > _LONGEST_LINE:
        begin = max(0, min(span.column for span, _, _ in here) - 1 - _AROUND)
        end = min(len(line), max(min(span.end_column, span.column + _AROUND) for span, _, _ in here) + _AROUND)
    parts, at = (["…"] if begin else []), begin
    for span, _, own in here:
        start, stop = span.column - 1, min(span.end_column - 1, end)
        if at <= start < stop:
            kind = "own" if own else "related"
            parts += [verbatim(line[at:start]), f'<mark class="{kind}">{verbatim(line[start:stop])}</mark>']
            at = stop
    return "".join([*parts, verbatim(line[at:end]), "…" if end < len(line) else ""])


def _remedy(report: Report, finding: Finding) -> Iterator[str]:
    if notes := [f"<li>{text(line)}</li>" for line in evidence(finding)]:
        yield f'<ul class="notes">{"".join(notes)}</ul>'
    if finding.help:
        yield f'<p class="todo"><b>To do:</b> {text(finding.help)}</p>'
    if finding.fix is not None:
        safe = "" if finding.fix.safe else " (may change decisions)"
        changes = "\n".join(line for edit in finding.fix.edits for line in _change(report, edit))
        said = f"{text(finding.fix.title)}{safe}: <code>{plain(fixing(finding))}</code>"
        yield f'<div class="fix"><b>Fix:</b> {said}<pre>{changes}</pre></div>'


def _change(report: Report, edit: Edit) -> Iterator[str]:
    """The lines that an edit takes away and puts there; equal ones at its end are left out."""
    (line, column), (end_line, end_column) = edit.start, edit.end
    old = list(report.lines.get(edit.file, ())[line - 1 : end_line])
    past_the_end = len(old) <= end_line - line
    before = old[0][: column - 1] if old else ""
    after = "" if past_the_end else old[-1][end_column - 1 :]
    new = (before + edit.text + after).split("\n")
    if past_the_end and new[-1] == "":
        new.pop()
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    yield plain(f"{edit.file}:{line}")
    yield from (f"<del>− {verbatim(each)}</del>" for each in old)
    yield from (f"<ins>+ {verbatim(each)}</ins>" for each in new)
