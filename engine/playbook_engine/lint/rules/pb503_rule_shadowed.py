"""A row can never win: earlier rows take every message that it matches.

What it finds
A row of `ignore`, `route`, `targets` or `respond` that some message could meet, but only messages that an earlier row,
or several together, have taken. The fewest rows that do so are named.

Why it matters
The list is read from the top and the first row that matches wins. What stands below is a policy that everybody reads
and nobody gets.

Avoid
```yaml
respond:
  - {id: question, when: {kind: question}, reply: {send: ack}, apologise: none, resolve: by_hand}
  - {id: on-x, when: {kind: question, channel: x}, reply: by_hand, apologise: none, resolve: by_hand}
```

Prefer
```yaml
respond:
  - {id: on-x, when: {kind: question, channel: x}, reply: by_hand, apologise: none, resolve: by_hand}
  - {id: question, when: {kind: question}, reply: {send: ack}, apologise: none, resolve: by_hand}
```
"""

from collections.abc import Iterable, Iterator

from playbook_engine.lint.apart import asks_for_hours, may_meet
from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.proofs import FIRST_MATCH, conditions, rows
from playbook_engine.lint.removing import without_item
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wordings import strings
from playbook_engine.prove.encode import RowName
from playbook_engine.text.document import Path


def check(subject: Subject) -> Iterator[Found]:
    case, held = subject.case, conditions(subject)
    for section in FIRST_MATCH:
        paths = {name: written.path for written, name in rows(subject, section)}
        near = may_meet([held[path] for path in paths.values()])
        for (name, path), met in zip(paths.items(), near, strict=True):
            if not met or case.prover.ask(case.prover.wins(name), conflicts=case.budget).kind != "no":
                continue
            if blocking := case.blockers(name):
                yield _found(subject, name, path, {each: paths[each] for each in blocking if each in paths})


def _found(subject: Subject, row: RowName, path: Path, blocking: dict[RowName, Path]) -> Found:
    names = ", ".join(f"`{each.id}`" for each in blocking)
    taken = "takes" if len(blocking) == 1 else "together take"
    one, some = ("takes all of them",), ("takes some of them",) * (len(blocking) - 1) + ("takes the rest",)
    labels = one if len(blocking) == 1 else some
    return Found(
        path,
        f"`{row.id}` can never win: {names} above {taken} every message that it matches",
        f"move it above {'that row' if len(blocking) == 1 else 'the first of them'}, or take it out",
        fix=without_item(
            subject,
            path,
            f"take out `{row.id}`, which decides nothing",
            safe=_is_free(subject, row, (path, *blocking.values())),
        ),
        beside=tuple(Beside(each, label) for each, label in zip(blocking.values(), labels, strict=True)),
    )


def _is_free(subject: Subject, row: RowName, paths: Iterable[Path]) -> bool:
    """Whether no claim names the row, and no hours decide, of which a proof knows a year only."""
    named = any(value == row.id for _, value in strings(subject.document.value.get("prove")))
    held = conditions(subject)
    return not named and not any(asks_for_hours(held[path]) for path in paths)


RULE = Rule("PB503", "rule-shadowed", "error", check, confidence="proven", tier="V")
