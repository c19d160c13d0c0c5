"""The whole way, for real: a playbook from `init`, an event from a file, a mail at a mail server."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from outside import mail_server
from playbook_engine.cli.main import playbook

SETTINGS = """
carry:
  - {{action: send, channel: email, by: email}}
  - {{action: notify, channel: email, by: email}}
plugins:
  email: {{host: 127.0.0.1, port: {port}, from: help@example.com}}
"""


def test_an_event_from_a_file_becomes_a_mail_and_is_not_sent_again(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    ask = CliRunner().invoke
    assert ask(playbook, ["init", str(folder), "--lang", "en"]).exit_code == 0
    with mail_server() as server:
        settings = tmp_path / "settings.yaml"
        settings.write_text(SETTINGS.format(port=server.port))
        words = ["run", str(folder), "--events", str(folder / "events.jsonl"), "--clock", "events"]
        words += ["--store", f"sqlite:{tmp_path}/shop.db", "--settings", str(settings), "--format", "json"]
        first, second = ask(playbook, words), ask(playbook, words)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert json.loads(first.stdout)["carried_by"] == {"email": 3}
    assert json.loads(second.stdout)["duplicates"] == 3
    assert sorted(mail["To"] for mail in server.messages) == ["ada@example.org", "ben@example.org", "desk@example.com"]
