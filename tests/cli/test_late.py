"""A run that finds timers which nobody worked off: it says so, counts them, and somebody is told once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.runtime.store import open_store

MINIMAL = Path(__file__).parents[2] / "playbooks" / "minimal"


def run(store: str, *more: str) -> Result:
    result = CliRunner().invoke(playbook, ["run", str(MINIMAL), "--store", store, "--quiet", *more])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_after_an_outage_late_timers_are_said_counted_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:{tmp_path / 's.db'}"
    events = (MINIMAL / "events.jsonl").read_text().splitlines()
    (tmp_path / "first.jsonl").write_text(events[0])
    run(url, "--events", str(tmp_path / "first.jsonl"), "--clock", "events")
    late = run(url, "--events", "/dev/null", "--format", "json", "--fail-on", "never")
    counted = json.loads(late.stdout)["late_timers"]
    assert counted["count"] > 3
    assert counted["worst"] > 30 * 86_400_000
    assert caplog.text.count("nothing was running") == 1
    again = run(url, "--events", "/dev/null", "--fail-on", "never")
    assert "late timers" not in again.stdout
    store = open_store(url)
    told = [row for row in store.deliveries() if ":late:" in row.key]
    store.close()
    assert [(row.status, row.delivery.rank) for row in told] == [("delivered", 1)]


def test_the_sum_says_how_late_timers_were(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 's.db'}"
    run(url, "--events", str(MINIMAL / "events.jsonl"), "--clock", "events")
    said = run(url, "--events", "/dev/null", "--fail-on", "never").stdout
    assert "; nothing was running then, or it could not keep up" in said
    assert "late timers: " in said
