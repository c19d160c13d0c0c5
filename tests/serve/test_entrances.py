"""Hooks and sources that cannot work are told before anything is served, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest

from playbook_engine.errors import PlaybookProblems
from playbook_engine.hookspecs import PluginSettings, Source
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.dispatcher import Recorder
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.incoming.outcomes import Sender
from playbook_engine.runtime.running import Listener
from playbook_engine.runtime.settings import Settings, read_settings
from playbook_engine.runtime.store import open_store
from playbook_engine.serve.entrances import Reading, entrances_of
from playbook_engine.serve.loop import Busy, Loop
from playbook_engine.serve.reading import Reader
from small_playbook import SMALL, policy_of

RUNNING = Path(__file__).parents[2] / "docs" / "running.md"


def settings(folder: Path, text: str) -> Settings:
    file = folder / "settings.yaml"
    file.write_text(text, "utf-8")
    return read_settings(file)


def faults(folder: Path, text: str, *, loopback: bool = True) -> list[tuple[int, str]]:
    try:
        entrances_of(settings(folder, text), {}, loopback=loopback)
    except PlaybookProblems as found:
        return [(each.span.line, each.code) for each in found.problems]
    return []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{path: /a}", "unsigned-hook"),
        ("{path: /healthz, unsigned: true}", "path-twice"),
        ("{path: /a, unsigned: true, map: slakc}", "unknown-mapping"),
        ('{path: /a, signed: {as: line, secret: "${env:NOT_THERE_AT_ALL}"}}', "secret-reference"),
        ('{path: /a, signed: {as: line, secret: ""}}', "empty-secret"),
    ],
)
def test_a_hook_that_cannot_work_is_told_at_its_line(tmp_path: Path, row: str, code: str) -> None:
    assert faults(tmp_path, f"hooks:\n  - {row}\n") == [(2, code)]


def test_a_hook_that_anybody_may_call_is_for_this_machine_alone(tmp_path: Path) -> None:
    text = "hooks:\n  - {path: /a, unsigned: true}\n"
    assert faults(tmp_path, text) == []
    assert faults(tmp_path, text, loopback=False) == [(2, "unsigned-hook")]


@pytest.mark.parametrize("row", ["{path: a}", "{path: /a, signed: {as: slck, secret: b}}", "{path: /a, from: anybody}"])
def test_a_row_that_is_no_hook_is_refused_when_the_file_is_read(tmp_path: Path, row: str) -> None:
    with pytest.raises(PlaybookProblems):
        settings(tmp_path, f"hooks:\n  - {row}\n")


def test_a_source_that_no_plugin_offers_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, "sources:\n  - {source: acme-fax}\n") == [(2, "unknown-source")]


def test_the_hooks_that_the_page_shows_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"^```yaml file=hooks.yaml\n(.*?)^```$", RUNNING.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    monkeypatch.setenv("SLACK_SECRET", "a")
    monkeypatch.setenv("CRM_TOKEN", "b")
    (tmp_path / "people-token").write_text("c")
    fax = Source("acme-fax", lambda settings: ())
    entrances = entrances_of(settings(tmp_path, found[1]), {"acme-fax": fax}, loopback=False)
    assert [(hook.path, hook.style, hook.secret) for hook in entrances.hooks] == [
        ("/slack", "slack", "a"),
        ("/events", "bearer", "b"),
        ("/people", "bearer", "c"),
    ]
    assert [(each.every, each.settings.text("inbox")) for each in entrances.readings] == [(30_000, "/var/fax")]


def test_a_source_is_read_again_after_its_end_and_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playbook_engine.serve.reading.FIRST_REST", 0.01)
    asked: list[int] = []

    def read(_: PluginSettings) -> Iterator[bytes]:
        asked.append(len(asked))
        yield b'{"id": "f%d", "channel": "x", "text": "hello", "author": {"handle": "ivy"}}' % len(asked)
        if len(asked) == 1:
            raise ConnectionError
        if len(asked) >= 3:
            stopped.set()

    stopped = Signal()
    with closing(open_store("memory:")) as store:
        clock = SystemClock()
        policy = policy_of(SMALL)
        engine = Engine(policy, store, Recorder(), clock)
        loop = Loop(engine, Door(Terms.of(policy), store, clock, wake=engine.wake), Listener())
        thread = Thread(target=loop.run)
        thread.start()
        reading = Reading(Source("fax", read), PluginSettings(), Sender(), every=10)
        Reader(reading, loop, stopped).start()
        assert stopped.wait(20)
        loop.stop()
        thread.join()
        assert [event.id for event in store.events() if event.type == "message.received"] == ["f1", "f2", "f3"]
        with pytest.raises(Busy):
            loop.hand_in([])
