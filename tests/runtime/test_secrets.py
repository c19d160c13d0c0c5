"""Secrets: looked up when needed, shown nowhere."""

from __future__ import annotations

import json
import logging
import pickle
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine import PlaybookError, PluginSettings, Secret
from playbook_engine.runtime.secrets import misspelt, reveal, revealed

HERE = Path(".")


def test_a_variable_and_a_file_are_looked_up_within_a_text(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t0ken\n", encoding="utf-8")
    found = reveal("Bearer ${env:NAME}:${file:token}!", tmp_path, {"NAME": "minato"})
    assert found == "Bearer minato:t0ken!"


def test_only_the_last_line_break_of_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b" one\n two \r\n")
    assert reveal("${file:a}", tmp_path) == " one\n two "


def test_what_a_secret_holds_is_not_looked_up_again() -> None:
    assert reveal("${env:A}", HERE, {"A": "${env:B}", "B": "no"}) == "${env:B}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${env:NONE}", "`${env:NONE}`: there is no such variable in the environment; set it"),
        ("${file:none}", "`${file:none}`: this file cannot be read: No such file or directory"),
        ("${file:.}", "`${file:.}`: this file cannot be read: Is a directory"),
        ("${file:bytes}", "`${file:bytes}`: this file is not UTF-8; name another"),
        ("${file:large}", "`${file:large}`: this file is larger than 65536 bytes; name another"),
        ("${HOME}", "`${HOME}` is no reference to a secret; write `${env:NAME}` or `${file:PATH}`"),
        ("${env:A", "`${env:A` is no reference to a secret; write `${env:NAME}` or `${file:PATH}`"),
        ("${env:A-B}", "`A-B` is no name of a variable; it has letters, digits and `_`"),
    ],
)
def test_what_cannot_be_looked_up_says_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff")
    (tmp_path / "large").write_bytes(b"a" * 65_537)
    with pytest.raises(PlaybookError) as error:
        reveal(text, tmp_path, {})
    assert str(error.value) == said


@given(st.text())
def test_a_text_without_a_reference_stays_as_it_is(text: str) -> None:
    if "${" not in text:
        assert misspelt(text) == ""
        assert reveal(text, HERE, {}) == text


def test_nothing_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("hunter2")
    settings = PluginSettings({"password": "${env:P}", "deep": [{"token": "a ${env:P}"}], "port": 25})
    known = settings.with_secrets(lambda text: text.replace("${env:P}", "hunter2"))
    with caplog.at_level(logging.INFO):
        logging.getLogger("t").info("%s %r %s", secret, secret, known)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>20}", repr(known), str(dict(known)), caplog.text]
    assert all("hunter2" not in text for text in shown)
    for write in (json.dumps, pickle.dumps, msgspec.json.encode):
        with pytest.raises(TypeError):
            write(secret)
    assert known.text("password") == "hunter2"
    assert sorted(revealed(known)) == ["a hunter2", "hunter2"]
    assert known["port"] == 25


def test_settings_are_read_by_kind() -> None:
    settings = PluginSettings(
        {"n": 5, "yes": True, "text": "0120", "one": "a", "many": ["a", 3], "part": {"x": "y"}, "s": Secret("7")},
        Path("conf"),
        "plugins.it",
    )
    assert [settings.text(name) for name in ("n", "yes", "text", "s")] == ["5", "true", "0120", "7"]
    assert [settings.number(name) for name in ("n", "s", "text")] == [5, 7, 120]
    assert settings.number("none", 25) == 25
    assert settings.flag("yes") is True
    assert settings.flag("none", False) is False
    assert [settings.texts(name) for name in ("one", "many", "none")] == [("a",), ("a", "3"), ()]
    assert settings.part("part").text("x") == "y"
    assert dict(settings.part("none")) == {}
    assert settings.path("one") == Path("conf/a")


@pytest.mark.parametrize(
    ("method", "name", "said"),
    [
        ("text", "none", "settings: `plugins.it.none`: this setting is needed; write it"),
        ("text", "part", "settings: `plugins.it.part`: a text is wanted"),
        ("number", "text", "settings: `plugins.it.text`: a whole number is wanted"),
        ("flag", "text", "settings: `plugins.it.text`: true or false is wanted"),
        ("part", "text", "settings: `plugins.it.text`: a mapping is wanted"),
    ],
)
def test_a_setting_of_another_kind_says_where_it_stands_and_not_what_it_is(method: str, name: str, said: str) -> None:
    settings = PluginSettings({"text": Secret("hunter2"), "part": {}}, place="plugins.it")
    with pytest.raises(PlaybookError) as error:
        getattr(settings, method)(name)
    assert str(error.value) == said
