"""Cases of peers as tests in our language: each is one, which the plugin runs, or is left out with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playbook_engine.scenario.reading import read_suite
from playbook_engine.text.read import read
from telling_tests import source

PEERS = Path(__file__).parents[1] / "cases" / "peers"
CASES = Path(__file__).parents[2].parent / "shared" / "cases"
SUITES = [read_suite(file, source()) for file in sorted(PEERS.rglob("*.test.yaml"))]
SAID = {test.name.partition(" [")[0] for suite in SUITES for test in suite.tests}
LEFT_OUT = read({"left-out.yaml": (PEERS / "left-out.yaml").read_bytes()})[0].value


def test_no_case_is_both_said_and_left_out() -> None:
    assert SAID & set(LEFT_OUT) == set()
    assert all(isinstance(reason, str) and len(reason) > 20 for reason in LEFT_OUT.values())


def test_every_case_is_said_or_left_out_with_a_reason() -> None:
    files = [CASES / f"{name}.jsonl" for name in ("escalation", "triggers", "loops")]
    if not all(file.is_file() for file in files):
        pytest.skip("the cases are not here")
    ids = {json.loads(line)["id"] for file in files for line in file.read_text("utf-8").splitlines()}

    assert SAID | set(LEFT_OUT) == ids
