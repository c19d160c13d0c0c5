"""Examples of the language page: fragments laid over its first playbook, and what the engine makes of them."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import chdir, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner
from overlay import lay_over

from playbook_engine.cli.main import playbook
from playbook_engine.decide.deadlines import due
from playbook_engine.policy.calendars import load_zone
from playbook_engine.policy.fold import fold
from playbook_engine.policy.holidays import LOCK_FILE, HolidayLock, read_lock
from playbook_engine.policy.operators import OPERATORS
from playbook_engine.policy.policy import FactType, Policy
from playbook_engine.runtime.playbooks import Loaded, load_texts
from playbook_engine.text.excerpt import excerpt
from playbook_engine.text.read import read

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "playbook-language.md"
TESTING = ROOT / "docs" / "testing.md"

_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SUM = re.compile(r"^[\d,]+ messages of customers", re.MULTILINE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_playbook() -> str:
    """The playbook at the top of the language page, over which every fragment is laid."""
    found = _BLOCK.search(PAGE.read_text("utf-8"))
    assert found is not None
    return found[1]


def laid_over(fragment: str) -> dict[str, bytes]:
    """The files of a playbook: the fragment laid over the first playbook of the language page."""
    return lay_over(first_playbook(), fragment)


def locked() -> HolidayLock:
    """The holidays that the shipped playbook is locked with."""
    return read_lock(read({LOCK_FILE: (ROOT / "playbooks" / "minato" / LOCK_FILE).read_bytes()})[0])[0]


def loaded(fragment: str = "") -> Loaded:
    return load_texts(laid_over(fragment), locked())


def policy_of(fragment: str = "") -> Policy:
    found = loaded(fragment)
    assert found.policy is not None, found.problems
    return found.policy


def refused(fragment: str) -> str:
    """The fragment, and what is said of it."""
    found = loaded(fragment.strip() + "\n")
    assert found.problems, f"this is not refused: {fragment}"
    said = "\n".join(excerpt(problem, found.document.lines) for problem in found.problems)
    return f"```yaml refused\n{fragment.strip()}\n```\n```text\n{said}\n```\n"


def deadlines(department: str, rows: Iterable[tuple[str, str]], fragment: str = "") -> str:
    """When a reply is due: rows of the deadline as it is written and the local time at which the customer writes."""
    lines = ["| `reply:` | the customer writes | due |", "|---|---|---|"]
    for written, at in rows:
        target = f"targets:\n  - {{id: shown, when: always, reply: {written}}}\n"
        policy = policy_of(fragment + target)
        found = policy.departments[department]
        zone = load_zone(policy.calendars[found.calendar].hours.zone)
        since = datetime.fromisoformat(at).replace(tzinfo=zone)
        deadline = due(
            policy, found, policy.targets[0].deadlines["reply"], (since - _EPOCH) // timedelta(milliseconds=1)
        )
        then = (_EPOCH + timedelta(milliseconds=deadline.at)).astimezone(zone)
        lines.append(f"| `{written}` | {_said(since)} | {_said(then)} |")
    return "\n".join(lines) + "\n"


def _said(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %H:%M}"


def searches(rows: Iterable[tuple[str, str, str]]) -> str:
    """Whether a search finds something: rows of operator, literal and text."""
    fact = FactType("text", "text")
    lines = ["| test | the customer writes | found |", "|---|---|---|"]
    for operator, literal, text in rows:
        found = OPERATORS[operator]
        holds = found.test(fold(text), found.prepare(literal, fact))
        lines.append(f"| `{operator}: {literal}` | {text} | {'yes' if holds else 'no'} |")
    return "\n".join(lines) + "\n"


def story(fragment: str, events: str, *options: str) -> str:
    """What `run --story` tells of events, one JSON object a line without what is the same in all of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in laid_over(fragment).items():
            (folder / file).write_bytes(content)
        same = {"channel": "x", "account": "suzuran"}
        written = [
            {"id": str(number), **same, **json.loads(line)} for number, line in enumerate(events.split("\n")) if line
        ]
        return told(folder, "".join(json.dumps(each) + "\n" for each in written), *options)


def told(folder: Path, events: str, *options: str) -> str:
    """The story of a dry run on the events' clock, as a block, without the sum at its end."""
    said = _run(folder, "--events", "-", "--story", *options, events=events)
    return f"```text\n{_SUM.split(said)[0].strip()}\n```\n"


def _run(folder: Path, *options: str, events: str = "") -> str:
    """What a dry run on the events' clock prints; whatever the environment says, without colour."""
    arguments = ["--no-color", "run", str(folder), "--clock", "events", "--dry-run", *options]
    done = CliRunner().invoke(playbook, arguments, input=events, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def decision(event: str) -> str:
    """The record of one event of the smallest shipped playbook; what depends on the machine is left out."""
    folder = ROOT / "playbooks" / "minimal"
    lines = _run(folder, "--events", str(folder / "events.jsonl"), "--decisions", "-").splitlines()
    found = next(each for each in map(json.loads, lines) if each["event"].endswith(f"#{event}"))
    for name in ("state", "policy", "engine"):
        found[name] = "…"
    return f"```json\n{json.dumps(found, ensure_ascii=False, indent=2)}\n```\n"


def explained(name: str, event: str, *options: str) -> str:
    """What `explain` prints of one event of a shipped playbook, by its id."""
    lines = (ROOT / "playbooks" / name / "events.jsonl").read_text("utf-8").splitlines()
    (line,) = (line for line in lines if json.loads(line)["id"] == event)
    command = ["explain", f"playbooks/{name}", "--event", "-", "--lang", "en", *options]
    with chdir(ROOT):
        done = CliRunner().invoke(playbook, command, input=line, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return f"```text\n{done.stdout}```\n"


def shipped_story(name: str, *events: str) -> str:
    """What `run --story` tells of some events of a shipped playbook, by their ids."""
    folder = ROOT / "playbooks" / name
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    return told(folder, "".join(f"{line}\n" for line in lines if json.loads(line)["id"] in events))


def proved(fragment: str, *options: str) -> str:
    """What `prove` prints of a fragment laid over the first playbook of the language page, with its holidays locked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in laid_over(fragment).items():
            (folder / file).write_bytes(content)
        (folder / LOCK_FILE).write_bytes((ROOT / "playbooks" / "minato" / LOCK_FILE).read_bytes())
        arguments = ["--no-color", "prove", str(folder), "--since", "2026-03-01", *options]
        done = CliRunner().invoke(playbook, arguments, catch_exceptions=False)
    shown = done.stdout.replace(f"{name}/", "").strip()
    return f"```text\n{shown}\n```\n"


def compared(fragment: str, *options: str) -> str:
    """What `diff` prints of a fragment laid over the first playbook of the language page."""
    with tempfile.TemporaryDirectory() as name:
        for side, laid in (("old", ""), ("new", fragment)):
            folder = Path(name) / side
            folder.mkdir()
            for file, content in laid_over(laid).items():
                (folder / file).write_bytes(content)
            (folder / LOCK_FILE).write_bytes((ROOT / "playbooks" / "minato" / LOCK_FILE).read_bytes())
        arguments = ["--no-color", "diff", f"{name}/old", f"{name}/new", "--since", "2026-03-01", *options]
        done = CliRunner().invoke(playbook, arguments, catch_exceptions=False)
    shown = done.stdout.replace(f"{name}/", "").strip()
    return f"```text\n{shown}\n```\n"


def finding() -> str:
    """What `lint` says of a route that leads nowhere, without the count at its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in laid_over("route:\n  - {id: 返金, when: {channel: email}, to: cera}\n").items():
            (folder / file).write_bytes(content)
        arguments = ["--no-color", "lint", str(folder), "--only", "PB104"]
        done = CliRunner().invoke(playbook, arguments, catch_exceptions=False)
    shown, _, _ = done.stdout.replace(f"{name}/", "").rpartition("\n\n")
    return f"```text\n{shown}\n```\n"


def tested(name: str) -> str:
    """What `playbook test` prints of a file of the page on tests, without its last line, which tells the time."""
    return _fenced(_test(name)[:-1])


def covered(name: str) -> str:
    """What `playbook test --coverage` says of coverage by a file of the page on tests: the sums and the first list."""
    lines = _test(name, "--coverage")
    begins = next(n for n, line in enumerate(lines) if line.startswith("coverage of"))
    lists = [n for n, line in enumerate(lines) if line.endswith(" not covered:")]
    return _fenced([*lines[begins : lists[1]], "  …"])


def _test(name: str, *options: str) -> list[str]:
    """The lines that `playbook test` prints of a file of the page on tests."""
    found = re.search(
        rf"^```yaml file={re.escape(name)}\n(.*?)^```$", TESTING.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("playbooks").symlink_to(ROOT / "playbooks")
        Path(name).write_text(found[1], "utf-8")
        command = [sys.executable, "-m", "playbook_engine", "--no-color", "test", name, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.replace(f"{ROOT}/", "").rstrip().split("\n")


def _fenced(lines: Iterable[str]) -> str:
    return "```text\n" + "\n".join(line.rstrip() for line in lines) + "\n```\n"


def forged(was: str, now: str) -> str:
    """What `audit verify` says of the shipped story after a word of a customer was changed behind our back."""
    with _kept() as store:
        with closing(sqlite3.connect(store)) as db, db:
            db.execute("UPDATE events SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB)", (was, now))
        return _told(["audit", "verify", "forged.db"], store, "forged.db")


def forgotten(person: str) -> str:
    """What `forget` says, and `audit verify` after it."""
    with _kept() as store:
        said = _told(["forget", person, "--store", "kept.db"], store, "kept.db")
        return said + _told(["audit", "verify", "kept.db"], store, "kept.db")


@contextmanager
def _kept() -> Iterator[str]:
    """A file with the story of the smallest shipped playbook."""
    with tempfile.TemporaryDirectory() as folder:
        store, minimal = f"{folder}/kept.db", ROOT / "playbooks" / "minimal"
        words = ["--events", f"{minimal}/events.jsonl", "--clock", "events", "--until", "+2d", "--dry-run", "--quiet"]
        done = CliRunner().invoke(playbook, ["run", str(minimal), *words, "--store", f"sqlite:{store}"])
        assert done.exit_code == 0, done.output
        yield store


def _told(words: list[str], store: str, name: str) -> str:
    """A command's words and output; what differs from one release to the next is left out."""
    done = CliRunner().invoke(playbook, [store if word == name else word for word in words])
    lines = [line for line in done.output.replace(store, name).splitlines() if not line.startswith("engine")]
    shown = re.sub("[0-9a-f]{64}", "…", "\n".join(lines))
    return f"```text\n$ playbook {' '.join(words)}\n{shown}\n```\n"
