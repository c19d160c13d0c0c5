"""P14: at every minute somebody is told: each department has somebody on duty, itself or by hand-over."""

from collections.abc import Iterator

from playbook_engine.policy.durations import say_duration
from playbook_engine.prove.case import Case
from playbook_engine.prove.cells import say_local
from playbook_engine.prove.on_duty import coverage
from playbook_engine.prove.promises import routed
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    found = coverage(case.policy, case.since, case.until)
    for name in routed(case.policy):
        gaps = found.unattended.get(name)
        if gaps is None:
            yield Detail("holds", f"at every minute `{name}` has somebody on duty who is in hours")
            continue
        start, end = gaps.longest
        zone = case.policy.timezone
        stretch = f"longest from {say_local(zone, start)} to {say_local(zone, end)}: {say_duration(end - start)}"
        said = f"`{name}` is at times without anybody on duty who is in hours; the first person is told all the same"
        yield Detail("broken", said, evidence=(stretch,))


PROPERTY = Property("P14", "at every minute of the year somebody is on duty", check)
