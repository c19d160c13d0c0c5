"""`playbook audit`: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from audited import MINIMAL, call


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The store of a story, with its anchors beside it."""
    path = tmp_path / "kept.db"
    events = ["--events", MINIMAL / "events.jsonl", "--clock", "events", "--until", "+2d", "--quiet"]
    result = call("run", MINIMAL, *events, "--store", f"sqlite:{path}", "--dry-run", "--anchor", tmp_path / "anchors")
    assert result.exit_code == 0, result.output
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def test_a_record_in_order_is_said_to_be_with_exit_code_0(ran: Path) -> None:
    result = call("audit", "verify", ran, "--anchor", ran.parent / "anchors")

    assert result.exit_code == 0
    assert "8 incidents, 43 records, 34 events" in result.output
    assert "43 decisions made again, each the same to the byte" in result.output
    assert "no noted hash was given" not in result.output


def test_what_differs_first_is_named_with_exit_code_1(ran: Path) -> None:
    change(ran, "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), 'jasmine', 'bergamo') AS BLOB)")
    result = call("audit", "verify", ran)

    assert result.exit_code == 1
    (first,) = (line for line in result.output.splitlines() if line.startswith("DIFFERENT"))
    assert first.endswith("`plain:x/lanterntea#l01`: is not found under its own ids [event-index]")
    assert "record 1, `plain:x/lanterntea#l01`: the event is not the one that was decided" in result.output


def test_an_end_that_was_cut_off_is_found_by_the_anchors(ran: Path) -> None:
    last = (ran.parent / "anchors").read_text().split()[-1]
    change(
        ran,
        "DELETE FROM seals WHERE n = (SELECT max(n) FROM seals)",
        "DELETE FROM outbox WHERE incident = (SELECT incident FROM records ORDER BY at DESC LIMIT 1)",
    )
    assert call("audit", "verify", ran, "--holds", last).exit_code == 1
    result = call("audit", "verify", ran, "--anchor", ran.parent / "anchors", "--format", "json")

    assert result.exit_code == 1
    assert f"{last} was noted elsewhere and is no longer here" in [
        each["sentence"] for each in json.loads(result.output)["differences"]
    ]


def test_without_the_policys_text_the_exit_code_is_5(ran: Path) -> None:
    change(ran, "UPDATE policies SET text = ''")
    result = call("audit", "verify", ran)

    assert (result.exit_code, "the store keeps no text of the policy" in result.output) == (5, True)


def test_a_store_in_which_nothing_was_decided_gives_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("")
    place = ["--store", f"sqlite:{tmp_path / 'e.db'}"]
    call("run", MINIMAL, "--events", tmp_path / "none.jsonl", "--clock", "events", "--dry-run", *place)

    assert call("audit", "verify", tmp_path / "e.db").exit_code == 4
    assert call("audit", "seal", tmp_path / "e.db").output == "nothing has been recorded yet\n"
    assert call("audit", "show", tmp_path / "e.db").output == "nothing has been recorded yet\n"


def test_a_store_or_bundle_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for words in (["verify", tmp_path / "x.db"], ["seal", f"sqlite:{tmp_path / 'x.db'}"], ["verify", "memory:"]):
        result = call("audit", *words)
        assert "is not there" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("choice", [[], ["--without-personal"]])
def test_a_bundle_is_verified_without_the_store(ran: Path, choice: list[str]) -> None:
    bundle = ran.parent / "record.zip"
    assert call("audit", "export", ran, "--out", bundle, *choice).exit_code == 0
    ran.unlink()
    result = call("audit", "verify", bundle, "--anchor", ran.parent / "anchors")

    assert (result.exit_code, "43 records" in result.output) == (0, True)
    again = "43 made again from what the record says was read" in result.output
    assert again == bool(choice)


def test_a_bundle_that_was_damaged_is_refused_or_differs(ran: Path) -> None:
    bundle = ran.parent / "record.zip"
    call("audit", "export", ran, "--out", bundle)
    content = bundle.read_bytes()
    bundle.write_bytes(content[:-1])
    assert "this is no bundle, or it was damaged" in str(call("audit", "verify", bundle).exception)
    bundle.write_bytes(content + b"\n")
    assert call("audit", "verify", bundle).exit_code == 1


def test_one_incident_is_exported_with_proofs(ran: Path) -> None:
    shown = json.loads(call("audit", "show", ran, "--format", "json").output)
    incident = shown[0]["incident"]
    bundle = ran.parent / "one.zip"
    call("audit", "export", ran, "--out", bundle, "--incident", incident)
    result = call("audit", "verify", bundle)

    assert (result.exit_code, "1 incident," in result.output) == (0, True)
    assert "nothing was decided in an incident" in str(
        call("audit", "export", ran, "--out", bundle, "--incident", "no").exception
    )


def test_sealing_by_hand_seals_the_rest_and_notes_it(tmp_path: Path, ran: Path) -> None:
    change(ran, "DELETE FROM seals WHERE n = (SELECT max(n) FROM seals)")
    first = call("audit", "seal", ran, "--anchor", tmp_path / "mine").output
    again = call("audit", "seal", ran, "--anchor", tmp_path / "mine").output

    assert first == again
    assert (tmp_path / "mine").read_text() == first
    assert call("audit", "verify", ran, "--holds", first.split()[-1]).exit_code == 0


def test_real_runs_salt_with_secrets_that_nobody_can_derive(tmp_path: Path) -> None:
    secrets = []
    for name in ("a.db", "b.db"):
        words = ["--events", MINIMAL / "events.jsonl", "--clock", "events", "--quiet"]
        call("run", MINIMAL, *words, "--store", f"sqlite:{tmp_path / name}")
        with closing(sqlite3.connect(tmp_path / name)) as db:
            secrets.append(db.execute("SELECT secret FROM secrets ORDER BY incident").fetchall())

    assert len({*secrets[0], *secrets[1]}) == 2 * len(secrets[0]) > 2
