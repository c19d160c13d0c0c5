"""The report's page says what was counted, fetches nothing, and shows no text that somebody outside wrote as markup."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from xml.etree import ElementTree

from playbook_engine.study.field import FIGURES, HOUR
from playbook_engine.study.page import page
from playbook_engine.study.plots import bars, curve, short, week, within
from playbook_engine.study.replayed import Replayed
from story import Story


def replayed(story: Story) -> Replayed:
    found = Replayed()
    for decision in story.decisions:
        found.add(decision)
    return found


def test_a_figure_of_the_field_stands_beside_the_share_that_the_replay_found() -> None:
    found = replayed(Story().hears("it is broken", "mon 10:00").says("looking", "mon 10:30"))
    shown = page(found, "shop", "d1", "UTC")

    assert "<td>5</td>" in shown
    row = next(row for row in shown.split("<tr>") if "40 % expect an answer within 1 h" in row and "<td>5</td>" in row)
    assert row.count("100.0 %") == 2
    assert all(figure.source in shown for figure in FIGURES)
    assert "Each incident counts once" in shown


def test_an_incident_that_nobody_answered_lowers_the_share() -> None:
    found = replayed(Story(deliver=False).hears("it is broken", "mon 10:00").waits("mon 12:30"))

    assert "<li><b>0.0 %</b>by a person within 1 h</li>" in page(found, "shop", "d1", "UTC")


def test_a_share_within_a_length_includes_the_length_itself() -> None:
    assert within([HOUR], 2, HOUR) == 50.0
    assert within([HOUR + 1], 2, HOUR) == 0.0
    assert within([], 0, HOUR) == 0.0


def test_the_page_lets_nothing_be_fetched_and_admits_its_own_style_alone() -> None:
    shown = page(replayed(Story().hears("hm", "mon 10:00")), "shop", "d1", "UTC")
    style = re.search(r"<style>(.*?)</style>", shown, re.DOTALL)
    assert style is not None

    assert f"style-src 'sha256-{b64encode(sha256(style[1].encode()).digest()).decode()}'" in shown
    assert "default-src 'none'" in shown
    assert not re.search(r"<script|<link|<img|\bsrc=|\bstyle=|https?:", shown)


def test_a_name_is_shown_as_it_is_written() -> None:
    found = Replayed()
    found.summary.levels["<b>", 'a"&'] = 3
    shown = page(found, "<script>alert(1)</script>", "d1", "UTC")

    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<td>&lt;b&gt;</td><td>a&quot;&amp;</td><td>3</td>" in shown


def test_every_plot_is_well_formed_and_says_what_it_shows() -> None:
    counts = Counter({(0, 9): 12, (6, 23): 1_234})
    for plot in (curve({"human": [1, 2]}, 3), week(counts, "Messages", "arrivals"), bars([("<lead>", 4)], "Levels")):
        drawn = ElementTree.fromstring(plot)
        assert drawn.attrib["aria-label"]
    told = "".join(ElementTree.fromstring(week(counts, "Messages", "arrivals")).itertext())
    assert "Mon 09: 12" in told
    assert "Sun 23: 1,2341.2k" in told


def test_a_curve_rises_to_the_share_that_was_answered() -> None:
    line = ElementTree.fromstring(curve({"human": [HOUR, 2 * HOUR]}, 4)).find("polyline")
    assert line is not None
    heights = [float(point.split(",")[1]) for point in line.attrib["points"].split()]

    assert heights == sorted(heights, reverse=True)
    assert (heights[0], heights[-1]) == (300.0, 158.0)


def test_counts_are_written_in_four_letters() -> None:
    assert [short(count) for count in (7, 999, 1_000, 9_949, 9_950)] == ["7", "999", "1.0k", "9.9k", "10k"]
