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
        said, broken = f"every message finds a row of `{section}`", f"a message finds no row of `{section}`"
        yield case.never(said, owned, -won, broken=broken)
    said, broken = "every message has a department that answers", "a message has no department that answers"
    yield case.never(said, first.oriented, first.department.when(""), broken=broken)


PROPERTY = Property("P1", "every message is ignored with a reason or finds who answers, how fast and with what", check)
