"""P3: no row that can never match, whatever is written: its condition can be met taken by itself."""

from collections.abc import Iterator

from playbook_engine.prove.case import Case
from playbook_engine.prove.properties.p02_reachable import SECTIONS
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for section in SECTIONS:
        for row in case.prover.rows(section):
            said, place = f"the condition of `{row.id}` of `{section}` can be met", case.place(row)
            match case.prover.ask(case.prover.first.rows[row].holds, conflicts=case.budget).kind:
                case "yes":
                    yield Detail("holds", said, place)
                case "no":
                    yield Detail("broken", f"the condition of `{row.id}` of `{section}` contradicts itself", place)
                case _:
                    yield Detail("inconclusive", f"{said}: {case.gave_up}", place)


PROPERTY = Property("P3", "no condition contradicts itself", check)
