"""P8: what a machine writes gets no automatic reply; what we write ourselves is never answered (SEMANTICS 4.1)."""

from collections.abc import Iterator

from playbook_engine.decide.releasing import leaves_by_itself
from playbook_engine.prove.case import Case
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    first, formulas = case.prover.first, case.prover.formulas
    speaking = formulas.any(when for row, when in first.response_rows() if leaves_by_itself(row.reply))
    said = "no message of a machine gets an automatic reply"
    asked = first.inputs.flag("automatic"), speaking, -first.human_only
    yield case.never(said, *asked, broken="a message of a machine gets an automatic reply")


PROPERTY = Property("P8", "no machine is answered by a machine", check)
