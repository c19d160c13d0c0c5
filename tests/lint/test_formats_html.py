"""The audit page fetches nothing, and works in a browser, with and without its script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from lint.reports import EMPTY, FINDINGS, HOSTILE, RULES, SAMPLE
from lint.test_formats_hostile import elements
from playbook_engine.lint.formats import render
from playbook_engine.lint.report import Report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--virtual-time-budget=2000"),
)
PROBE = """
<script>
top.document.title = JSON.stringify({
  shown: [...document.querySelectorAll('.finding')].filter(each => each.offsetHeight).length,
  counted: document.querySelector('.filters output')?.textContent,
  scrolls: document.documentElement.scrollWidth > document.documentElement.clientWidth,
});
</script>
"""
NARROW, WIDE = 375, 1400


def test_nothing_is_fetched() -> None:
    page = render(SAMPLE, "html")
    parsed = elements(page)

    assert not {"link", "img", "iframe", "object", "embed", "base"} & {name for name, _ in parsed.found}
    assert not [key for key, _ in parsed.attributes if key in ("src", "srcset", "action", "style")]
    assert not re.search(r"https?://|url\(|@import|fetch\(|XMLHttp", page)


def test_the_security_policy_lets_through_the_page_s_own_style_and_script_only() -> None:
    page = render(HOSTILE, "html")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for tag in ("style", "script"):
        inside = re.findall(f"(?s)<{tag}>(.*?)</{tag}>", page)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none';")


def test_every_link_leads_to_a_place_in_the_page_and_every_finding_to_its_rule() -> None:
    parsed = elements(render(SAMPLE, "html"))
    names = [attributes["id"] for _, attributes in parsed.found if "id" in attributes]
    links = {str(attributes["href"])[1:] for name, attributes in parsed.found if name == "a"}

    assert len(names) == len(set(names))
    assert links <= set(names)
    assert {finding.code for finding in FINDINGS} <= links
    assert {rule.code for rule in RULES} <= set(names)


def test_the_page_says_what_was_looked_at_and_when() -> None:
    page = render(SAMPLE, "html")

    assert SAMPLE.playbooks[0].digest in page
    assert "2026-11-25 09:46 UTC" in page
    assert "6 of 7 rules asked, profile audit" in page
    assert "Legal wording fixed, LEG-221" in page
    assert "2026-12-04 (9 days left)" in page


def test_a_playbook_that_cannot_be_used_has_no_version() -> None:
    unusable = replace(SAMPLE, playbooks=(replace(SAMPLE.playbooks[0], digest=""),))
    assert "none: it cannot be used as it is" in render(unusable, "html")


def test_a_playbook_without_a_name_is_called_by_its_file() -> None:
    nameless = replace(SAMPLE, playbooks=(*SAMPLE.playbooks, replace(SAMPLE.playbooks[0], name="", digest="")))
    assert "<title>Playbook audit: suzuran, suzuran/social.yaml</title>" in render(nameless, "html")
    assert "suzuran/social.yaml `cannot be used`" in render(nameless, "markdown").replace("&#47;", "/")


def test_a_very_long_line_is_cut_around_the_marks() -> None:
    name = FINDINGS[1].span.file
    span = replace(FINDINGS[1].span, line=1, column=50_001, end_column=50_005)
    lines = {name: ("a" * 50_000 + "here" + "b" * 50_000,)}
    page = render(replace(SAMPLE, findings=(replace(FINDINGS[1], span=span),), lines=lines, suppressed=()), "html")

    assert '<mark class="own">here</mark>' in page
    assert len(page) < 25_000


def test_a_fix_is_shown_line_by_line() -> None:
    page = render(SAMPLE, "html")

    assert "<del>−   - {id: 🍵-tea, when: {text: {contains: 🍵🍵}}, to: tee}</del>" in page
    assert "<ins>+   - {id: 🍵-tea, when: {text: {contains: tea}}, to: tee}</ins>" in page
    removed = page[page.index("take it out: <code>") :]
    assert removed.index("<del>−   古い返事") < removed.index("</pre>")
    assert "<ins>" not in removed[: removed.index("</pre>")]


def in_browser(report: Report, tmp_path: Path, width: int, script: bool = True) -> dict[str, object]:
    """What a browser makes of the page: how many findings it shows, what the filter counts, whether it scrolls aside.

    The page stands in a frame, which may be as narrow as a phone. Its policy is taken out, so that the probe may run.
    """
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", render(report, "html"))
    if not script:
        page = re.sub("(?s)<script>.*?</script>", "", page)
    page = page.replace("</body>", f"{PROBE}</body>")
    file = tmp_path / "frame.html"
    frame = f'<iframe srcdoc="{escape(page)}" style="width:{width}px;height:900px;border:0"></iframe>'
    file.write_text(f"<!doctype html><meta charset=utf-8><title></title>{frame}", "utf-8")
    title = re.search(r"<title>(.*?)</title>", dump(file, tmp_path))
    assert title
    said = json.loads(title[1])
    assert isinstance(said, dict)
    return said


def dump(file: Path, tmp_path: Path) -> str:
    assert CHROMIUM
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={WIDE},900", "--dump-dom"]
    ran = subprocess.run([*command, file.as_uri()], capture_output=True, encoding="utf-8", timeout=120, check=True)
    return ran.stdout


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@needs_chromium
@pytest.mark.parametrize("report", [SAMPLE, HOSTILE], ids=["sample", "hostile"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_browser_shows_every_finding_and_never_scrolls_aside(report: Report, width: int, tmp_path: Path) -> None:
    seen = in_browser(report, tmp_path, width)
    assert seen == {"shown": 6, "counted": "6 of 6 shown", "scrolls": False}


@needs_chromium
def test_without_its_script_the_page_shows_the_same(tmp_path: Path) -> None:
    assert in_browser(SAMPLE, tmp_path, WIDE, script=False) == {"shown": 6, "counted": "", "scrolls": False}


@needs_chromium
def test_under_its_policy_the_page_s_script_runs_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    stranger = "<script>document.title = 'taken over'</script>"
    file.write_text(render(HOSTILE, "html").replace("</body>", f"{stranger}</body>"), "utf-8")
    dom = dump(file, tmp_path)

    assert "6 of 6 shown" in dom
    assert "<title>taken over" not in dom


def test_a_page_without_findings_says_so() -> None:
    page = render(EMPTY, "html")
    assert "Nothing was found." in page
    assert '<form class="filters"' not in page
