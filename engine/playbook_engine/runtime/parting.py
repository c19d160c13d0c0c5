"""A history cut into parts that know nothing of each other, so that each can be replayed by a process of its own.

Together stay: what names the same message, conversation or incident, and whatever one handle wrote, on any channel.
So every incident, thread and limit per author lies in one part whole. What must hold across incidents (modes, spending
per day, limits per person, account, platform or all, the watch over silent accounts) cannot be cut: `whole` says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from playbook_engine.decide.address import incident_id_of
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.door import Terms
from playbook_engine.runtime.incoming.outcomes import Incoming, Outcome

_MESSAGES = ("message.received", "message.sent")


class Stamped(Struct, frozen=True):
    """One piece of input and where the whole history's clock stands when it is seen (ms UTC).

    `at` is None for what will not be admitted, which moves no clock.
    """

    outcome: Outcome
    at: int | None


def whole(policy: Policy) -> str:
    """Why a history must be replayed in one piece under this policy; "" where it may be cut."""
    if policy.modes:
        return f"mode `{next(iter(policy.modes))}` counts messages of all incidents"
    for limit in policy.limits:
        if limit.per != "author":
            return f"limit `{limit.id}` holds across incidents"
    for department in policy.departments.values():
        for authority in department.may_spend.values():
            if authority.per_day is not None:
                return f"what {department.id} may spend a day holds across incidents"
    for account in policy.accounts.values():
        if account.silent_after:
            return f"the silence of {account.id} is told by the messages of all incidents"
    return ""


def stamped(terms: Terms, outcomes: Iterable[Outcome]) -> list[Stamped]:
    """Every piece with the instant at which the door will see it, on a clock that the events alone move."""
    now, found = 0, []
    ids: set[tuple[str, str]] = set()
    messages: set[tuple[str, str, bool]] = set()
    for outcome in outcomes:
        if not isinstance(outcome, Incoming) or _refused(terms, outcome, ids, messages):
            found.append(Stamped(outcome, None))
            continue
        now = max(now, outcome.at or 0)
        found.append(Stamped(outcome, now))
    return found


def _refused(terms: Terms, event: Incoming, ids: set[tuple[str, str]], messages: set[tuple[str, str, bool]]) -> bool:
    """What the door will refuse: an unknown channel, an id or a message that it has seen."""
    name = (event.source, event.id)
    message = (event.channel, event.message, terms.is_ours(event))
    spoken = event.type in _MESSAGES and bool(event.message)
    if not terms.knows(event.channel) or name in ids or (spoken and message in messages):
        return True
    ids.add(name)
    if spoken:
        messages.add(message)
    return False


def parted(pieces: Sequence[Stamped], count: int) -> list[list[Stamped]]:
    """At most `count` parts of about the same size, each in the order of the input; the same for the same input."""
    groups = _Groups()
    roots = [groups.join(_names(piece.outcome)) for piece in pieces]
    sizes = Counter(groups.root(root) for root in roots)
    loads = [0] * count
    part_of: dict[int, int] = {}
    for root, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        lightest = loads.index(min(loads))
        part_of[root] = lightest
        loads[lightest] += size
    parts: list[list[Stamped]] = [[] for _ in range(count)]
    for piece, root in zip(pieces, roots, strict=True):
        parts[part_of[groups.root(root)]].append(piece)
    return [part for part in parts if part]


def _names(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    """By what names a piece is tied to others. Those set aside are counted anywhere, so all in one place."""
    if not isinstance(outcome, Incoming):
        yield ("aside",)
        return
    yield "id", outcome.source, outcome.id
    yield "incident", incident_id_of(outcome.source, outcome.id)
    for name in (outcome.id, outcome.message, outcome.in_reply_to, outcome.conversation):
        if name:
            yield "said", outcome.channel, name
    for incident in (outcome.incident, outcome.data.get("into")):
        if isinstance(incident, str) and incident:
            yield "incident", incident
    handle = outcome.author.handle.removeprefix("@").casefold()
    if handle and outcome.type != "message.sent":
        yield "handle", handle


class _Groups:
    """Names that have met belong together: union-find, numbered in the order of the input."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, ...], int] = {}
        self._above: list[int] = []

    def join(self, names: Iterable[tuple[str, ...]]) -> int:
        roots = {self.root(self._numbered(name)) for name in names}
        first = min(roots)
        for root in roots:
            self._above[root] = first
        return first

    def root(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def _numbered(self, name: tuple[str, ...]) -> int:
        number = self._number.setdefault(name, len(self._above))
        if number == len(self._above):
            self._above.append(number)
        return number
