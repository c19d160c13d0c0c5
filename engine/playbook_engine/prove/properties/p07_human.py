"""P7: while the matter is for people only, nothing leaves to a customer without a person: replayed for every row."""

from collections.abc import Iterator

from playbook_engine.prove.case import NOT_SHOWN, Case
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.verdict import Detail, Property

_SEEN = {"public", "private", "spends"}


def check(case: Case) -> Iterator[Detail]:
    if not case.policy.human_only:
        return
    for section in ("respond", "rules"):
        for row in case.prover.rows(section):
            yield _silent(case, row)


def _silent(case: Case, row: RowName) -> Detail:
    said, place = f"under `{row.id}` of `{row.section}` machines stay silent", case.place(row)
    shown = case.witnesses.show(case.prover.first.human_only, case.prover.wins(row))
    if shown.kind == "no":
        return Detail("holds", f"`{row.id}` of `{row.section}` is never used for what is for people only", place)
    if shown.replayed is None:
        return Detail("inconclusive", f"{said}: {NOT_SHOWN}", place)
    if _spoke(case, shown.replayed):
        return Detail("broken", f"not so: {said}", place, (shown.replayed,))
    return Detail("holds", said, place)


def _spoke(case: Case, replayed: Replayed) -> bool:
    """Whether the decision lets something leave that a customer or the public sees."""
    specs = case.policy.actions
    return any(
        delivery.automatic and delivery.purpose != "closed" and {*specs[delivery.action].effects} & _SEEN
        for delivery in replayed.decision.deliveries
        if delivery.action in specs
    )


PROPERTY = Property("P7", "what is for people only leaves by people only", check)
