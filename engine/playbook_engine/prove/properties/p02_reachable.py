"""P2: no dead policy: every row wins for some message, and one such message is shown."""

from collections.abc import Iterator

from playbook_engine.prove.case import NOT_SHOWN, Case
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.verdict import Detail, Property

SECTIONS = ("ignore", "classify", "route", "targets", "respond", "rules", "modes")


def check(case: Case) -> Iterator[Detail]:
    for section in SECTIONS:
        for row in case.prover.rows(section):
            yield _reached(case, row)


def _reached(case: Case, row: RowName) -> Detail:
    place, name = case.place(row), f"`{row.id}` of `{row.section}`"
    shown = case.witnesses.show(case.prover.wins(row))
    if shown.kind == "shown" and shown.replayed is not None:
        return Detail("holds", f"{name} wins for some message", place)
    if shown.kind == "no":
        return Detail("broken", f"{name} can never win{_because(case, row)}", place)
    return Detail("inconclusive", f"{name}: {case.gave_up if shown.kind == 'gave-up' else NOT_SHOWN}", place)


def _because(case: Case, row: RowName) -> str:
    """Which earlier rows together take all that it matches; or that nothing matches it at all."""
    earlier = case.blockers(row)
    if earlier is None:
        return ": nothing can match it"
    names = ", ".join(f"`{each.id}`" for each in earlier)
    return f": {names} before it take{'s' if len(earlier) == 1 else ''} everything it matches" if earlier else ""


PROPERTY = Property("P2", "every row wins for some message", check)
