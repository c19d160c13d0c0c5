"""P7: what is for people only reaches a person, and nothing of it leaves without one.

That machines are silent is the engine's own doing (SEMANTICS 8.3); every row that a timeline reaches is tried for it.
"""

from collections.abc import Iterator

from playbook_engine.prove.case import Case
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.verdict import Detail, Property

_SEEN = {"public", "private", "spends"}


def check(case: Case) -> Iterator[Detail]:
    if not case.policy.human_only:
        return
    first, formulas = case.prover.first, case.prover.formulas
    silent = formulas.any(when for row, when in first.response_rows() if row.reply.kind == "none")
    yield case.never(
        "what is for people only is always owed a reply",
        first.human_only,
        silent,
        broken="something is for people only, and nobody owes it a reply",
    )
    for section in ("respond", "rules"):
        for row in case.prover.rows(section):
            yield from _tried(case, row)


def _tried(case: Case, row: RowName) -> Iterator[Detail]:
    """What the engine does with a message for people only that the row decides, where there is such a message."""
    shown = case.witnesses.show(case.prover.first.human_only, case.prover.wins(row), rounds=5)
    if shown.replayed is not None:
        said, place = f"under `{row.id}` of `{row.section}` machines stay silent", case.place(row)
        if _spoke(case, shown.replayed):
            spoke = f"under `{row.id}` of `{row.section}` a machine speaks"
            yield Detail("broken", spoke, place, (shown.replayed,))
        else:
            yield Detail("holds", said, place)


def _spoke(case: Case, replayed: Replayed) -> bool:
    """Whether the decision lets something leave that a customer or the public sees."""
    specs = case.policy.actions
    return any(
        delivery.automatic and delivery.purpose != "closed" and {*specs[delivery.action].effects} & _SEEN
        for delivery in replayed.decision.deliveries
        if delivery.action in specs
    )


PROPERTY = Property("P7", "what is for people only leaves by people only", check)
