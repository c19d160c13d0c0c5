"""P5: every reply that is owed has a deadline that comes; the longest wait of each target is shown."""

from collections.abc import Iterator

from playbook_engine.policy.durations import say_duration
from playbook_engine.prove.case import Case
from playbook_engine.prove.promises import promises
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for row in promises(case.policy, case.since, case.until, ("reply", "next_reply")):
        if row.longest is None:
            continue
        where = f"a {'later ' if row.step == 'next_reply' else ''}reply by `{row.department}` under `{row.target}`"
        place = next((target.span for target in case.policy.targets if target.id == row.target), None)
        evidence = tuple(each for each in (f"written {row.written}", row.reason) if each)
        if row.longest.lasts is None:
            yield Detail("broken", f"{where} never comes due", place, evidence=evidence)
        else:
            yield Detail("holds", f"{where} is due within {say_duration(row.longest.lasts)}", place, evidence=evidence)


PROPERTY = Property("P5", "every reply that is owed comes due, however the calendars fall", check)
