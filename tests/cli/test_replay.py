"""`playbook replay` from the outside: the recorded figures, the same for any number of processes, two side by side."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.cli.output import moment
from playbook_engine.cli.replay import loaded_for_replay
from playbook_engine.errors import UsageError
from playbook_engine.runtime.door import Terms
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Incoming, Sender
from playbook_engine.runtime.parting import parted, stamped
from playbook_engine.runtime.replaying import Replaying, replay
from playbook_engine.study.replayed import Replayed

ROOT = Path(__file__).parents[2]
PLAYBOOKS = ROOT / "playbooks"
DATA = ROOT.parent / "shared" / "data"
RECORDED = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded conversations are not here")
START = 1_781_254_800_000


GOOD = {"channel": "x", "account": "lanterntea", "text": "Hello", "created_at": "2026-06-12T10:00:00+01:00"}


def asked(*words: str | Path, input: bytes | None = None) -> Result:
    return CliRunner().invoke(playbook, ["replay", *map(str, words)], input=input)


def said(path: Path, events: Path, *words: str | Path) -> dict[str, Any]:
    result = asked(path, "--events", events, "--format", "json", "--quiet", *words)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert isinstance(told, dict)
    return told


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    """The smallest shipped playbook without the two promises of it that hold across incidents."""
    path = copytree(PLAYBOOKS / "minimal", tmp_path / "apart")
    text = (path / "playbook.yaml").read_text("utf-8")
    for across in (", silent_after: 2d", ", per_day: 50 GBP"):
        assert across in text
        text = text.replace(across, "")
    (path / "playbook.yaml").write_text(text, "utf-8")
    return path


def history(count: int = 400) -> bytes:
    """Made-up conversations that run into each other: shared threads, late and repeated lines, one broken."""
    texts = ("The jasmine tin arrived broken.", "Where is my order?", "Thank you!")
    rows = [
        json.dumps(
            {
                "id": f"m{number}",
                "channel": ("x", "email")[number % 5 == 0],
                "account": "lanterntea",
                "conversation_id": f"c{number * 31 % 61}",
                "author": {"handle": f"h{number * 17 % 41}"},
                "text": texts[number % 3],
                "lang": "en",
                "created_at": moment(START + (number * 600 + number * 7919 % 4_320 * 60) * 1_000).isoformat(),
                "inbound": number * 13 % 10 < 7,
            }
        ).encode()
        for number in range(count)
    ]
    rows.insert(50, b'{"id": "broken"')
    rows.insert(90, rows[20])
    return b"\n".join(rows) + b"\n"


def test_one_process_and_two_say_the_same(apart: Path, tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(history())
    one, two, again = (
        asked(apart, "--events", events, "--until", "+3d", "--processes", n, "--format", "json") for n in "121"
    )

    assert one.exit_code == 0
    assert one.stdout == two.stdout == again.stdout
    assert two.stderr == ""
    told = json.loads(one.stdout)
    assert (told["set_aside"], told["duplicates"]) == ({"not-json": 1}, 1)
    assert sum(duty["breached"] for duty in told["duties"]) > 20


def test_a_history_is_cut_so_that_threads_and_authors_stay_together(apart: Path) -> None:
    lonely = [json.dumps({**GOOD, "id": f"n{n}", "author": {"handle": f"n{n}"}}).encode() for n in range(20)]
    linked = [
        json.dumps({**GOOD, "id": f"t{n}", "conversation_id": "t0", "author": {"handle": f"t{n}"}}) for n in (0, 1)
    ]
    again = json.dumps({**GOOD, "id": "t2", "channel": "email", "author": {"handle": "@T1"}})
    body = b"\n".join([*lonely, linked[0].encode(), again.encode(), linked[1].encode()])
    outcomes = list(take_in_body(body, Sender(may_send=MESSAGES | PEOPLE)))
    policy, _ = loaded_for_replay(apart)
    parts = [
        [piece.outcome.id for piece in part if isinstance(piece.outcome, Incoming)]
        for part in parted(stamped(Terms.of(policy), outcomes), 3)
    ]

    assert sorted(map(len, parts)) == [7, 8, 8]
    assert [[id for id in part if id.startswith("t")] for part in parts if "t0" in part] == [["t0", "t2", "t1"]]


def test_the_sum_of_a_replay_is_the_sum_of_a_run() -> None:
    events = PLAYBOOKS / "minato" / "events.jsonl"
    words = ("run", PLAYBOOKS / "minato", "--events", events, "--clock", "events", "--until", "+2d", "--dry-run")
    ran = CliRunner().invoke(playbook, [*map(str, words), "--quiet", "--format", "json"])
    told, summed = said(PLAYBOOKS / "minato", events, "--until", "+2d"), json.loads(ran.stdout)

    for part in ("events", "decisions", "incidents", "duties", "escalations", "deliveries", "undecided", "suppressed"):
        assert told[part] == summed[part]
    answered = told["first_replies"]["human"]["all"]["all"]
    assert {name: answered[name] for name in ("median", "p90")} == {
        name: summed["first_replies"]["human"][name] for name in ("median", "p90")
    }
    assert told["remedies"] == [{"action": "coupon", "amount": 1000, "currency": "JPY"}]


def test_a_policy_that_cannot_be_cut_says_why_and_is_replayed_whole(tmp_path: Path) -> None:
    events = PLAYBOOKS / "minato" / "events.jsonl"
    result = asked(PLAYBOOKS / "minato", "--events", events, "--processes", "2")

    assert "minato is replayed in one process: mode `" in result.stderr
    assert result.stdout == asked(PLAYBOOKS / "minato", "--events", events, "--processes", "1").stdout


def test_two_policies_stand_side_by_side(apart: Path, tmp_path: Path) -> None:
    events, strict = apart / "events.jsonl", copytree(apart, tmp_path / "strict")
    text = (apart / "playbook.yaml").read_text("utf-8")
    assert "reply: {open_time: 3h}" in text
    (strict / "playbook.yaml").write_text(text.replace("reply: {open_time: 3h}", "reply: 1m"), "utf-8")
    told = said(apart, events, "--against", strict, "--until", "+2d", "--processes", "2")

    assert told["policy"] == said(apart, events, "--until", "+2d")
    assert told["against"] == said(strict, events, "--until", "+2d")
    assert told["policy"]["duties"] != told["against"]["duties"]
    words = asked(apart, "--events", events, "--against", strict, "--until", "+2d", "--processes", "1").stdout
    assert words.startswith("left: minimal, right: minimal")
    assert " | " in words.partition("duties")[2]


def test_events_that_cannot_be_read_are_a_matter_of_usage(tmp_path: Path) -> None:
    result = asked(PLAYBOOKS / "minimal", "--events", tmp_path / "nowhere.jsonl")
    assert "name a file of events" in str(result.exception)


@RECORDED
@pytest.mark.parametrize("name", ["minimal", "airline"])
def test_first_replies_come_when_the_record_says_to_the_second(name: str) -> None:
    outcomes = list(take_in_body((DATA / "twcs_threads.open.jsonl").read_bytes(), Sender(may_send=MESSAGES | PEOPLE)))
    asking = Replaying(PLAYBOOKS / name, loaded_for_replay, Replayed)
    found = replay([asking], outcomes, 1, lambda _: None, lambda _: None)[0]
    opened = {one.opened_by.rpartition("#")[2]: one for one in found.waiting.values()}
    recorded = [json.loads(row) for row in (DATA / "latency.open.jsonl").read_text("utf-8").splitlines()]
    first = [row for row in recorded if row["dataset"] == "twcs" and row["first_contact"]]

    assert len(first) == 601
    after = [opened[row["inbound_id"]].human for row in first]
    assert [ms is not None and ms // 1000 for ms in after] == [row["latency_s"] for row in first]


@RECORDED
@pytest.mark.parametrize("name", ["twcs_threads", "ibm_care"])
def test_recorded_conversations_give_the_same_bytes_in_one_process_and_in_two(name: str, apart: Path) -> None:
    words = (apart, "--events", DATA / f"{name}.open.jsonl", "--until", "+2d", "--format", "json", "--processes")

    assert asked(*words, "1").stdout == asked(*words, "2").stdout


def test_a_report_is_one_page_of_what_the_replay_counted(tmp_path: Path) -> None:
    events, page = PLAYBOOKS / "minato" / "events.jsonl", tmp_path / "report.html"
    words = ("report", PLAYBOOKS / "minato", "--events", events, "--until", "+2d", "--output", page)
    result = CliRunner().invoke(playbook, [*map(str, words), "--processes", "1"])
    told = said(PLAYBOOKS / "minato", events, "--until", "+2d")["first_replies"]["human"]["all"]["all"]

    assert (result.exit_code, result.stderr) == (0, f"wrote {page}\n")
    assert f"<b>{told['asked']}</b>incidents that asked for a reply" in page.read_text("utf-8")
    assert f"<b>{100 * told['within_1h'] / told['asked']:.1f} %</b>by a person within 1 h" in page.read_text("utf-8")


def test_a_report_that_cannot_be_written_is_a_matter_of_usage(tmp_path: Path) -> None:
    events = PLAYBOOKS / "minimal" / "events.jsonl"
    words = ("report", PLAYBOOKS / "minimal", "--events", events, "--output", tmp_path / "missing" / "report.html")
    result = CliRunner().invoke(playbook, [*map(str, words), "--quiet"])

    assert isinstance(result.exception, UsageError)
    assert "name another file" in str(result.exception)
