"""Coverage as one page, in the style of a report: nothing is fetched, and no script runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from playbook_engine.cover.elements import MEASURES, Element
from playbook_engine.cover.summary import Coverage, percent
from playbook_engine.study.page import begin, table


def page(found: Sequence[Coverage]) -> str:
    """The whole page, one part a playbook."""
    parts = [
        *begin("Coverage"),
        "<header>\n<h1>Coverage</h1>",
        '<p class="quiet">How much of each playbook its tests have seen, as the engine recorded it.</p>\n</header>',
        "<main>",
        *(part for each in found for part in _playbook(each)),
        "</main>",
        "<footer>playbook-engine, <code>playbook test --coverage</code></footer>",
        "</body>",
        "</html>",
    ]
    return "".join(f"{part}\n" for part in parts)


def _playbook(found: Coverage) -> Iterator[str]:
    yield f"<h2>{escape(found.playbook)}</h2>"
    sums = [("all", found.percent, len(found.elements))]
    sums += [(name, percent(found.of(name), found.covered), len(found.of(name))) for name in MEASURES]
    yield '<ul class="sums">' + "".join(f"<li><b>{share:.1f} %</b>{name} ({count})</li>" for name, share, count in sums)
    yield "</ul>"
    for name, said in MEASURES.items():
        left = found.uncovered(name)
        if left:
            yield f"<h3>{name}: {escape(said)}; {len(left)} of {len(found.of(name))} not covered</h3>"
            yield table(("not covered", "place"), [(each.said, place_of(each)) for each in left], wide=(0,))


def place_of(element: Element) -> str:
    """`file:line`, "" for what has no place of its own."""
    return f"{element.span.file}:{element.span.line}" if element.span is not None else ""
