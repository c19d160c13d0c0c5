"""P10: whoever writes while nobody is there hears of us before machines have to give up."""

from collections.abc import Iterator

from playbook_engine.policy.durations import say_duration
from playbook_engine.prove.case import Case
from playbook_engine.prove.promises import promises
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for row in promises(case.policy, case.since, case.until):
        if row.target or row.longest is None:
            continue
        who = f"the acknowledgement by `{row.department}`"
        evidence = tuple(each for each in (f"written {row.written}", row.reason) if each)
        if row.longest.lasts is None:
            limit = say_duration(case.policy.answer_within_max)
            yield Detail("broken", f"{who} may be held for more than {limit}, and is then a draft", evidence=evidence)
        else:
            length = say_duration(row.longest.lasts) if row.longest.lasts else "at once"
            said = f"{who} leaves {length}" if length == "at once" else f"{who} leaves within {length}"
            yield Detail("holds", said, evidence=evidence if row.longest.lasts else ())


PROPERTY = Property("P10", "an acknowledgement is never held until it is too late to send", check)
