"""What platforms take in a stretch of time, as claims that are asked for when something is about to leave.

The figures are dated data (`policy/platforms.py`), or a plugin's own. Unlike a playbook's `limits` they hold for what
really leaves, so a dry run knows none, and what only the log is given has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.policy.durations import MINUTE
from playbook_engine.policy.platforms import SendRate

Room = Callable[[Delivery], tuple[Claim, ...]]

SAYING = ("send", "post")

MOST_TOLD = 20
TOLD_WITHIN = 10 * MINUTE
"""Notifications that one person is told apart; the rest of a storm is gathered into one as soon as there is room."""


def no_room(delivery: Delivery) -> tuple[Claim, ...]:
    """Where nothing leaves there is nothing to ask for."""
    return ()


def room_of(rates: Iterable[SendRate], leaves: Callable[[Delivery], bool]) -> Room:
    """What a delivery has to ask for by these rates, if it really leaves this machine."""
    known = tuple(rates)

    def room(delivery: Delivery) -> tuple[Claim, ...]:
        if not leaves(delivery):
            return ()
        if delivery.action == "notify":
            return (Claim(f"rate:person:{delivery.person}", 1, MOST_TOLD, per=TOLD_WITHIN, over="digest"),)
        if delivery.action not in SAYING:
            return ()
        said = "posts" if delivery.public else "direct"
        return tuple(_claim(rate, delivery) for rate in known if (rate.platform, rate.of) == (delivery.channel, said))

    return room


def _claim(rate: SendRate, delivery: Delivery) -> Claim:
    whose = f":{delivery.account}" if rate.per == "account" else ""
    return Claim(f"rate:{rate.platform}:{rate.of}:{rate.within}{whose}", 1, rate.most, per=rate.within)
