"""One page for auditors: every finding with its lines, what is suppressed and by whom, and the page of each rule.

It fetches nothing, and its security policy lets nothing be fetched and no script run but its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from playbook_engine.lint.formats._html_finding import WORDS, article
from playbook_engine.lint.formats._html_style import SCRIPT, STYLE
from playbook_engine.lint.formats._html_text import page, plain, text
from playbook_engine.lint.formats._said import counted, numbered, totals
from playbook_engine.lint.report import Report, Suppressed
from playbook_engine.lint.rule import Rule


def render(report: Report) -> str:
    """The whole page."""
    name = ", ".join(dict.fromkeys(each.title for each in report.playbooks)) or "nothing"
    title = f"Playbook audit: {name}"
    parts = [
        *_begin(title),
        *_header(report, title),
        "<main>",
        *_findings(report),
        *_register(report),
        *_rules(report),
        "</main>",
        f"<footer>playbook-engine {plain(report.version)}, <code>playbook lint --format html</code></footer>",
        f"<script>{SCRIPT}</script>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{part}\n" for part in parts)


def _begin(title: str) -> Iterator[str]:
    policy = f"default-src 'none'; style-src {_allowed(STYLE)}; script-src {_allowed(SCRIPT)}; base-uri 'none'"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{plain(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>"


def _allowed(content: str) -> str:
    """How a security policy names the one text that it lets through."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _header(report: Report, title: str) -> Iterator[str]:
    yield f'<header>\n<h1>{plain(title)}</h1>\n<dl class="facts">'
    for each in report.playbooks:
        version = f"<code>{plain(each.digest)}</code>" if each.digest else "none: it cannot be used as it is"
        yield f"<dt>Version of {plain(each.title)}</dt><dd>{version}</dd>"
    asked = f"{len(report.asked)} of {counted(len(report.rules), 'rule')} asked, profile {plain(report.profile)}"
    yield f"<dt>Looked at</dt><dd>{report.moment.strftime('%Y-%m-%d %H:%M')} UTC</dd>"
    yield f"<dt>Result</dt><dd>{plain(totals(report))} in {counted(len(report.lines), 'file')}; {asked}</dd>\n</dl>"
    sums = [(severity, count, f"{WORDS[severity]}{'' if count == 1 else 's'}") for severity, count in _counts(report)]
    sums += [("suppressed", len(report.suppressed), "suppressed")]
    yield '<ul class="sums">'
    yield from (f'<li class="{kind if count else ""}"><b>{count}</b>{said}</li>' for kind, count, said in sums)
    yield "</ul>\n</header>"


def _counts(report: Report) -> Iterable[tuple[str, int]]:
    return report.counts().items()


def _findings(report: Report) -> Iterator[str]:
    yield "<h2>Findings</h2>"
    if not report.findings:
        yield "<p>Nothing was found.</p>"
        return
    yield from _filters(report)
    yield from (article(report, finding, fingerprint) for finding, fingerprint in numbered(report.findings))


def _filters(report: Report) -> Iterator[str]:
    """By severity, which the style sheet does; by rule and owner, which the script does, and shows only then."""
    yield '<form class="filters" autocomplete="off">'
    for severity, count in _counts(report):
        if count:
            said = f"{count} {WORDS[severity]}{'' if count == 1 else 's'}"
            yield f'<label><input type="checkbox" id="show-{severity}" checked> {said}</label>'
        else:
            yield f'<input type="checkbox" id="show-{severity}" checked hidden disabled>'
    codes = {finding.code: f"{finding.code} {finding.name}" for finding in report.findings}
    owners = {finding.owner: finding.owner for finding in report.findings}
    yield _choice("code", "rule", codes)
    yield _choice("owner", "owner", owners)
    yield "<output hidden data-script></output>\n</form>"


def _choice(name: str, noun: str, values: dict[str, str]) -> str:
    options = "".join(
        f'<option value="{plain(value)}">{plain(said)}</option>' for value, said in sorted(values.items()) if value
    )
    every = f'<option value="">every {noun}</option>'
    return f'<label hidden data-script>{noun} <select name="{name}">{every}{options}</select></label>'


def _register(report: Report) -> Iterator[str]:
    if not report.suppressed:
        return
    yield "<h2>Suppressed</h2>\n<p>Findings that somebody answers for. They are in none of the counts above.</p>"
    heads = ("rule", "place", "what", "reason", "by", "until")
    yield '<div class="scroll wide"><table>'
    yield f"<thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead><tbody>"
    for each in report.suppressed:
        cells = zip(heads, _cells(report, each), strict=True)
        row = [f'<td data-head="{head}"><div>{cell}</div></td>' for head, cell in cells]
        yield f"<tr>{''.join(row)}</tr>"
    yield "</tbody></table></div>"


def _cells(report: Report, suppressed: Suppressed) -> tuple[str, ...]:
    finding, left = suppressed.finding, report.days_left(suppressed)
    until = "for good" if suppressed.until is None else suppressed.until.isoformat()
    if left is not None:
        until += f" ({counted(left, 'day')} left)" if left >= 0 else " (expired)"
    where = f"<br>said at {plain(str(suppressed.where))}" if suppressed.where is not None else ""
    code = f'<a href="#{plain(finding.code)}">{plain(finding.code)}</a>'
    said = text(finding.message)
    return (
        code,
        f"<code>{plain(str(finding.span))}</code>",
        said,
        text(suppressed.reason) + where,
        plain(suppressed.by),
        until,
    )


def _rules(report: Report) -> Iterator[str]:
    asked = f"{len(report.asked)} of {counted(len(report.rules), 'rule')}"
    yield f"<h2>What was asked</h2>\n<p>{asked}. Each has its page.</p>"
    found = Counter(finding.code for finding in report.findings)
    silenced = Counter(each.finding.code for each in report.suppressed)
    for rule in report.rules:
        yield _rule(rule, found[rule.code], silenced[rule.code], rule.code in report.asked)


def _rule(rule: Rule, found: int, silenced: int, asked: bool) -> str:
    result = f'<span class="badge {rule.severity}">{found} found</span>' if found else ""
    said = f"{rule.severity}, {rule.confidence}, profile {rule.profile}{', locked' if rule.locked else ''}"
    state = "" if found or silenced else " · nothing found" if asked else " · not asked"
    state += f" · {silenced} suppressed" if silenced else ""
    origin = f" · from {plain(rule.origin)}" if rule.origin else ""
    head = f"<b>{plain(rule.code)}</b> {plain(rule.name)} <span>{said}{origin}{state}</span> {result}"
    return f'<details class="rule" id="{plain(rule.code)}"><summary>{head}</summary>\n{page(rule)}\n</details>'
