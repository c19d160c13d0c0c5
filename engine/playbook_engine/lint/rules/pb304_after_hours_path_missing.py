"""After hours the customer hears nothing.

What it finds
A department whose automatic reply waits for opening, while nobody is on duty and nothing is sent or handed over. The
longest such silence of the next 400 days is told with its two instants.

Why it matters
Silence is read as indifference, and over a row of holidays it lasts for days. One sentence that says when somebody will
be back costs nothing.

Avoid
```yaml
departments:
  care: {name: {ja: お客様係, en: Customer care}, calendar: desk, on_duty: mori, lead: head}
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk}
```

Prefer
```yaml
departments:
  care:
    name: {ja: お客様係, en: Customer care}
    calendar: desk
    on_duty: mori
    lead: head
    when_closed: {send: back-soon}
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk}
templates:
  back-soon:
    ja: "{{ author.name }}様、ただいま受付時間外です。{{ reply.due }}までにお返事いたします。（自動返信）"
    en: "Thank you, {{ author.name }}. We are closed now and will answer by {{ reply.due }}. (automatic reply)"
```
"""

from collections.abc import Iterator
from functools import partial

from playbook_engine.decide.deadlines import is_open
from playbook_engine.lint.cover import attended, missing, said_stretch, zone_of
from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.settled import settled
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.compile.actions import sent_unseen
from playbook_engine.policy.conditions import Facts
from playbook_engine.policy.policy import Department, Policy, Response, Step
from playbook_engine.prove.promises import routed


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    for home in routed(policy):
        department = policy.departments[home]
        held = _held(policy, department)
        if not department.calendar or department.when_closed is not None or held is None:
            continue
        found = missing(subject, partial(_spoken_to, policy, department))
        if found:
            longest = said_stretch(zone_of(policy, home), found.longest)
            yield Found(
                ("departments", home),
                f"whoever writes to `{home}` after hours hears nothing, at the longest {longest}",
                "add `when_closed: {send: …}` with a text that says when you are back, "
                "or `when_closed: {hand_over: {department: …}}`",
                key=True,
                beside=(Beside((*subject.path_of(held), "reply"), "the automatic reply that waits for opening"),),
            )


def _held(policy: Policy, department: Department) -> Response | None:
    """The first response with an automatic reply that may be given for the department."""
    known: Facts = {"incident.department": department.id, "department.open": False, "department.was_open": False}
    for row in (*department.respond, *policy.respond):
        certain = settled(row.when, known)
        if certain is not False and _leaves_by_itself(row.reply):
            return row
        if certain:
            return None
    return None


def _leaves_by_itself(step: Step) -> bool:
    if step.kind == "send":
        return step.approval is None
    return step.kind == "do" and any(True for action in step.actions for _ in sent_unseen(action))


def _spoken_to(policy: Policy, department: Department, at: int) -> bool:
    return is_open(policy, department, at) or attended(policy, department.id, at)


RULE = Rule("PB304", "after-hours-path-missing", "warning", check, tier="C", locked=True)
