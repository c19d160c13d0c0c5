"""`playbook explain` from the outside: what it prints in both languages, of the past, and of bad input."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.explain_words import FATES, LANGUAGES, WORDS, say_fate
from playbook_engine.cli.main import playbook
from playbook_engine.errors import PlaybookError
from playbook_engine.explain.why import OUTCOMES
from playbook_engine.runtime.store import open_store
from story import PLAYBOOK

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "explain"

RULES = """
rules:
  loud: {when: {public: true, author.followers: {gte: 1000}}, do: [{notify: {to: eve, text: Loud}}]}
  later: {event: message.sent, after: 1h, when: {incident.stage: waiting}, do: [{send: still-there}]}
limits:
  - {id: few, of: send, per: author, max: 3, in: 10m, then: hold}
"""

SAID: dict[str, dict[str, Any]] = {
    "en": {
        "id": "e1",
        "channel": "x",
        "account": "shop",
        "author": {"handle": "robin", "followers": 990},
        "text": "It is\nbroken, is it not?",
        "created_at": "2026-03-02T10:00:00Z",
    },
    "ja": {
        "id": "e2",
        "channel": "x",
        "account": "shop",
        "public": False,
        "author": {"handle": "hana", "name": "花"},
        "text": "broken でした。injured です。",
        "lang": "ja",
        "created_at": "2026-03-02T18:30:00Z",
    },
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with the playbook `shop.yaml`, one event in each language, and a store `shop.db`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(PLAYBOOK + RULES, "utf-8")
    for language, event in SAID.items():
        (tmp_path / f"{language}.json").write_text(json.dumps(event), "utf-8")
    return tmp_path


def explain(*words: str | Path, input: str | None = None, env: dict[str, str] | None = None) -> Result:
    return CliRunner(env=env).invoke(playbook, ["explain", *map(str, words)], input=input)


def said(*words: str | Path) -> dict[str, Any]:
    result = explain(*words, "--format", "json")
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def run(*words: str | Path, events: str) -> None:
    options = ("--clock", "events", "--until", "+1d", "--dry-run", "--quiet", "--store", "sqlite:shop.db")
    result = CliRunner().invoke(playbook, ["run", *map(str, words), "--events", "-", *options], input=events)
    assert result.exit_code == 0, result.output


def lines() -> str:
    return "".join(json.dumps(event) + "\n" for event in SAID.values())


def steady(text: str) -> str:
    """Without what another release of the engine or of its actions changes: digests."""
    return re.sub(r"(policy|ポリシー) [0-9a-f]{12}", r"\1 ············", text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("told", LANGUAGES)
def test_what_is_printed_is_what_was_agreed(told: str, lang: str, shop: Path) -> None:
    result = explain("shop.yaml", "--event", f"{told}.json", "--why-not", "rest", "--lang", lang)

    assert result.exit_code == 0
    assert steady(result.stdout) == (CASES / f"{told}-in-{lang}.txt").read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_ignored_message_is_told_with_its_reason(lang: str, shop: Path) -> None:
    event = json.dumps({**SAID["en"], "automatic": True})
    result = explain("shop.yaml", "--event", "-", "--why-not", "later", "--lang", lang, input=event)

    assert steady(result.stdout) == (CASES / f"ignored-in-{lang}.txt").read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_incident_of_the_past_is_told_with_its_decisions(lang: str, shop: Path) -> None:
    run("shop.yaml", events=lines())
    incident = said("shop.yaml", "--store", "shop.db", "--decision", "plain:x/shop#e1")["incident"]
    result = explain("shop.yaml", "--store", "shop.db", "--incident", incident, "--horizon", "1h", "--lang", lang)

    assert result.exit_code == 0
    assert steady(result.stdout) == (CASES / f"past-in-{lang}.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("lang", "event", "decision"),
    [
        ("en", "EVENT     timer.due on x · ", "DECISION  no row decides it, but what the incident holds"),
        ("ja", "出来事    x の timer.due · ", "判定      決める行はなく、この案件の約束・送信・タイマーで決まる"),
    ],
)
def test_a_timer_is_nobodys_message_and_no_row_decides_it(lang: str, event: str, decision: str, shop: Path) -> None:
    run("shop.yaml", events=lines())
    incident = said("shop.yaml", "--store", "shop.db", "--decision", "plain:x/shop#e1")["incident"]
    listed = said("shop.yaml", "--store", "shop.db", "--incident", incident)["decisions"]
    timer = next(each["event"] for each in listed if each["type"] == "timer.due")
    result = explain("shop.yaml", "--store", "shop.db", "--decision", timer, "--lang", lang)

    assert result.exit_code == 0
    assert result.stdout.startswith(event)
    assert f"\n{decision}" in result.stdout


def test_every_phrase_is_used() -> None:
    folder = ROOT / "engine" / "playbook_engine" / "cli"
    used = "".join((folder / name).read_text("utf-8") for name in ("explained.py", "explain_words.py"))
    said_by_name = {*OUTCOMES, *FATES.values(), "all", "any", "reply", "apologise", "resolve", "rule"}

    assert [key for key in WORDS["en"] if key not in said_by_name and used.count(f'"{key}"') < 3] == []


def test_the_language_is_the_locales(shop: Path) -> None:
    ours = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "ja_JP.UTF-8"}

    assert explain("shop.yaml", "--event", "en.json", env=ours).stdout.startswith("出来事")
    assert explain("shop.yaml", "--event", "en.json", env={**ours, "LC_ALL": "de_DE.UTF-8"}).stdout.startswith("EVENT")
    assert explain("shop.yaml", "--event", "en.json", "--lang", "en", env=ours).stdout.startswith("EVENT")


def test_both_languages_say_everything() -> None:
    english, japanese = WORDS["en"], WORDS["ja"]

    assert set(english) == set(japanese)
    for key, text in english.items():
        assert set(re.findall(r"{(\w+)}", text)) >= set(re.findall(r"{(\w+)}", japanese[key])), key
    for outcome in OUTCOMES:
        for language in LANGUAGES:
            assert say_fate(language, outcome, instead="i", department="d", due="u")


def test_json_tells_every_row_with_its_tests(shop: Path) -> None:
    found = said("shop.yaml", "--event", "en.json", "--why-not", "rest")
    (decided,) = [row for row in found["rows"] if (row["section"], row["outcome"]) == ("respond", "decided")]

    assert found["because"]["respond"] == "fault"
    assert decided["tests"] == [
        {"test": "kind is fault", "fact": "kind", "value": "fault", "passed": True, "wanted": True}
    ]
    assert (decided["file"], decided["line"]) == ("shop.yaml", 50)
    assert [(row["section"], row["outcome"]) for row in found["why_not"]] == [
        ("route", "decided"),
        ("respond", "earlier"),
        ("targets", "decided"),
    ]
    assert {each["fact"] for each in found["what_if"]} >= {"kind"}
    assert [each["id"] for each in found["almost"]] == ["loud"]
    assert found["plan"][0]["kind"] == "incident-opened"


def test_json_does_not_repeat_what_the_customer_wrote(shop: Path) -> None:
    result = explain("shop.yaml", "--event", "en.json", "--format", "json")

    assert "is it not" not in result.stdout


def test_now_decides_at_another_time(shop: Path) -> None:
    found = said("shop.yaml", "--event", "en.json", "--now", "2026-03-02T20:00")

    assert found["now"] == 1_772_481_600_000
    assert found["facts"]["department.open"] is False


@pytest.mark.parametrize("name", ["minimal", "airline", "minato"])
def test_every_row_of_a_shipped_playbook_can_be_asked_after(name: str) -> None:
    folder = ROOT / "playbooks" / name
    first = (folder / "events.jsonl").read_text("utf-8").splitlines()[0]
    result = explain(folder, "--event", "-", "--format", "json", input=first)
    rows = {row["id"] for row in json.loads(result.stdout)["rows"]}

    assert len(rows) > 10
    for row in sorted(rows)[:: max(1, len(rows) // 8)]:
        asked = explain(folder, "--event", "-", "--why-not", row, "--lang", "ja", input=first)
        assert asked.exit_code == 0
        assert f"`{row}`" in asked.stdout.split("その行は")[-1] or row == "human_only"


def test_a_decision_under_a_policy_that_was_changed_since_is_made_under_the_one_of_then(shop: Path) -> None:
    run("shop.yaml", events=lines())
    before = said("shop.yaml", "--store", "shop.db", "--decision", "plain:x/shop#e1")
    (shop / "shop.yaml").write_text((PLAYBOOK + RULES).replace("reply: 1h,", "reply: 2h,"), "utf-8")
    after = said("shop.yaml", "--store", "shop.db", "--decision", "plain:x/shop#e1")

    assert after["past"]["same"] is True
    assert (after["policy"], after["plan"]) == (before["policy"], before["plan"])
    assert {row["file"] for row in after["rows"] if row["file"]} == {f"policy {before['policy'][:12]}"}


def test_a_decision_that_does_not_come_out_again_is_said_to_and_ends_with_five(shop: Path) -> None:
    run("shop.yaml", events=lines())
    digest = said("shop.yaml", "--store", "shop.db", "--decision", "plain:x/shop#e1")["policy"]
    with closing(open_store("sqlite:shop.db")) as store:
        store.put_policy(digest, "lost")
    (shop / "shop.yaml").write_text(
        (PLAYBOOK + RULES).replace("    when: {kind: fault}", "    when: {kind: praise}"), "utf-8"
    )
    result = explain("shop.yaml", "--store", "shop.db", "--decision", "plain:x/shop#e1", "--lang", "en")

    assert result.exit_code == 5
    assert "it is NOT what was recorded" in result.stdout
    assert "recorded: route rest, respond fault, targets rest; under policy" in result.stdout
    assert "cannot be made again from here; this playbook decided in its place" in result.stdout
    assert "response `rest`" in result.stdout


BAD = [
    (("--event", "gone.json"), "gone.json cannot be read: No such file or directory; name a file with one event"),
    (("--event", "bad.json"), "bad.json: line 1: it stops being JSON at `not json`; write one complete JSON object"),
    (("--event", "empty.json"), "empty.json: there is no event in it; write one as a JSON object"),
    (("--event", "en.json", "--why-not", "fautl"), "no row of the playbook is called `fautl`; did you mean `fault`?"),
    (
        ("--event", "en.json", "--why-not", "zzzzzz"),
        "no row of the playbook is called `zzzzzz`; there are asks, broken",
    ),
    (("--event", "en.json", "--why-not", "ann"), "`ann` is a person, not a row that decides; name a row, such as"),
    (("--event", "en.json", "--why-not", "standard"), "`standard` is an escalation"),
    (("--event", "en.json", "--why-not", "chief"), "`chief` is a level of an escalation"),
    (("--event", "en.json", "--why-not", "kind"), "`kind` is a fact"),
    (("--event", "en.json", "--horizon", "soon"), "--horizon soon: "),
    (("--event", "en.json", "--now", "soon"), "`soon` is not a time"),
    (("--event", "sent.json"), "`incident.resolved` needs an incident to happen to"),
    ((), "give either --event FILE, or --store with --incident or --decision"),
    (("--event", "en.json", "--store", "shop.db"), "give either --event FILE, or --store"),
    (("--event", "en.json", "--incident", "i1"), "--incident goes with --store; leave it out"),
    (("--store", "shop.db"), "--store needs --incident ID or --decision EVENT to say what to explain"),
    (("--store", "shop.db", "--incident", "i1", "--now", "2026-03-02T10:00"), "--now goes with --event; leave it out"),
    (("--store", "gone.db", "--incident", "i1"), "gone.db is not there; name the file that `run --store` wrote"),
    (("--store", "shop.db", "--incident", "nobody"), "no incident is called `nobody` in sqlite:shop.db; it has "),
    (("--store", "shop.db", "--decision", "plain:x/shop#e9"), "`plain:x/shop#e9` decided nothing in sqlite:shop.db"),
    (("--store", "en.json", "--incident", "i1"), "`en.json`: it cannot be used as a store"),
]


@pytest.mark.parametrize(("words", "answer"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_a_misuse_gets_one_clear_error(words: tuple[str, ...], answer: str, shop: Path) -> None:
    run("shop.yaml", events=lines())
    (shop / "bad.json").write_text("{not json", "utf-8")
    (shop / "empty.json").write_text("", "utf-8")
    resolved = {"id": "r", "type": "incident.resolved", "by": "ann", "created_at": "2026-03-02T10:00:00Z"}
    (shop / "sent.json").write_text(json.dumps({**resolved, "channel": "x", "conversation_id": "c"}), "utf-8")
    error = explain("shop.yaml", *words).exception

    assert isinstance(error, PlaybookError), error
    assert answer in str(error)
    assert "\n" not in str(error)


def test_an_event_of_another_incident_is_named_beside_the_nearest(shop: Path) -> None:
    run("shop.yaml", events=lines())
    incident = said("shop.yaml", "--store", "shop.db", "--decision", "plain:x/shop#e1")["incident"]
    words = ("shop.yaml", "--store", "shop.db", "--incident", incident, "--decision", "plain:x/shop#e2")

    assert "decided nothing in the incident" in str(explain(*words).exception)
    assert "did you mean `plain:x/shop#e1`?" in str(explain(*words).exception)


def test_looking_for_a_store_does_not_make_one(shop: Path) -> None:
    explain("shop.yaml", "--store", "sqlite:gone.db", "--incident", "i1")

    assert not (shop / "gone.db").exists()
