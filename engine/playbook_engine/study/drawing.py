"""A picture of the policy as one SVG file: columns of boxes, light and dark, no script, no font of its own."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from playbook_engine.study.graph import COLUMNS, Box, Picture
from playbook_engine.text.width import width

LETTER, LINE, PAD, GAP, BETWEEN = 7.2, 18, 10, 18, 70
"""Pixels: a narrow letter, a line, the inner margin of a box, the space below it, the space between columns."""
LONGEST = 44
"""Columns of text in a box before it is folded."""

STYLE = """
  svg{font:13px system-ui,"Noto Sans CJK JP",sans-serif;background:#fff}
  .head{fill:#667;font-size:12px;letter-spacing:.08em;text-transform:uppercase}
  .box{fill:#f6f7fb;stroke:#c9cde0}.title{font-weight:600;fill:#1c2140}.line{fill:#3d4260}
  .arrow{fill:none;stroke:#9aa0c0}.label{fill:#667;font-size:11px}.then{fill:none;stroke:#9aa0c0;stroke-dasharray:4 4}
  @media(prefers-color-scheme:dark){svg{background:#14161f}.box{fill:#1e2130;stroke:#3a4060}.title{fill:#e8eaf6}
  .line{fill:#c3c7de}.head,.label{fill:#9aa0c0}.arrow,.then{stroke:#5a6190}}
"""


@dataclass(frozen=True)
class Placed:
    """A box with its place and size in pixels, and its text folded into lines."""

    box: Box
    left: float
    top: float
    wide: float
    high: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.top + self.high / 2


def svg(drawn: Picture) -> str:
    """The picture as a self-contained SVG document."""
    placed = _place(drawn)
    by_id = {each.box.id: each for each in placed}
    wide = max(each.left + each.wide for each in placed) + 20
    high = max(each.top + each.high for each in placed) + 20
    parts = [_arrow(by_id[arrow.start], by_id[arrow.end], arrow.label) for arrow in drawn.arrows]
    parts += [_box(each) for each in placed]
    parts += _heads(placed)
    title = f"<title>{escape(drawn.name)}: the flow of the policy</title>"
    size = f'viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" height="{high:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>{title}<style>{STYLE}</style>'
    return f"{head}{''.join(parts)}</svg>\n"


def _place(drawn: Picture) -> list[Placed]:
    placed: list[Placed] = []
    left = 20.0
    for column in range(len(COLUMNS)):
        boxes = [box for box in drawn.boxes if box.column == column]
        texts = {box.id: tuple(part for line in box.lines for part in _fold(line)) for box in boxes}
        longest = max((width(text) for box in boxes for text in (box.title, *texts[box.id])), default=8)
        wide = longest * LETTER + 2 * PAD
        top = 50.0
        for box in boxes:
            high = (1 + len(texts[box.id])) * LINE + 2 * PAD - 4
            placed.append(Placed(box, left, top, wide, high, texts[box.id]))
            top += high + GAP
        left += wide + BETWEEN
    return placed


def _fold(text: str) -> list[str]:
    """A line folded at spaces, or anywhere in a script without them, to at most `LONGEST` columns."""
    lines: list[str] = []
    line = ""
    for word in text.replace("、", "、 ").split(" "):
        while width(word) > LONGEST:
            lines, line, word = [*lines, line] if line else lines, word[: LONGEST // 2], word[LONGEST // 2 :]
            lines, line = [*lines, line], ""
        joined = f"{line} {word}".strip()
        if width(joined) > LONGEST:
            lines, line = [*lines, line], word
        else:
            line = joined
    return [*lines, line] if line else lines


def _box(each: Placed) -> str:
    frame = (
        f'<rect class="box" x="{each.left:.1f}" y="{each.top:.1f}" width="{each.wide:.1f}"'
        f' height="{each.high:.1f}" rx="6"/>'
    )
    rows = [_text(each.left + PAD, each.top + PAD + 10, each.box.title, "title")]
    for number, line in enumerate(each.lines, 1):
        rows.append(_text(each.left + PAD, each.top + PAD + 10 + number * LINE, line, "line"))
    return frame + "".join(rows)


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _arrow(start: Placed, end: Placed, label: str) -> str:
    if start.box.column == end.box.column:
        return _side_arrow(start, end, label)
    x1, y1, x2, y2 = start.left + start.wide, start.middle, end.left, end.middle
    bend = (x2 - x1) / 2
    path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2 - 5:.1f} {y2:.1f}"
    return f'<path class="arrow" d="{path}"/>{_tip(x2, y2)}'


def _side_arrow(start: Placed, end: Placed, label: str) -> str:
    """Within a column: around the right-hand side."""
    x1, x2 = start.left + start.wide, end.left + end.wide
    out = max(x1, x2) + 34
    y1, y2 = start.middle + 6, end.middle - 6
    path = f"M{x1:.1f} {y1:.1f}C{out:.1f} {y1:.1f} {out:.1f} {y2:.1f} {x2 + 5:.1f} {y2:.1f}"
    said = _text(max(x1, x2) + 4, (y1 + y2) / 2, label, "label") if label else ""
    tip = f'<path class="arrow" d="M{x2 + 8:.1f} {y2 - 4:.1f}L{x2 + 2:.1f} {y2:.1f}L{x2 + 8:.1f} {y2 + 4:.1f}"/>'
    return f'<path class="then" d="{path}"/>{tip}{said}'


def _tip(x: float, y: float) -> str:
    return f'<path class="arrow" d="M{x - 8:.1f} {y - 4:.1f}L{x - 2:.1f} {y:.1f}L{x - 8:.1f} {y + 4:.1f}"/>'


def _heads(placed: list[Placed]) -> list[str]:
    lefts = {each.box.column: each.left for each in placed}
    return [_text(left, 30, COLUMNS[column], "head") for column, left in sorted(lefts.items())]
