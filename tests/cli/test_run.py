"""`playbook run` from the outside: what it counts, what it sets aside, and that it always says the same."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.errors import UsageError
from playbook_engine.model.event import ENGINE_TYPES

ROOT = Path(__file__).parents[2]
PLAYBOOKS = ROOT / "playbooks"
DATA = ROOT.parent / "shared" / "data"
SHIPPED = ("minimal", "airline", "minato")

GOOD: dict[str, Any] = {
    "id": "g1",
    "channel": "x",
    "account": "leafandpot",
    "author": {"handle": "robin"},
    "text": "The tin was empty.",
    "lang": "en",
    "created_at": "2026-06-12T10:00:00+01:00",
}


def run(*words: str | Path, input: bytes | None = None) -> Result:
    return CliRunner().invoke(playbook, ["run", *map(str, words)], input=input)


def dry(name: str, events: str | Path, *words: str | Path, input: bytes | None = None) -> Result:
    asked = (PLAYBOOKS / name, "--events", events, "--clock", "events", "--dry-run", "--quiet", *words)
    return run(*asked, input=input)


def summary(result: Result) -> dict[str, Any]:
    summed = json.loads(result.stdout)
    assert isinstance(summed, dict)
    return summed


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_story_runs_with_nothing_set_aside(name: str) -> None:
    result = dry(name, PLAYBOOKS / name / "events.jsonl", "--until", "+2d", "--format", "json")

    assert result.exit_code == 0
    assert summary(result)["set_aside"] == {}
    assert summary(result)["incidents"] > 4


@pytest.mark.parametrize("name", SHIPPED)
def test_every_line_of_a_story_is_found_again_in_the_sum(name: str) -> None:
    events = PLAYBOOKS / name / "events.jsonl"
    wrong = line(type="mode.switched", by="nobody", mode="none", on=True, channel=None, account=None, author=None)
    content = events.read_bytes() + wrong
    summed = summary(dry(name, "-", "--format", "json", input=content))
    taken = sum(count for type, count in summed["events"].items() if type not in ENGINE_TYPES)

    assert summed["set_aside"] == {"not-switched": 1}
    assert taken + 1 == content.count(b"\n")


@pytest.mark.parametrize("name", ["airline", "minato"])
def test_the_bigger_stories_hold_a_storm_that_comes_and_goes(name: str) -> None:
    events = summary(dry(name, PLAYBOOKS / name / "events.jsonl", "--until", "+2d", "--format", "json"))["events"]

    assert (events["mode.started"], events["mode.ended"]) == (1, 1)


def test_the_retailers_story_gives_a_coupon_within_what_may_be_spent() -> None:
    summed = summary(dry("minato", PLAYBOOKS / "minato" / "events.jsonl", "--format", "json"))

    assert summed["deliveries"]["coupon"] == {"asked for": 1, "delivered": 1}
    assert summed["deliveries"]["lookup"]["delivered"] == 1


@pytest.mark.parametrize("name", SHIPPED)
def test_the_same_events_give_the_same_decisions_in_any_batch_and_store(name: str, tmp_path: Path) -> None:
    told = []
    for number, store in enumerate(("memory:", "memory:", f"sqlite:{tmp_path}/a.db", f"sqlite:{tmp_path}/b.db")):
        place = tmp_path / f"{number}.jsonl"
        batch = ("1", "100", "7", "1000")[number]
        events = PLAYBOOKS / name / "events.jsonl"
        dry(name, events, "--until", "+2d", "--batch", batch, "--store", store, "--decisions", place)
        told.append(place.read_bytes())

    assert told[0].count(b"\n") > 40
    assert len(set(told)) == 1


@pytest.mark.parametrize("name", SHIPPED)
def test_a_run_that_was_cut_goes_on_where_it_stopped(name: str, tmp_path: Path) -> None:
    events = (PLAYBOOKS / name / "events.jsonl").read_bytes().splitlines(keepends=True)
    half = tmp_path / "half.jsonl"
    half.write_bytes(b"".join(events[: len(events) // 2]))
    whole, first, rest = (tmp_path / f"{part}.out" for part in ("whole", "first", "rest"))
    store = f"sqlite:{tmp_path}/store.db"
    dry(name, PLAYBOOKS / name / "events.jsonl", "--decisions", whole)
    dry(name, half, "--decisions", first, "--store", store)
    again = dry(name, PLAYBOOKS / name / "events.jsonl", "--decisions", rest, "--store", store, "--format", "json")

    assert summary(again)["duplicates"] == len(events) // 2
    assert first.read_bytes() + rest.read_bytes() == whole.read_bytes()


def test_a_run_that_was_killed_and_repeated_leaves_the_decisions_of_one_run(tmp_path: Path) -> None:
    events = PLAYBOOKS / "minato" / "events.jsonl"
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    dry("minato", events, "--decisions", whole)
    asked = ("run", PLAYBOOKS / "minato", "--events", events, "--clock", "events", "--dry-run", "--batch", "1")
    words = [*asked, "--store", f"sqlite:{tmp_path}/store.db", "--decisions", cut]
    command = [sys.executable, "-c", "from playbook_engine.cli.main import main; main()", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not (cut.is_file() and cut.read_bytes()):
            time.sleep(0.001)
        process.kill()

    assert process.returncode == -signal.SIGKILL
    assert 0 < len(cut.read_bytes()) < len(whole.read_bytes())
    with cut.open("ab") as file:
        file.write(b'{"incident":"a line that was cut o')
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert cut.read_bytes() == whole.read_bytes()


def test_decisions_of_another_store_give_way_to_those_of_this_run(tmp_path: Path) -> None:
    place, fresh = tmp_path / "decisions.jsonl", tmp_path / "fresh.jsonl"
    dry("minato", PLAYBOOKS / "minato" / "events.jsonl", "--decisions", place)
    for file in (place, fresh):
        dry("minimal", PLAYBOOKS / "minimal" / "events.jsonl", "--decisions", file)
    assert place.read_bytes() == fresh.read_bytes()


@pytest.mark.parametrize("place", ["missing/decisions.jsonl", "."])
def test_decisions_that_cannot_be_written_are_a_matter_of_usage(place: str, tmp_path: Path) -> None:
    result = dry("minimal", "-", "--decisions", tmp_path / place, input=line())
    assert isinstance(result.exception, UsageError)
    assert "name another file" in str(result.exception)


def line(**fields: Any) -> bytes:
    return json.dumps({**GOOD, **fields}).encode() + b"\n"


BAD: dict[str, tuple[bytes, str]] = {
    "a broken line": (b'{"id": "b1", "text": \n', "not-json"),
    "no object": (b'"hello"\n', "not-an-object"),
    "an unknown type": (line(id="b2", type="message.liked"), "unknown-type"),
    "a missing field": (json.dumps({"id": "b3", "text": "hi"}).encode() + b"\n", "missing-field"),
    "a forged timer": (line(id="b4", type="timer.due"), "forged"),
    "a forged outcome": (line(id="b5", type="action.delivered"), "forged"),
    "an unknown channel": (line(id="b6", channel="telegraph"), "unknown-channel"),
    "a time without an instant": (line(id="b7", created_at="yesterday"), "bad-time"),
    "a time beyond all calendars": (line(id="b9", created_at="9999-12-31T23:59:59Z"), "bad-time"),
    "bytes that are no text": (b'{"id": "\xff\xfe"}\n', "not-utf-8"),
    "an id used for something else": (line(text="Another text."), "id-reused"),
    "deep nesting": (b'{"id": "b8", "a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}\n", "too-deep"),
    "people's words about nothing known": (
        b'{"type": "incident.resolved", "incident": "nope", "by": "ruth", "created_at": "2026-06-12T11:00:00Z"}\n',
        "no-such-incident",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_set_aside_with_its_reason_and_the_run_goes_on(case: str, tmp_path: Path) -> None:
    bad, reason = BAD[case]
    events = tmp_path / "events.jsonl"
    events.write_bytes(line() + bad + line(id="g2", author={"handle": "ash"}, conversation_id="other"))
    result = dry("minimal", events, "--format", "json")

    assert result.exit_code == 1
    assert summary(result)["set_aside"] == {reason: 1}
    assert summary(result)["incidents"] == 2


ODD: dict[str, bytes] = {
    "a text of a megabyte": line(id="o1", text="cold " * 200_000),
    "lone surrogates": line(id="o2", text="\ud800 broken \udfff"),
    "control and bidi characters": line(id="o3", text="\x00\x07\u202eevil\u2066", author={"handle": "\u202ecora"}),
    "ten thousand mentions": line(id="o4", text="@leafandpot " * 10_000),
    "a time in the future": line(id="o5", created_at="2031-01-01T00:00:00Z"),
    "the last time of all": line(id="o9", created_at="2999-12-31T23:59:59Z"),
    "a time long past": line(id="o6", created_at="1999-01-01T00:00:00Z"),
    "a picture without a word": line(id="o7", text="", attachments=1),
    "no author": line(id="o8", author={}),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_merely_odd_is_decided(case: str, tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(line() + ODD[case] + line(id="g2", author={"handle": "ash"}, conversation_id="other"))
    result = dry("minimal", events, "--format", "json")

    assert result.exit_code == 0
    assert summary(result)["events"]["message.received"] == 3
    assert not [reason for reason in summary(result)["undecided"] if "could not be decided" in reason]


def test_a_repetition_is_counted_and_changes_nothing(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(line() * 3)
    result = dry("minimal", events, "--format", "json")

    assert result.exit_code == 0
    assert (summary(result)["duplicates"], summary(result)["events"]["message.received"]) == (2, 1)


def test_the_story_says_which_account_fell_silent(tmp_path: Path) -> None:
    events = PLAYBOOKS / "minimal" / "events.jsonl"
    told = run(PLAYBOOKS / "minimal", "--events", events, "--clock", "events", "--until", "+2d", "--dry-run", "--story")

    assert "nothing comes from email:hello@lanterntea.example" in told.stdout
    assert "none in force" not in told.stdout


def test_one_of_anything_is_not_counted_in_the_plural() -> None:
    told = run(PLAYBOOKS / "minimal", "--events", "-", "--clock", "events", "--dry-run", "--quiet", input=line())

    assert "1 message of customers" in told.stdout
    assert "1 incident, 0 reopened" in told.stdout


def test_a_mode_that_counting_started_is_no_act_of_a_person() -> None:
    events = PLAYBOOKS / "minato" / "events.jsonl"
    acts = sum(
        json.loads(row).get("type", "").startswith(("incident.", "remedy.")) for row in events.read_bytes().splitlines()
    )
    assert f" {acts} acts of people" in dry("minato", events).stdout


def test_standard_input_is_read_like_a_file() -> None:
    result = dry("minimal", "-", "--format", "json", input=line())

    assert summary(result)["incidents"] == 1


def test_a_breach_makes_the_exit_code_one_only_where_asked_for(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(line())

    assert dry("minimal", events, "--until", "+2d").exit_code == 0
    assert dry("minimal", events, "--until", "+2d", "--fail-on", "breach").exit_code == 1


@pytest.mark.skipif(not DATA.is_dir(), reason="the recorded conversations are not here")
@pytest.mark.parametrize("name", ["twcs_threads", "ja_asdc", "ibm_care"])
def test_recorded_conversations_run_through_and_every_message_is_decided(name: str, tmp_path: Path) -> None:
    events = DATA / f"{name}.open.jsonl"
    customers = sum(json.loads(row)["inbound"] for row in events.read_text("utf-8").splitlines())
    result = dry("airline", events, "--format", "json", "--decisions", tmp_path / "decisions.jsonl")

    assert result.exit_code == 0
    assert summary(result)["set_aside"] == {}
    assert summary(result)["events"]["message.received"] == customers
    if name == "twcs_threads":
        check_first_replies(tmp_path / "decisions.jsonl")


def check_first_replies(decisions: Path) -> None:
    """The first reply by a person came exactly when the record says, to the second."""
    opened: dict[str, str] = {}
    replied: dict[str, int] = {}
    for row in decisions.read_text("utf-8").splitlines():
        decision = json.loads(row)
        for note in decision.get("notes", ()):
            if note["kind"] == "incident-opened":
                opened[decision["event"].rpartition("#")[2]] = decision["incident"]
            elif note["kind"] == "first-reply" and note["by"] != "automatic":
                replied[decision["incident"]] = note.get("after", 0)
    recorded = [json.loads(row) for row in (DATA / "latency.open.jsonl").read_text("utf-8").splitlines()]
    first = [row for row in recorded if row["dataset"] == "twcs" and row["first_contact"]]

    assert len(first) == 601
    assert [replied[opened[row["inbound_id"]]] // 1000 for row in first] == [row["latency_s"] for row in first]
