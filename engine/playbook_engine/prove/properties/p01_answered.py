"""P1: nothing falls through: a message is ignored with a reason, or somebody owns it, with a target and a response."""

from collections.abc import Iterator

from playbook_engine.prove.case import Case
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    first, formulas = case.prover.first, case.prover.formulas
    for section in ("route", "targets", "respond"):
        won = formulas.any(case.prover.wins(row) for row in case.prover.rows(section))
        unowned = first.department.when("")
        owned = formulas.both(first.oriented, -unowned) if section != "route" else first.oriented
        yield case.never(f"every message finds a row of `{section}`", owned, -won)
    yield case.never("every message has a department that answers", first.oriented, first.department.when(""))


PROPERTY = Property("P1", "every message is ignored with a reason or finds who answers, how fast and with what", check)
