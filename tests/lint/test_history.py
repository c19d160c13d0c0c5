"""A history of messages held against what platforms take and what people answer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from lint.linting import laid_over, subject_of
from playbook_engine.cli.main import playbook
from playbook_engine.errors import UsageError
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.history import Arrival, History, answered, busiest
from playbook_engine.lint.lint import Selection, lint

MINUTE, HOUR = 60_000, 3_600_000
TEN = 1_795_654_800_000
"""Thursday 2026-11-26, ten in the morning in Tokyo."""


def found(history: History, fragment: str = "") -> tuple[Finding, ...]:
    subject = replace(subject_of(laid_over(fragment)), history=history)
    return lint(subject, built_in(), Selection("audit", frozenset({"PB713"}))).findings


def test_the_busiest_stretch_leaves_out_its_end() -> None:
    assert busiest([0, 1, 10, 11, 12], 10) == (3, 10)
    assert busiest([0, 10], 10) == (1, 0)
    assert busiest([], 10) == (0, 0)


def test_messages_are_answered_one_after_the_other_and_only_while_somebody_is_there() -> None:
    staffed = [(0, HOUR), (2 * HOUR, 3 * HOUR)]

    assert answered([0, 0, 0], staffed, 2) == [HOUR // 2, HOUR, 2 * HOUR + HOUR // 2]
    assert answered([HOUR + 1], staffed, 2) == [2 * HOUR + HOUR // 2]
    assert answered([0, HOUR // 2 + 1], staffed, 2)[1] == 2 * HOUR + 1  # half an hour less one ms is left of the first
    assert answered([5 * HOUR], staffed, 2) == [5 * HOUR]


def test_direct_messages_are_counted_apart_from_posts() -> None:
    private = [Arrival(TEN + n * MINUTE // 2, "x:suzuran", private=True) for n in range(16)]

    (one,) = found(History.of(private))

    assert one.message == "`x:suzuran` had 16 direct messages in 15m; x takes 15 answers in that time"
    assert found(History.of(private[:15])) == ()
    assert found(History.of([replace(each, private=False) for each in private])) == ()


def test_what_would_have_been_answered_too_late_is_counted_with_the_latest() -> None:
    (one,) = found(History.of([Arrival(TEN, "x:suzuran")] * 20, pace=12))

    assert one.message == "at 12 an hour `care` would have answered 8 of 20 messages too late"
    assert one.evidence == (
        "the latest: written Thu 2026-11-26 10:00, due Thu 2026-11-26 11:00, answered Thu 2026-11-26 11:40",
    )


def test_what_is_answered_on_the_last_millisecond_is_in_time() -> None:
    assert found(History.of([Arrival(TEN, "x:suzuran")] * 12, pace=12)) == ()
    assert len(found(History.of([Arrival(TEN, "x:suzuran")] * 13, pace=12))) == 1


def test_without_a_pace_nobody_is_late() -> None:
    assert found(History.of([Arrival(TEN, "x:suzuran")] * 90)) == ()


def test_messages_to_accounts_of_others_are_left_out() -> None:
    assert found(History.of([Arrival(TEN, "x:stranger")] * 90, pace=1)) == ()


def test_the_command_takes_a_history_and_a_pace(tmp_path: Path) -> None:
    (tmp_path / "playbook.yaml").write_bytes(laid_over("")["playbook.yaml"])
    (tmp_path / "holidays.lock.yaml").write_bytes((Path(__file__).parent / "base.lock.yaml").read_bytes())
    events = tmp_path / "events.jsonl"
    message = {"channel": "x", "account": "suzuran", "author": {"handle": "a"}, "created_at": "2026-11-26T10:00+09:00"}
    events.write_text("\n".join(json.dumps({"id": f"m{n}", "text": "?", **message}) for n in range(20)), "utf-8")
    asked = ["lint", str(tmp_path), "--only", "PB713", "--events", str(events)]

    late = CliRunner().invoke(playbook, [*asked, "--pace", "12"])
    without_pace = CliRunner().invoke(playbook, asked)

    assert "`care` would have answered 8 of 20 messages too late" in late.output
    assert "nothing found" in without_pace.output


def test_a_pace_without_messages_and_a_file_without_any_are_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", "utf-8")

    alone = CliRunner().invoke(playbook, ["lint", "--pace", "12"])
    nothing = CliRunner().invoke(playbook, ["lint", "--events", str(empty)])
    absent = CliRunner().invoke(playbook, ["lint", "--events", str(tmp_path / "no.jsonl")])

    said = [str(each.exception) for each in (alone, nothing, absent)]
    assert all(isinstance(each.exception, UsageError) for each in (alone, nothing, absent))
    assert "--pace goes with --events FILE" in said[0]
    assert "holds no message with a time" in said[1]
    assert "cannot be read" in said[2]
