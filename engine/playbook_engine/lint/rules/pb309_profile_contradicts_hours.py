"""What an account's profile says of its hours is not what its department keeps.

What it finds
Days and hours in a profile, in Japanese or English, that differ from the calendar of the account's department, counting
whoever it hands over to and whoever is on duty: 平日9-18時, Mon-Fri 9-5pm, 土日休み, 24/7, 年中無休, 夜間. A break of
up to two hours may be left out, and a day may be left unsaid.

Why it matters
The profile is the promise that every customer reads first. Where it says more than the calendar keeps, nobody answers
in hours that were promised; where it says less, people are paid to wait.

Avoid
```yaml
accounts:
  "x:suzuran":
    department: care
    purpose: {ja: お問い合わせ, en: Questions}
    profile: {ja: 平日9-20時, en: "Mon-Fri 9-18, Sun 10-16"}
```

```yaml
accounts:
  "x:suzuran":
    department: care
    purpose: {ja: お問い合わせ, en: Questions}
    profile: {ja: 年中無休, en: Open 24/7}
calendars:
  night:
    open: {mon-thu: [18:00-09:00]}
```

Prefer
```yaml
accounts:
  "x:suzuran":
    department: care
    purpose: {ja: お問い合わせ, en: Questions}
    profile: {ja: 平日9-18時・土曜10-16時、夜間も承ります, en: "Mon-Fri 9-6pm, Sat 10-16, night desk"}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.staffed import Staffed
from playbook_engine.lint.stated_hours import Hours, Stated, stated_hours
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.opening import HOLIDAY, WEEK
from playbook_engine.policy.timeline import Shifts
from playbook_engine.text.document import Path

_MINUTE = 60
_NIGHT = (21 * 3600, 29 * 3600)
"""From nine in the evening until five, in seconds of a day: who says "night" answers at some time of it."""


def check(subject: Subject) -> Iterator[Found]:
    kept: dict[str, Staffed] = {}
    for name, account in subject.policy.accounts.items():
        for language, text in account.profile.items():
            stated = stated_hours(text)
            if stated == Stated():
                continue
            home = account.department
            if home not in kept:
                kept[home] = Staffed(subject.policy, home, subject.now)
            path = ("accounts", name, "profile", *((language,) if language else ()))
            yield from (_found(subject, path, home, each) for each in _contradictions(stated, kept[home], home))


def _found(subject: Subject, path: Path, home: str, message: str) -> Found:
    calendar = subject.policy.departments[home].calendar
    place: Path = ("calendars", calendar, "open") if calendar else ("departments", home)
    beside = Beside(place, "the hours that are kept")
    return Found(path, message, "change the profile, or the hours", beside=(beside,))


def _contradictions(stated: Stated, staffed: Staffed, home: str) -> Iterator[str]:
    days: dict[str, list[str]] = {}
    for day, hours in stated.hours.items():
        if wrong := _wrong_hours(day, hours, staffed, home):
            days.setdefault(f"{hours}; {wrong}", []).append(day)
    for wrong, named in days.items():
        yield f"the profile says {_said(named)}{wrong}"
    for day in sorted(stated.off, key=(*WEEK, HOLIDAY).index):
        if wrong := _wrongly_off(day, staffed):
            yield f"the profile says that {day} is off; {wrong}"
    if stated.always and (gap := staffed.gap()) is not None:
        yield f"the profile says `{stated.always}`; nobody is open {staffed.said(gap)}"
    if stated.every_day and (day_off := staffed.first_day_off()) is not None:
        yield f"the profile says `{stated.every_day}`; nobody is open on {day_off:%a %Y-%m-%d}"
    if stated.night and not any(staffed.touches(day, *_NIGHT) for day in range(7)):
        yield f"the profile says `{stated.night}`; nobody is open between 21:00 and 05:00"


def _said(days: list[str]) -> str:
    named = [day for day in (*WEEK, HOLIDAY) if day in days]
    run = [WEEK.index(day) for day in named if day in WEEK]
    if len(run) > 2 and len(run) == len(named) and run[-1] - run[0] == len(run) - 1:
        return f"{named[0]}-{named[-1]} "
    return f"{', '.join(named)} " if named else ""


def _wrong_hours(day: str, hours: Hours, staffed: Staffed, home: str) -> str:
    """What is kept instead of the hours stated for a day; "" where they are kept. No day: any will do."""
    opens, closes = hours.opens * _MINUTE, hours.closes * _MINUTE
    if staffed.own is None:
        whole = closes - opens == 24 * 3600
        return "" if whole or not day else f"`{home}` has no calendar and counts as always open"
    if day == HOLIDAY:
        return _wrong_on(staffed.own.holiday, opens, closes, staffed.calendar, "on holidays")
    if not day:
        found = [_wrong_hours(each, hours, staffed, home) for each in WEEK]
        return "" if "" in found else found[0]
    number = WEEK.index(day)
    shifts = staffed.own.weekly[number]
    wrong = _wrong_on(shifts, opens, closes, staffed.calendar, f"on {day}")
    if not wrong or not staffed.covers(number, opens, closes):
        return wrong
    less = bool(shifts) and (opens > shifts[0].opens or closes < shifts[-1].closes)
    return wrong if less and not _wider(shifts, opens, closes) else ""


def _wider(shifts: Shifts, opens: int, closes: int) -> bool:
    return opens < shifts[0].opens or closes > shifts[-1].closes


def _wrong_on(shifts: Shifts, opens: int, closes: int, calendar: str, when: str) -> str:
    if not shifts:
        return f"`{calendar}` is closed {when}"
    if (shifts[0].opens, shifts[-1].closes) == (opens, closes):
        return ""
    return f"`{calendar}` is open {Hours(shifts[0].opens // _MINUTE, shifts[-1].closes // _MINUTE)}"


def _wrongly_off(day: str, staffed: Staffed) -> str:
    own = staffed.own
    if own is None:
        return ""
    if day != HOLIDAY:
        open_then = own.weekly[WEEK.index(day)]
    elif own.holidays:
        open_then = own.holiday
    else:
        return f"`{staffed.calendar}` knows no holidays, and counts them as open" if all(own.weekly[:5]) else ""
    return f"`{staffed.calendar}` is open then" if open_then else ""


RULE = Rule("PB309", "profile-contradicts-hours", "warning", check, confidence="heuristic", tier="C")
