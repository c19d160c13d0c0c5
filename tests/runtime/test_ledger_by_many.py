"""A budget is exact however many processes spend it, and however they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from postgresql_server import Server
from spending import spend


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_processes_of_which_some_are_killed_spend_a_budget_exactly(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.store()
    else:
        url = f"sqlite:{tmp_path / 'store.db'}"
    spent = spend(url, limit=2_000, amount=10, workers=6, kills=3)
    assert (spent.most, spent.total, spent.killed) == (2_000, 2_000, 3)
    assert spent.claims * 10 > 2_000
