"""P15: no circle of rules goes on, no ladder tells for ever, and no two machines answer each other without a limit."""

from collections.abc import Iterator

from playbook_engine.prove.case import Case
from playbook_engine.prove.termination import termination
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    found = termination(case.policy)
    for rule, most in found.most.items():
        yield Detail("holds", f"`{rule}` leads to {most} deliveries at the most")
    for cycle in found.cycles:
        names, cuts = " → ".join(f"`{name}`" for name in cycle.rules), " and ".join(cycle.cut)
        yield Detail("holds", f"the circle of rules {names} ends by {cuts}")
    for ladder, most in found.ladders.items():
        yield Detail("holds", f"the ladder `{ladder}` tells somebody {most} times at the most for one duty")
    for echo in found.echoes:
        said = f"`{echo.answer}` may answer a machine that answers us"
        if echo.limit is None:
            yield Detail("broken", f"{said}, and nothing bounds it; ignore `automatic` messages or limit `send`")
        else:
            yield Detail("holds", f"{said}, within the limit `{echo.limit.id}`")


PROPERTY = Property("P15", "everything that we set off ends", check)
