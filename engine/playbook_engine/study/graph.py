"""The policy as a picture: where a message goes, who answers, what is done by when, who is told.

A `Picture` is columns of boxes and the arrows between them; it is drawn as Mermaid text
(https://mermaid.js.org/syntax/flowchart.html) or as SVG.
"""

from __future__ import annotations

from dataclasses import dataclass

from playbook_engine.decide.wording import in_language
from playbook_engine.explain.sentences import say_condition
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.policy import Action, Deadline, Department, Level, Policy, Response, Step

COLUMNS = ("comes in", "route", "department", "response", "target", "ladder")


@dataclass(frozen=True)
class Box:
    """One thing: `column` counts from 0, `title` is its id, `lines` what there is to say of it."""

    id: str
    column: int
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Arrow:
    start: str
    end: str
    label: str = ""


@dataclass(frozen=True)
class Picture:
    name: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def picture(policy: Policy) -> Picture:
    """The whole flow of one policy."""
    boxes: list[Box] = [Box("in", 0, "message", tuple(f"ignored: {row.id}" for row in policy.ignore))]
    arrows: list[Arrow] = []
    for row in policy.route:
        boxes.append(Box(f"route:{row.id}", 1, row.id, (say_condition(row.when),)))
        arrows += [Arrow("in", f"route:{row.id}"), Arrow(f"route:{row.id}", f"department:{row.department}")]
    for department in policy.departments.values():
        boxes.append(Box(f"department:{department.id}", 2, department.id, _department(policy, department)))
        for response in department.respond:
            arrows.append(Arrow(f"department:{department.id}", f"response:{response.id}"))
        if department.when_closed is not None and department.when_closed.department:
            end = f"department:{department.when_closed.department}"
            arrows.append(Arrow(f"department:{department.id}", end, "when closed"))
    own = [response for department in policy.departments.values() for response in department.respond]
    boxes += [Box(f"response:{row.id}", 3, row.id, _response(row)) for row in (*own, *policy.respond)]
    for target in policy.targets:
        lines = tuple(f"{step}: {say_deadline(deadline)}" for step, deadline in target.deadlines.items())
        boxes.append(Box(f"target:{target.id}", 4, target.id, (say_condition(target.when), *lines)))
        if target.ladder:
            arrows.append(Arrow(f"target:{target.id}", f"ladder:{target.ladder}"))
    for name, levels in policy.ladders.items():
        boxes.append(Box(f"ladder:{name}", 5, name, tuple(map(_level, levels))))
    return Picture(policy.name, tuple(boxes), tuple(arrows))


def _department(policy: Policy, department: Department) -> tuple[str, ...]:
    lines = [in_language(department.name, (policy.fallback,)), f"open: {department.calendar or 'always'}"]
    for calendar, person in department.on_duty:
        lines.append(f"on duty: {person}" + (f" ({calendar})" if calendar else ""))
    if department.lead:
        lines.append(f"lead: {department.lead}")
    if department.when_closed is not None and department.when_closed.template:
        lines.append(f"when closed: says {department.when_closed.template}")
    return tuple(lines)


def _response(response: Response) -> tuple[str, ...]:
    steps = tuple(f"{step}: {say_step(response.step(step))}" for step in STEPS)
    return (say_condition(response.when), *steps)


def say_step(step: Step) -> str:
    """What a step does, in a few words."""
    if step.kind in ("send", "draft"):
        approved = f", approved by {step.approval.by}" if step.approval is not None and step.approval.by else ""
        return f"{step.kind} {step.template}{approved}"
    if step.kind in ("do", "offer"):
        return f"{step.kind} " + ", ".join(map(_action, step.actions))
    return "by hand" if step.kind == "by_hand" else "none"


def _action(action: Action) -> str:
    main = action.parameters.get(action.spec.main, "")
    return f"{action.name} {main}".strip() if isinstance(main, str) else action.name


def say_deadline(deadline: Deadline) -> str:
    """A deadline in a few words, such as `4h of open time`."""
    match deadline.kind:
        case "elapsed":
            return say_duration(deadline.amount)
        case "open_time":
            return f"{say_duration(deadline.amount)} of open time"
        case "open_days":
            return f"{deadline.amount} open day{'s' if deadline.amount > 1 else ''}"
        case _:
            assert deadline.when_open is not None
            assert deadline.when_closed is not None
            return f"{say_deadline(deadline.when_open)} when open, {say_deadline(deadline.when_closed)} when closed"


def _level(level: Level) -> str:
    when = f"{level.percent}%" if level.percent is not None else f"+{say_duration(level.overdue or 0)}"
    more = f", every {say_duration(level.every)} x{level.times}" if level.every else ""
    return f"{when}: {', '.join(level.notify)}{more}"


def mermaid(drawn: Picture) -> str:
    """The picture as a Mermaid flowchart, one subgraph a column."""
    numbers = {box.id: f"n{number}" for number, box in enumerate(drawn.boxes)}
    lines = ["flowchart LR"]
    for column, head in enumerate(COLUMNS):
        lines.append(f'  subgraph c{column}["{head}"]')
        for box in drawn.boxes:
            if box.column == column:
                text = "<br/>".join((f"<b>{_safe(box.title)}</b>", *map(_safe, box.lines)))
                lines.append(f'    {numbers[box.id]}["{text}"]')
        lines.append("  end")
    for arrow in drawn.arrows:
        label = f"|{_safe(arrow.label)}|" if arrow.label else ""
        lines.append(f"  {numbers[arrow.start]} -->{label} {numbers[arrow.end]}")
    for left, right in (("c2", "c3"), ("c3", "c4")):
        lines.append(f"  {left} -.->|first that matches| {right}")
    return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    """Characters that Mermaid or HTML would read as its own."""
    for sign, code in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("|", "&#124;")):
        text = text.replace(sign, code)
    return text
