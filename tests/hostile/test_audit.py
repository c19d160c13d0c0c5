"""The audit of what we depend on says what it found, and never that it found nothing where it could not ask."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

AUDIT = Path(__file__).resolve().parents[2] / ".ci" / "audit"
CLEAN = {"name": "click", "version": "8.5.1", "vulns": []}
KNOWN = {"name": "pyyaml", "version": "5.3", "vulns": [{"id": "CVE-2020-14343", "fix_versions": ["5.4"]}]}
UNASKED = {"name": "rich", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([CLEAN, CLEAN], ("no advisory is known for 2 packages", 0)),
        ([CLEAN, UNASKED], ("no advisory is known for 1 packages; 1 could not be asked about", 0)),
        ([CLEAN, KNOWN, UNASKED], ("pyyaml 5.3: CVE-2020-14343", 1)),
        ([UNASKED, UNASKED], ("no advisory could be asked for any of 2 packages", 2)),
        ([], ("no advisory could be asked for any of 0 packages", 2)),
    ],
)
def test_a_report_is_read_for_what_it_says(rows: list[object], said: tuple[str, int]) -> None:
    judged = runpy.run_path(str(AUDIT))["judged"]
    assert judged(json.dumps({"dependencies": rows, "fixes": []})) == said


@pytest.mark.parametrize("report", ["", "Traceback", "[]", "{}"])
def test_a_report_that_is_none_is_no_answer(report: str) -> None:
    assert runpy.run_path(str(AUDIT))["judged"](report) == ("there was no answer", 2)
