"""Holidays are missing, or end soon.

What it finds
- A calendar with `holidays` whose locked dates end within 60 days, or have ended.
- Hours for `holiday` in a calendar without `holidays`: no date ever is one.
- A calendar that closes on some days of the week and knows neither `holidays` nor dates in `except`.

Why it matters
Where a holiday is not known the desk counts as open: a message on New Year's Day is promised an answer within the hour,
and every ladder fires at an empty office.

Avoid
```yaml
calendars:
  office:
    open: {mon-fri: [10:00-17:00]}
```

```yaml
calendars:
  office:
    open: {mon-fri: [10:00-17:00], holiday: [10:00-12:00]}
```

Prefer
```yaml
calendars:
  office:
    open: {mon-fri: [10:00-17:00], holiday: [10:00-12:00]}
    holidays: JP
```
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.holidays import LOCK_FILE, HolidayLock

AHEAD = timedelta(days=60)
"""How long before the dates end they are missed: time to lock new ones, and to have them reviewed."""

RELOCK = "run `playbook calendar lock PATH` and review what it writes"


def check(subject: Subject) -> Iterator[Found]:
    today = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=subject.now)).date()
    for name, calendar in subject.policy.calendars.items():
        region = subject.value("calendars", name, "holidays")
        if isinstance(region, str):
            yield from _ending(name, region, subject.lock, today)
        elif calendar.hours.holiday:
            message = f"`{name}` has hours for `holiday`, and no `holidays`: no date is one"
            path = ("calendars", name, "open", "holiday")
            yield Found(path, message, "write which country's, such as `holidays: JP`", key=True, confidence="certain")
        elif not calendar.hours.exceptions and not all(calendar.hours.weekly):
            message = f"`{name}` knows no holidays: on a public holiday it counts as open"
            yield Found(("calendars", name), message, "add `holidays:` with the country, such as JP", key=True)


def _ending(name: str, region: str, lock: HolidayLock, today: date) -> Iterator[Found]:
    last = _last_day(lock, region)
    if last is None or last - today >= AHEAD:
        return
    when = f"ended on {last}" if last < today else f"end on {last}, in {(last - today).days} days"
    message = f"the holidays of `{region}` in {LOCK_FILE} {when}"
    yield Found(("calendars", name, "holidays"), message, RELOCK, confidence="certain")


def _last_day(lock: HolidayLock, region: str) -> date | None:
    """The last day that the lock speaks of: the end of its years, where it names them, else its last holiday."""
    last_year = re.fullmatch(r"[0-9]{4}\.\.([0-9]{4})", lock.years)
    if last_year:
        return date(int(last_year[1]), 12, 31)
    return max(lock.dates(region) or (), default=None)


RULE = Rule("PB306", "holidays-missing-or-ending", "warning", check, confidence="heuristic", tier="C")
