"""That everything we set off ends: rules that answer to what rules did, ladders that repeat, machines that answer us.

What our own doing causes, as the decision makes it: a delivery comes back as an `action.…` event, one deeper than the
event that made it; nothing else of ours comes back as an event that rules fire on. At depth three no rule acts
(SEMANTICS 9.3), so every chain of rules is finite; how long one can get is worked out here, and what ends it earlier.
Chains of hand-overs and of deputies are acyclic once a policy exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from playbook_engine.decide.acting import DEEPEST
from playbook_engine.decide.releasing import leaves_by_itself
from playbook_engine.policy.conditions import All, Always, Any, Condition, Not, Test, holds
from playbook_engine.policy.policy import Action, Limit, Policy, Response, Rule, Target

RULES_FIRE_ON = frozenset(
    {
        "message.received",
        "message.sent",
        "incident.acknowledged",
        "incident.assigned",
        "incident.waiting",
        "incident.resolved",
        "action.delivered",
        "action.failed",
        "action.unknown",
        "action.over",
        "action.expired",
        "source.silent",
        "mode.started",
        "mode.ended",
    }
)
"""The types of event on which the decision asks the rules. A rule on another type never fires."""

OUTCOMES = ("action.delivered", "action.failed", "action.unknown", "action.expired")
"""What becomes of any delivery; `action.over` only of one that claims something."""

_STAYS_HERE = ("tag", "mute", "resolve")


@dataclass(frozen=True)
class Cycle:
    """Rules that may set one another off through what becomes of their deliveries, by name.

    `cut` says what ends it: always `depth`; `once_per` where every way round passes a rule that fires once. That a
    person must approve ends none, because asking is a delivery too.
    """

    rules: tuple[str, ...]
    events: tuple[str, ...]
    cut: tuple[str, ...]


@dataclass(frozen=True)
class Echo:
    """A machine on the customer's side may be answered by ours again and again.

    `answer` is the response or the rule that does it, `targets` those under which an automatic answer ends the round (a
    rule needs none). `limit` is the tightest limit on such messages to one author, account, platform or all; None where
    nothing bounds them but the other side.
    """

    answer: str
    targets: tuple[str, ...]
    limit: Limit | None


@dataclass(frozen=True)
class Termination:
    """What ends, and how soon.

    `most` bounds how many deliveries one firing of a rule leads to, its own included, if all goes wrong. `ladders` is
    how many notifications a ladder can send for one duty, not counting deputies of people who could not be reached.
    `never` are rules on events that rules never fire on.
    """

    cycles: tuple[Cycle, ...]
    most: Mapping[str, int]
    ladders: Mapping[str, int]
    echoes: tuple[Echo, ...]
    never: tuple[str, ...]


def termination(policy: Policy) -> Termination:
    """How everything that a playbook sets off ends. Conditions are taken to hold wherever they may."""
    firing = [rule for rule in policy.rules if rule.event in RULES_FIRE_ON]
    graph = {rule.id: _set_off(policy, rule, firing) for rule in firing}
    count = _Count(firing)
    return Termination(
        tuple(_cycles(graph, {rule.id: rule for rule in firing})),
        {rule.id: count.fired(rule, 0) for rule in firing},
        {
            name: sum(len(level.notify) * (1 + (level.times if level.every else 0)) for level in levels)
            for name, levels in policy.ladders.items()
        },
        tuple(_echoes(policy)),
        tuple(rule.id for rule in policy.rules if rule.event not in RULES_FIRE_ON),
    )


def caused(policy: Policy, action: Action) -> tuple[str, ...]:
    """The types of event that carrying out an action may bring back."""
    if not _leaves(action):
        return ()
    claims = any(limit.action in (action.name, _also(action)) for limit in policy.limits)
    return (*OUTCOMES, "action.over") if claims or "spends" in action.spec.effects else OUTCOMES


def _leaves(action: Action) -> bool:
    """Whether the action makes a delivery; what changes only the incident makes none."""
    return action.name not in _STAYS_HERE and (action.name != "hand_over" or "send" in action.parameters)


def _also(action: Action) -> str:
    """What a delivery of the action may be followed by, or is: a message to the customer."""
    says = action.name in ("hand_over", "lookup") or isinstance(action.parameters.get("send"), str)
    return "send" if says else ""


def _set_off(policy: Policy, rule: Rule, firing: Iterable[Rule]) -> tuple[str, ...]:
    events = {event for action in rule.actions for event in caused(policy, action)}
    return tuple(other.id for other in firing if other.event in events)


def _cycles(graph: Mapping[str, tuple[str, ...]], rules: Mapping[str, Rule]) -> Iterator[Cycle]:
    done: set[str] = set()
    for name in graph:
        together = sorted(other for other in _reached(graph, name) if name in _reached(graph, other))
        if together and name not in done:
            done.update(together)
            events = tuple(sorted({rules[each].event for each in together}))
            yield Cycle(tuple(together), events, tuple(_cut(graph, rules, together)))


def _reached(graph: Mapping[str, tuple[str, ...]], name: str) -> set[str]:
    """Every rule that a rule may set off, however many steps later."""
    found: set[str] = set()
    ahead = list(graph[name])
    while ahead:
        each = ahead.pop()
        if each not in found:
            found.add(each)
            ahead += graph[each]
    return found


def _cut(graph: Mapping[str, tuple[str, ...]], rules: Mapping[str, Rule], together: list[str]) -> Iterator[str]:
    yield "depth"
    left = [each for each in together if rules[each].once_per != "incident"]
    around = {each: tuple(other for other in graph[each] if other in left) for each in left}
    if not any(each in _reached(around, each) for each in around):
        yield "once_per"


class _Count:
    """Upper bounds of how many deliveries follow, if everything goes as badly as it can and no person adds a word."""

    def __init__(self, firing: list[Rule]) -> None:
        self.firing = firing
        self._following: dict[int, int] = {}
        self._fired: dict[tuple[str, int], int] = {}

    def fired(self, rule: Rule, depth: int) -> int:
        """By a rule that an event of a depth sets off; at the deepest a person is told instead."""
        key = (rule.id, depth)
        if key not in self._fired:
            acting = [action for action in rule.actions if _leaves(action)]
            answered = sum(map(_followed, acting))
            amount = len(acting) * self.following(depth + 1) + answered * self.following(depth + 2)
            self._fired[key] = self.following(depth + 1) if depth >= DEEPEST else amount
        return self._fired[key]

    def following(self, depth: int) -> int:
        """By a delivery of a depth, itself included: it is unknown, then fails; each is told to somebody."""
        if depth not in self._following:
            if depth > DEEPEST:
                amount = 3
            else:
                rules = {event: self._rules(event, depth) for event in (*OUTCOMES, "action.over")}
                final = max(amount for event, amount in rules.items() if event != "action.unknown")
                amount = 1 + rules["action.unknown"] + final + 2 * self.following(depth + 1)
            self._following[depth] = amount
        return self._following[depth]

    def _rules(self, event: str, depth: int) -> int:
        return sum(self.fired(rule, depth) for rule in self.firing if rule.event == event)


def _followed(action: Action) -> bool:
    """Whether a message follows what the action brought: the answer of a look-up, the words with a coupon."""
    return action.name != "hand_over" and _also(action) == "send"


def _echoes(policy: Policy) -> Iterator[Echo]:
    if any(_of_machines(row.when) for row in policy.ignore):
        return
    limit = _tightest(policy)
    own = [row for department in policy.departments.values() for row in department.respond]
    for response in (*own, *policy.respond):
        if leaves_by_itself(response.reply) and _of_machines(response.when) is not False:
            targets = tuple(target.id for target in policy.targets if _ends_the_round(target, response))
            if targets:
                yield Echo(response.id, targets, limit)
    for rule in policy.rules:
        said = [action for action in rule.actions if action.name == "send" or _also(action)]
        by_itself = any(action.approval is None for action in said)
        every_time = rule.event == "message.received" and not rule.once_per and not rule.after
        if by_itself and every_time and _of_machines(rule.when) is not False:
            yield Echo(rule.id, (), limit)


def _ends_the_round(target: Target, response: Response) -> bool:
    """Whether an automatic reply leaves no reply owed, so that the next message is answered anew."""
    counts = target.counts or ("any" if response.apologise.kind == "none" else "human")
    return _of_machines(target.when) is not False and (counts == "any" or "reply" not in target.deadlines)


def _of_machines(condition: Condition) -> bool | None:
    """Whether a condition holds for what a machine wrote; None where that depends on more."""
    match condition:
        case Always():
            return True
        case Test():
            return holds(condition, {"automatic": True}) if condition.fact == "automatic" else None
        case Not():
            inner = _of_machines(condition.part)
            return None if inner is None else not inner
        case All():
            parts = [_of_machines(part) for part in condition.parts]
            return False if False in parts else None if None in parts else True
        case Any():
            parts = [_of_machines(part) for part in condition.parts]
            return True if True in parts else None if None in parts else False


def _tightest(policy: Policy) -> Limit | None:
    """The limit of `send` that lets the fewest through in the long run."""
    bounds = [limit for limit in policy.limits if limit.action == "send" and limit.within]
    return min(bounds, key=lambda limit: limit.most / limit.within, default=None)
