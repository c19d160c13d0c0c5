"""The settings file: what it may say, and what is said of one that cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import carriers_for
from playbook_engine.runtime.settings import NO_SETTINGS, CarryRow, Settings, read_settings
from playbook_engine.text.excerpt import excerpt

WHOLE = """\
carry:
  - {action: send, channel: email, by: email}
  - {by: webhook}
plugins:
  email:
    host: smtp.minato.example
    port: 2525
    from: care@minato.example
  webhook: {url: "https://hooks.minato.example/in", secret: "${env:WEBHOOK_SECRET}"}
  ticket:
    open: {url: "https://tickets.example", json: {urgent: true, priority: 3, number: "3", post: 0120}}
allow_hosts: [hooks.minato.example, "*.minato.example", "localhost:8080"]
state: tables
"""


def read(folder: Path, text: str) -> Settings:
    (folder / "settings.yaml").write_text(text, encoding="utf-8")
    return read_settings(folder / "settings.yaml")


def refused(folder: Path, text: str) -> list[str]:
    """The problems of a file, as a person reads their first lines; of one that can be read, those with the plugins."""
    try:
        carriers_for(Registry.build(third_party=False).carriers, read(folder, text), "memory:")
    except PlaybookProblems as found:
        return [excerpt(each, found.lines).splitlines()[0].partition("settings.yaml:")[2] for each in found.problems]
    return []


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE)
    assert settings.carry == (CarryRow("email", "send", "email"), CarryRow("webhook"))
    assert settings.plugins["email"] == {"host": "smtp.minato.example", "port": 2525, "from": "care@minato.example"}
    assert settings.plugins["webhook"]["secret"] == "${env:WEBHOOK_SECRET}", "a secret is looked up when it is needed"
    assert settings.allow_hosts == ("hooks.minato.example", "*.minato.example", "localhost:8080")
    assert (settings.state, settings.folder) == ("tables", tmp_path)


def test_in_json_a_number_is_a_number_unless_it_is_quoted_or_written_otherwise(tmp_path: Path) -> None:
    call = read(tmp_path, WHOLE).plugins["ticket"]["open"]
    assert isinstance(call, dict)
    assert call["json"] == {"urgent": True, "priority": 3, "number": "3", "post": "0120"}


def test_an_empty_file_is_no_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, "# nothing yet\n")
    assert (settings.carry, settings.plugins, settings.allow_hosts) == ((), {}, ())


def test_without_settings_everything_is_carried_by_log() -> None:
    assert (NO_SETTINGS.carry, dict(NO_SETTINGS.plugins), NO_SETTINGS.allow_hosts) == ((), {}, ())


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml cannot be read: No such file or directory"):
        read_settings(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cary: []\n", ["1:1: no key is called `cary` here; did you mean `carry`? (known: carry,"]),
        ("carry: [{action: send, via: email, by: log}]\n", ["1:24: no key is called `via` here"]),
        ("carry: [{action: send}]\n", ["1:9: `by` is missing; write for instance `by: email`"]),
        ("plugins: {email: smtp.example}\n", ["1:18: a mapping is wanted here, this is the text `smtp.example`"]),
        ("allow_hosts: [https://a.example]\n", ["1:15: `https://a.example` is not a host; write for instance"]),
        ("state: ${env:HOME}\n", ["1:8: secrets are looked up under `plugins` only; write the text itself"]),
        ('plugins: {log: {file: "${HOME}/a"}}\n', ["1:23: `${HOME}` is no reference to a secret; write"]),
        ("carry:\n  - by: log\ncarry: []\n", ["3:1: "]),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(tmp_path: Path, text: str, said: list[str]) -> None:
    found = refused(tmp_path, text)
    assert len(found) == len(said)
    assert [one.startswith(begin) for one, begin in zip(found, said, strict=True)] == [True] * len(said), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("carry: [{by: emial}]\n", "1:14: no plugin is called `emial`; did you mean `email`? (known: coupon, email,"),
        (
            "carry: [{action: sned, by: log}]\n",
            "1:18: no action is called `sned`; did you mean `send`? (known: coupon, lookup,",
        ),
        ("carry: [{action: tag, by: log}]\n", "1:18: `tag` is carried out by the engine itself; take this row out"),
        ("carry: [{action: ticket, by: coupon}]\n", "1:30: `coupon` does not carry ticket; name another plugin"),
        (
            "carry: [{action: send, channel: x, by: email}]\n",
            "1:40: `email` does not carry send on x; name another plugin",
        ),
        ("plugins: {slakc: {}}\n", "1:11: no key is called `slakc` here"),
        ("plugins: {log: {from: json}}\n", "1:17: no key is called `from` here; did you mean `form`?"),
        ("plugins: {log: {form: yaml}}\n", "1:23: `yaml` is not one of the words that can stand here"),
        ("plugins: {email: {port: many}}\n", "1:25: `many` is not a whole number"),
        ("plugins: {log: {time_limit: 5x}}\n", "1:29: `5x` is not a duration"),
        ("carry: [{by: email}]\n", "1:14: `plugins.email.host`: this setting is needed; write it [plugin-settings]"),
    ],
)
def test_what_does_not_fit_the_plugins_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (found,) = refused(tmp_path, text)
    assert found.startswith(said)


def test_a_secret_that_leads_nowhere_is_told_before_anything_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEBHOOK_SECRET", raising=False)
    text = 'carry: [{by: webhook}]\nplugins:\n  webhook: {url: "https://a.example", secret: "${env:WEBHOOK_SECRET}"}\n'
    said = "`${env:WEBHOOK_SECRET}`: there is no such variable in the environment; set it"
    assert refused(tmp_path, text) == [f"3:47: {said} [secret-reference]"]
    monkeypatch.setenv("WEBHOOK_SECRET", "s3cret")
    assert refused(tmp_path, text) == []


def test_the_secrets_of_a_plugin_that_carries_nothing_are_not_asked_for(tmp_path: Path) -> None:
    assert refused(tmp_path, 'plugins: {webhook: {secret: "${env:NOT_SET_ANYWHERE}"}}\n') == []


def test_what_a_secret_stands_for_is_not_judged_by_its_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PORT", "2525")
    text = 'plugins: {email: {host: a.example, from: a@b.example, port: "${env:SMTP_PORT}"}}\ncarry: [{by: email}]\n'
    assert refused(tmp_path, text) == []
