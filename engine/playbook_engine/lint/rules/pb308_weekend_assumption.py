"""A desk works on the days off of its country, and is off on its working days.

What it finds
A calendar that is closed on Saturday and Sunday in a country whose week ends on other days. The country is that of
`holidays`, else that of the time zone.

Why it matters
From Saudi Arabia to Israel the week begins on Sunday. Customers who write then wait a day for a desk that they take to
be open, and on Friday the desk waits for them.

Avoid
```yaml
calendars:
  riyadh:
    timezone: Asia/Riyadh
    open: {mon-fri: [09:00-17:00]}
```

Prefer
```yaml
calendars:
  riyadh:
    timezone: Asia/Riyadh
    open: {sun-thu: [09:00-17:00]}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.weekends import AS_OF, DAYS_OFF, SOURCE, country_of
from playbook_engine.policy.opening import WEEK


def check(subject: Subject) -> Iterator[Found]:
    for name, calendar in subject.policy.calendars.items():
        region = subject.value("calendars", name, "holidays")
        country = region[:2] if isinstance(region, str) else country_of(calendar.hours.zone)
        off = DAYS_OFF.get(country, ())
        works = [day for day, shifts in zip(WEEK, calendar.hours.weekly, strict=True) if shifts]
        wrongly_on = [day for day in off if day in works]
        wrongly_off = [day for day in WEEK if day not in off and day not in works]
        if wrongly_on and wrongly_off:
            yield Found(
                ("calendars", name, "open"),
                f"`{name}` is open on {_said(wrongly_on)} and closed on {_said(wrongly_off)}; "
                f"in {country} {_said(off)} {'is' if len(off) == 1 else 'are'} off",
                "give it the days that people there work, such as `sun-thu`, unless it serves customers elsewhere",
                evidence=(f"days off by {SOURCE}, as of {AS_OF}",),
            )


def _said(days: tuple[str, ...] | list[str]) -> str:
    return " and ".join([", ".join(days[:-1]), days[-1]] if len(days) > 1 else days)


RULE = Rule("PB308", "weekend-assumption", "info", check, confidence="heuristic", tier="C", profile="audit")
