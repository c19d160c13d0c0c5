"""What came in before is more than can be answered.

What it finds
With `playbook lint --events FILE`, a history of messages: stretches of time in which more messages came to an account
than the platform takes answers. With `--pace N` as well, how many messages a department answers by hand in an hour:
messages to its accounts that people who work only while somebody is on duty would have answered too late. A message
counts for the department of the account it came to, by the target that takes the rest.

Why it matters
A promise is kept by people, and there are so many of them. An hour is a fine promise for ten messages and an empty one
for two hundred. (The examples here are judged by 20 messages of one morning and `--pace 30`.)

Avoid
```yaml
targets:
  - {id: rest, when: always, reply: {open_time: 20m}, resolve: {open_days: 2}, counts: human, escalate: standard}
```

Prefer
```yaml
targets:
  - {id: rest, when: always, reply: {open_time: 1h}, resolve: {open_days: 2}, counts: human, escalate: standard}
```
"""

from collections.abc import Iterator

from playbook_engine.decide.deadlines import due
from playbook_engine.decide.promising import answers_for
from playbook_engine.lint.cover import attended, zone_of
from playbook_engine.lint.finding import Found
from playbook_engine.lint.history import answered, busiest
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.settled import targets_of
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.durations import DAY, say_duration
from playbook_engine.policy.hours import NeverOpens
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.timeline import Stretch, merge
from playbook_engine.prove.cells import policy_cells, say_local, vectors

_AFTER = 60 * DAY
"""How long after the last message it is looked who is on duty."""


def check(subject: Subject) -> Iterator[Found]:
    if subject.history.arrivals:
        yield from _over_rates(subject)
        if subject.history.pace:
            yield from _too_late(subject)


def _over_rates(subject: Subject) -> Iterator[Found]:
    for name, account in subject.policy.accounts.items():
        for rate in subject.rates:
            if rate.platform != account.platform or rate.per != "account":
                continue
            private = rate.of == "direct"
            came = [each.at for each in subject.history.arrivals if (each.account, each.private) == (name, private)]
            most, begin = busiest(came, rate.within)
            if most > rate.most:
                span, what = say_duration(rate.within), "direct messages" if private else "posts"
                when = say_local(subject.policy.timezone, begin)
                yield Found(
                    ("accounts", name),
                    f"`{name}` had {most} {what} in {span}; {rate.platform} takes {rate.most} answers in that time",
                    "lead some of them elsewhere: to a page, another account or another channel",
                    key=True,
                    evidence=(f"from {when}; {rate.source}, as of {rate.as_of}",),
                )


def _too_late(subject: Subject) -> Iterator[Found]:
    policy, history = subject.policy, subject.history
    for home in dict.fromkeys(account.department for account in policy.accounts.values()):
        own = {account.id for account in policy.accounts.values() if account.department == home}
        instants = [each.at for each in history.arrivals if each.account in own]
        if not instants:
            continue
        done = answered(instants, _staffed(policy, home, instants[0], instants[-1] + _AFTER), history.pace)
        owed = [_due(policy, home, at) for at in instants]
        late = [number for number, deadline in enumerate(owed) if deadline is not None and done[number] > deadline]
        if late:
            worst = max(late, key=lambda number: done[number] - (owed[number] or 0))
            zone = zone_of(policy, home)
            yield Found(
                ("departments", home),
                f"at {history.pace} an hour `{home}` would have answered {len(late)} of {len(instants)} messages "
                "too late",
                "promise less, put more people on duty, or answer some kinds of message without a person",
                key=True,
                evidence=(
                    f"the latest: written {say_local(zone, instants[worst])}, "
                    f"due {say_local(zone, owed[worst] or 0)}, answered {say_local(zone, done[worst])}",
                ),
            )


def _staffed(policy: Policy, home: str, since: int, until: int) -> list[Stretch]:
    found = policy_cells(policy, since, until)
    there = {vector for vector, at in vectors(found).items() if attended(policy, home, at)}
    return merge((cell.since, cell.until) for cell in found if cell.open in there)


def _due(policy: Policy, home: str, at: int) -> int | None:
    """When a person's reply is due by the target that takes the rest; None where none is owed."""
    try:
        owner = answers_for(policy, home, at)
        target = targets_of(policy, owner)[-1]
        if "reply" not in target.deadlines or target.counts == "any":
            return None
        return due(policy, policy.departments[owner], target.deadlines["reply"], at).at
    except NeverOpens:
        return None


RULE = Rule("PB713", "capacity-below-history", "warning", check, confidence="heuristic", tier="C")
