"""P10: whoever writes while nobody is there hears of us before machines have to give up."""

from collections.abc import Iterator
from dataclasses import replace

from playbook_engine.decide.releasing import leaves_by_itself
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.policy import Response
from playbook_engine.prove.case import Case
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.promises import Promise, promises
from playbook_engine.prove.values import OneOf
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for row in promises(case.policy, case.since, case.until, ("acknowledgement",)):
        if row.longest is None:
            continue
        who = f"the acknowledgement by `{row.department}`"
        evidence = tuple(each for each in (f"written {row.written}", row.reason) if each)
        if row.longest.lasts is not None:
            length = f"within {say_duration(row.longest.lasts)}" if row.longest.lasts else "at once"
            yield Detail("holds", f"{who} leaves {length}", evidence=evidence if row.longest.lasts else ())
        else:
            limit = say_duration(case.policy.answer_within_max)
            said = f"{who} is not held for more than {limit}, after which only a person may send it"
            yield replace(case.never(said, *_held(case, row)), evidence=evidence)


def _held(case: Case, row: Promise) -> Iterator[Formula]:
    """When one of the row's responses meets a message while the department is shut."""
    first, formulas = case.prover.first, case.prover.formulas
    rows = ((response, when) for response, when in first.response_rows() if _acknowledges(response))
    yield formulas.any(when for response, when in rows if not row.responses or response.id in row.responses)
    yield first.home.when(row.department)
    hours = first.scopes["respond"].facts["department.open"]
    assert isinstance(hours, OneOf)
    yield hours.when(False)


def _acknowledges(response: Response) -> bool:
    """Whether its reply is a text that leaves by itself; what actions find out may well wait for somebody."""
    return response.reply.kind == "send" and leaves_by_itself(response.reply)


PROPERTY = Property("P10", "an acknowledgement is never held until it is too late to send", check)
