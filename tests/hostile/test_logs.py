"""No word of a customer stands in a log, not even where a fault of ours quotes it."""

from __future__ import annotations

import json
import logging

import pytest

from playbook_engine.runtime import intake
from playbook_engine.serve.logs import log_to_stderr
from shop import Shop, message

WROTE = "my number is 0355550123"


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_fault_is_told_by_its_kind_and_place_and_not_by_what_it_quotes(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*given: object) -> object:
        raise KeyError(WROTE)

    before = logging.getLogger().handlers[:]
    monkeypatch.setattr(intake, "advance", fails)
    try:
        log_to_stderr(form)
        Shop().takes(message("e1", "mon 10:00", WROTE))
        said = capsys.readouterr().err
    finally:
        logging.getLogger().handlers[:] = before
        logging.getLogger().setLevel(logging.WARNING)
    assert "test#e1 could not be decided: KeyError at " in said
    assert "test_logs.py" in said
    assert "0355550123" not in said
    assert len(said.splitlines()) == 1
    if form == "json":
        assert json.loads(said)["level"] == "error"


def test_an_exception_that_a_library_logs_is_named_and_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:]
    try:
        log_to_stderr("text")
        try:
            raise ValueError(WROTE)
        except ValueError:
            logging.getLogger("uvicorn.error").exception("a request failed")
        said = capsys.readouterr().err
    finally:
        root.handlers[:] = before
        root.setLevel(logging.WARNING)
    assert said.endswith("ERROR a request failed (ValueError)\n")
    assert len(said.splitlines()) == 1
