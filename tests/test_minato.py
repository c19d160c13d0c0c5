"""The block of the design and `playbooks/minato` hold together: every value of the block stands in the playbook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playbook_engine.runtime.playbooks import load
from playbook_engine.text.document import Value
from playbook_engine.text.read import read

ROOT = Path(__file__).parents[1]
DESIGN = ROOT.parent / "shared" / "DESIGN.md"
SHORTENED = {"+81…"}
"""What the block leaves out with an ellipsis."""


def block() -> dict[str, Value]:
    if not DESIGN.is_file():
        pytest.skip("the design is not here")
    found = re.search(r"```yaml\n(.*?)```", DESIGN.read_text("utf-8"), re.DOTALL)
    assert found is not None
    document, problems = read({"design.yaml": found[1].encode()})
    assert not problems
    return document.value


def differences(design: Value, shipped: Value, path: str) -> list[str]:
    """Where the playbook says something else; it may say more."""
    if isinstance(design, dict) and isinstance(shipped, dict):
        return [
            difference
            for key, value in design.items()
            for difference in (
                differences(value, shipped[key], f"{path}.{key}") if key in shipped else [f"{path}.{key} is not there"]
            )
        ]
    if isinstance(design, list) and isinstance(shipped, list):
        return rows_of(design, shipped, path)
    if isinstance(design, str) and design in SHORTENED:
        return [] if isinstance(shipped, str) else [f"{path}: {shipped!r}"]
    return [] if design == shipped else [f"{path}: {design!r} became {shipped!r}"]


def rows_of(design: list[Value], shipped: list[Value], path: str) -> list[str]:
    """Rows keep their words and their order; others may stand between them, and the catch-all stays last."""
    if not all(isinstance(row, dict) and "id" in row for row in design):
        found = [[] if len(design) == len(shipped) else [f"{path}: another length"]]
        found += [differences(one, other, path) for one, other in zip(design, shipped, strict=False)]
        return [difference for each in found for difference in each]
    by_id = {row["id"]: row for row in shipped if isinstance(row, dict)}
    ids = [row["id"] for row in design if isinstance(row, dict)]
    missing = [f"{path}: no row {name}" for name in ids if name not in by_id]
    if missing:
        return missing
    order = [row["id"] for row in shipped if isinstance(row, dict) and row["id"] in ids]
    changed = [] if order == ids else [f"{path}: the order became {order}"]
    last = design[-1]
    if isinstance(last, dict) and last.get("when") == "always" and shipped[-1] != by_id[ids[-1]]:
        changed.append(f"{path}: the catch-all is not last")
    for row in design:
        assert isinstance(row, dict)
        changed += differences(row, by_id[row["id"]], f"{path}.{row['id']}")
    return changed


def test_every_value_of_the_design_stands_in_the_shipped_playbook() -> None:
    loaded = load(ROOT / "playbooks" / "minato")

    assert loaded.policy is not None
    assert differences(block(), loaded.document.value, "") == []


def test_a_changed_value_would_be_found() -> None:
    design: Value = {"targets": [{"id": "rest", "when": "always", "reply": "1h"}], "owner": "ann"}
    shipped: Value = {"targets": [{"id": "rest", "when": "always", "reply": "2h"}], "owner": "ann"}

    assert differences(design, shipped, "") == [".targets.rest.reply: '1h' became '2h'"]


def test_a_row_after_the_catch_all_would_be_found() -> None:
    rest: Value = {"id": "rest", "when": "always"}

    assert differences({"route": [rest]}, {"route": [rest, {"id": "late", "when": "always"}]}, "") == [
        ".route: the catch-all is not last"
    ]
