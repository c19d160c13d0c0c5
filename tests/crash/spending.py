"""Workers that send out of one outbox and spend one budget, each with a store and a dispatcher of its own.

As a program it is one of many processes: `spending.py URL NAME [DIE]`. It waits for a line, works until nothing is
due, and prints the keys it sent; DIE is after how many of them it kills itself, its last call made and not recorded.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from playbook_engine.model.delivery import Claim, Delivery, Receipt
from playbook_engine.model.incident import Incident
from playbook_engine.runtime.dispatcher import Dispatcher, Recorder
from playbook_engine.runtime.store import Store, StoredDelivery, encode, open_store, transaction

BUDGET = 3_000
NOW = 1_000
GIFTS = 120


def incident(id: str) -> Incident:
    place = {"threads": ("t",), "channel": "x", "account": "shop", "public": True}
    return Incident(version=1, id=id, opened_at=1, opened_by="s#e", clock=1, department="care", **place)  # type: ignore[arg-type]


def filled(store: Store, incidents: int) -> None:
    """An outbox of coupons of 30 to 129 each, more than the department may spend, in so many incidents."""
    for n in range(incidents):
        store.put_incident(incident(f"i{n}"), encode(incident(f"i{n}")))
    for n in range(GIFTS):
        spend = Claim("spend:care", 30 + n * 37 % 100, BUDGET, per=86_400_000, over="ask")
        once = Claim(f"limit:once:{n // 2}", 1, 1, over="drop")
        gift = Delivery(
            key=f"g{n}", incident=f"i{n % incidents}", action="coupon", channel="x", parameters={}, claims=(spend, once)
        )
        store.add_delivery(StoredDelivery(delivery=gift))


def work(store: Store, send: Callable[[Delivery], object]) -> None:
    """Intends in one transaction, calls, and records the outcome in another, until nothing is due."""
    carrier = Recorder()
    dispatcher = Dispatcher(store, carrier)
    while True:
        with transaction(store):
            dispatcher.stale = True
            row = dispatcher.pick(NOW)
            if row is None:
                return
            leaving, _ = dispatcher.intend(row, NOW)
        if leaving is not None:
            send(leaving.delivery)
            with transaction(store):
                dispatcher.settle(leaving, Receipt(), NOW)


def main(url: str, die: str = "") -> None:
    store, sent = open_store(url), 0
    print("ready", flush=True)
    sys.stdin.readline()

    def send(delivery: Delivery) -> None:
        nonlocal sent
        sent += 1
        print(delivery.key, flush=True)
        if sent == int(die or 0):
            os.kill(os.getpid(), signal.SIGKILL)

    work(store, send)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
