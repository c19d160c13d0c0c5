"""A replay as one page: how long customers waited beside what the field expects, when messages and breaches came, who
was told. It fetches nothing, and its security policy lets nothing be fetched and no script run."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from html import escape

from playbook_engine.model.duty import STEPS
from playbook_engine.prove.cells import local_time, say_local
from playbook_engine.study._page_style import STYLE
from playbook_engine.study.field import FIGURES
from playbook_engine.study.plots import TICKS, bars, curve, week, within
from playbook_engine.study.replayed import WHO, Replayed, waits
from playbook_engine.study.summary import FATES

RULE = (
    "Each incident counts once, from its first message to the first reply; a customer who writes again in one matter"
    " is no new incident. Shares are of all incidents that asked for a reply, answered or not. A reply at the limit"
    " itself is within it. Automatic and human first replies are counted apart."
)


def page(found: Replayed, name: str, digest: str, zone: str) -> str:
    """The whole page; times of day are those of `zone`."""
    parts = [
        *begin(f"Report: {name}"),
        *_header(found, name, digest, zone),
        "<main>",
        *_curve(found),
        *_weeks(found, zone),
        *_escalations(found),
        *_duties(found),
        *_parts(found, zone),
        "</main>",
        "<footer>playbook-engine, <code>playbook report</code></footer>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{part}\n" for part in parts)


def begin(title: str) -> Iterator[str]:
    """The head of a page that fetches nothing and runs no script, and the opening of its body."""
    style = b64encode(sha256(STYLE.encode()).digest()).decode()
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield (
        '<meta http-equiv="Content-Security-Policy" content="'
        f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'\">"
    )
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>"


def _header(found: Replayed, name: str, digest: str, zone: str) -> Iterator[str]:
    asked = found.asked
    human, machine = waits(asked, "human"), waits(asked, "automatic")
    yield f"<header>\n<h1>Report: {escape(name)}</h1>"
    if found.arrivals:
        span = f"{say_local(zone, min(found.arrivals))} to {say_local(zone, max(found.arrivals))}, {escape(zone)}"
        yield f'<p class="quiet">A history replayed: {len(found.arrivals):,} messages of customers, {span}.</p>'
    yield f'<p class="quiet">Version of the policy: <code>{escape(digest)}</code></p>'
    sums = (
        (f"{len(asked):,}", "incidents that asked for a reply"),
        (_share(human["answered"], len(asked)), "answered by a person"),
        (_share(human["within_1h"], len(asked)), "by a person within 1 h"),
        (_share(human["within_24h"], len(asked)), "by a person within 24 h"),
        (_share(machine["within_1h"], len(asked)), "automatically within 1 h"),
        (f"{max(0, found.summary.breaches):,}", "duties breached"),
    )
    yield '<ul class="sums">' + "".join(f"<li><b>{value}</b>{said}</li>" for value, said in sums) + "</ul>"
    yield f"<p>{RULE}</p>\n</header>"


def _share(count: int | None, of: int) -> str:
    return f"{100 * (count or 0) / of:.1f} %" if of else "-"


def _curve(found: Replayed) -> Iterator[str]:
    asked = found.asked
    times = {who: sorted(after for one in asked if (after := one.after(who)) is not None) for who in WHO}
    yield "<h2>How long customers waited</h2>"
    yield (
        '<p class="key"><span><b></b>first human reply</span>'
        '<span><b class="automatic"></b>first automatic reply</span>'
        '<span><i></i>what customers expect</span><span><i class="did"></i>what companies did</span></p>'
    )
    yield f'<div class="plot">{curve(times, len(asked))}</div>'
    shares = [(who, *(f"{within(times[who], len(asked), length):.1f} %" for length in TICKS)) for who in WHO]
    yield table(("first reply within", *TICKS.values()), shares)
    yield (
        "<h3>The field's figures</h3>\n<p>Published by others, dated and mostly second-hand: to compare with, not to be"
        " measured by.</p>"
    )
    rows = [
        (
            str(number),
            figure.said,
            figure.source,
            *(f"{within(times[who], len(asked), figure.within):.1f} %" for who in WHO),
        )
        for number, figure in enumerate(FIGURES, 1)
    ]
    yield table(("", "figure", "source", "here, human", "here, automatic"), rows, wide=(1, 2))


def _weeks(found: Replayed, zone: str) -> Iterator[str]:
    yield f"<h2>When messages came, and when duties were breached</h2>\n<p>Weekday and hour in {escape(zone)};"
    yield "breaches include those withdrawn later, by evidence that came late.</p>"
    for kind, title, instants in (
        ("arrivals", "Messages of customers", found.arrivals),
        ("breaches", "Duties breached", found.breaches),
    ):
        counts = Counter((local.weekday(), local.hour) for local in (local_time(zone, at) for at in instants))
        yield f"<h3>{title}: {len(instants):,}</h3>"
        if instants:
            yield f'<div class="plot">{week(counts, f"{title} by weekday and hour", kind)}</div>'


def _escalations(found: Replayed) -> Iterator[str]:
    levels = found.summary.levels
    yield f"<h2>Who was told</h2>\n<p>{sum(levels.values()):,} times by the ladders' levels.</p>"
    if levels:
        by_level: Counter[str] = Counter()
        for (level, _), count in levels.items():
            by_level[level] += count
        rows = [(level, count) for level, count in sorted(by_level.items(), key=lambda pair: (-pair[1], pair[0]))]
        yield f'<div class="plot">{bars(rows, "Escalations by level")}</div>'
        people = sorted(levels.items(), key=lambda pair: (-pair[1], pair[0]))
        yield table(("level", "told", "times"), [(level, person, f"{n:,}") for (level, person), n in people])


def _duties(found: Replayed) -> Iterator[str]:
    duties = found.summary.duties
    keys = sorted({(STEPS.index(step), name) for step, name, _ in duties})
    rows = [(STEPS[step], name, *(f"{duties[STEPS[step], name, fate]:,}" for fate in FATES)) for step, name in keys]
    yield "<h2>What was promised and kept</h2>"
    yield table(("step", "department", *FATES), rows)
    undecided = sum(found.summary.undecided.values())
    yield f'<p class="quiet">Undecided: {undecided:,}. A duty that is late was breached before.</p>'


def _parts(found: Replayed, zone: str) -> Iterator[str]:
    replies = found.replies(zone)
    yield "<h2>First human reply, part by part</h2>"
    for part in ("department", "channel", "hour"):
        rows = []
        for name, row in replies["human"][part].items():
            asked = row["asked"] or 0
            minutes = (_minutes(row[key]) for key in ("median", "p90"))
            shares = (_share(row[key], asked) for key in ("within_1h", "within_24h"))
            rows.append((name, f"{asked:,}", f"{row['answered']:,}", *minutes, *shares))
        heads = (part, "asked", "answered", "median, min", "nine in ten, min", "within 1 h", "within 24 h")
        yield table(heads, rows)


def _minutes(ms: int | None) -> str:
    return "-" if ms is None else f"{ms / 60_000:,.0f}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], wide: Sequence[int] = ()) -> str:
    """A table; the cells of the columns `wide` hold text that may break."""

    def cell(number: int, value: str) -> str:
        kind = ' class="text"' if number in wide else ""
        return f"<td{kind}>{escape(value)}</td>"

    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(cell(n, value) for n, value in enumerate(row))}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
