"""A comment for a pull request: how many findings there are, a table of them, and the lines of each to unfold.

Nothing that a playbook says acts as Markdown or HTML, calls a person by `@name` or links to an issue by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.formats._said import (
    certainty,
    counted,
    evidence,
    excerpt_lines,
    fixing,
    one_line,
    scope,
    sentence,
    stands_in,
    totals,
)
from playbook_engine.lint.report import Report, Suppressed

MOST_CHARACTERS = 60_000
"""GitHub takes comments of up to 65,536 characters; what has no room is counted."""

_QUOTED = re.compile(r"`([^`]+)`")
_ACTIVE = re.compile(r"[!-/:-@\[-`{-~]")
_LINKING = re.compile(r"(&#64;|&#35;|www|:(?=//))", re.IGNORECASE)
_HARMLESS = frozenset(" ,.;:'\"()/?%-=")
_MARKS = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}


def render(report: Report) -> str:
    """The whole comment."""
    files = counted(len(report.lines), "file")
    parts = [f"### playbook lint: {totals(report)} in {files}\n\n{scope(report)} · profile `{report.profile}`\n"]
    parts += [f"\n{_versions(report)}\n"] if report.playbooks else []
    room = MOST_CHARACTERS - sum(map(len, parts))
    if report.findings:
        parts.append("\n| | place | what | rule |\n|---|---|---|---|\n")
        room = _add(parts, [_row(finding) for finding in report.findings], room // 2, "finding") + room // 2
        parts.append("\n")
        room = _add(parts, ["".join(_details(report, finding)) for finding in report.findings], room, "excerpt")
    if report.suppressed:
        parts.append("\n#### Suppressed\n\n| rule | place | reason | by | until |\n|---|---|---|---|---|\n")
        _add(parts, [_suppressed(each) for each in report.suppressed], room, "suppression")
    return "".join(parts)


def _add(parts: list[str], more: list[str], room: int, noun: str) -> int:
    """Adds as many as there is room for, and says how many are left out; the room that is left."""
    for number, part in enumerate(more):
        room -= len(part)
        if room < 0:
            parts.append(f"\n…and {counted(len(more) - number, noun)} more\n")
            return 0
        parts.append(part)
    return room


def _versions(report: Report) -> str:
    said = [f"{text(each.title)} `{each.digest[:12] or 'cannot be used'}`" for each in report.playbooks]
    return f"playbooks: {', '.join(said)}"


def _row(finding: Finding) -> str:
    sure = f" <em>({certainty(finding)})</em>" if certainty(finding) else ""
    what = f"{text(sentence(finding))}{sure}"
    return f"| {_MARKS[finding.severity]} | {code(str(finding.span))} | {what} | {finding.code} {finding.name} |\n"


def _details(report: Report, finding: Finding) -> Iterator[str]:
    head = f"{finding.code} {code(str(finding.span))} {text(stands_in(finding))}".rstrip()
    yield f"<details><summary>{head}</summary>\n\n"
    excerpt = [
        f"{':::' if kind == 'file' else f'{number:>5} |'} {shown} {label}".rstrip()
        for kind, number, shown, label in excerpt_lines(report, finding)
    ]
    fence = "`" * max(3, 1 + max((len(run) for line in excerpt for run in re.findall("`+", line)), default=0))
    if excerpt:
        yield "\n".join([f"{fence}text", *excerpt, fence, "", ""])
    notes = [f"- {text(line)}\n" for line in evidence(finding)]
    notes += [f"- **to do:** {text(finding.help)}\n"] if finding.help else []
    notes += [f"- **fix:** {text(finding.fix.title)}: `{fixing(finding)}`\n"] if finding.fix is not None else []
    yield "".join([*notes, "\n" if notes else "", "</details>\n"])


def _suppressed(suppressed: Suppressed) -> str:
    until = suppressed.until.isoformat() if suppressed.until is not None else ""
    said = (suppressed.reason, suppressed.by, until)
    finding = suppressed.finding
    cells = [finding.code, code(str(finding.span)), *(text(one_line(each)) for each in said)]
    return f"| {' | '.join(cells)} |\n"


def text(said: str) -> str:
    """A text that reads as it is written; what stands between backticks is set as code."""
    parts = _QUOTED.split(one_line(said))
    return "".join(code(part) if number % 2 else _harmless(part) for number, part in enumerate(parts))


def code(said: str) -> str:
    """A text set as code, also inside a table, where backticks would not do for a text that has them.

    >>> code("a|b")
    '<code>a&#124;b</code>'
    """
    return f"<code>{_ACTIVE.sub(_as_entity, one_line(said))}</code>"


def _harmless(said: str) -> str:
    """What would act is written by its number; an empty comment keeps `@` from calling and `#` from linking."""
    return _LINKING.sub(r"\1<!-- -->", _ACTIVE.sub(_as_entity, said))


def _as_entity(found: re.Match[str]) -> str:
    character = found[0]
    return character if character in _HARMLESS else f"&#{ord(character)};"
