"""What a fact may hold."""

from __future__ import annotations

from dataclasses import dataclass

from playbook_engine.model.event import FactValue


@dataclass(frozen=True)
class FactType:
    """What values a fact may take and how a message's value joins the incident's.

    `kind` is one of name, ordered, set, flag, number, money, duration, text. `values` are the legal names
    in their order (empty: any name). `joins` is first, highest, union or latest. `enriched_by` names the
    enrichment that provides it. `default` does not count as set.
    """

    name: str
    kind: str
    values: tuple[str, ...] = ()
    joins: str = "first"
    default: FactValue | None = None
    enriched_by: str = ""
    currency: str = ""
    least: int | None = None
    most: int | None = None
    built_in: bool = False
