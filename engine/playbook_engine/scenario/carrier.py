"""The carrier of a test: it carries nothing, and what becomes of an action is what the test says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.scenario.suite import Mock

DELIVERED = Mock()


class MockCarrier:
    """Nothing leaves the process. `left` hears of every attempt: the delivery, the instant and the outcome."""

    dry = True

    def __init__(self, mocks: Mapping[str, Mock], left: Callable[[Delivery, int, str], object]) -> None:
        self._mocks = mocks
        self._left = left
        self._broken: dict[str, str] = {}
        self._calls: Counter[str] = Counter()

    def fails(self, action: str, outcome: str) -> None:
        """From now on, whatever the mocks say."""
        self._broken[action] = outcome

    def works(self, action: str) -> None:
        self._broken.pop(action, None)

    def promise(self, delivery: Delivery) -> str:
        return "key"

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        mock = self._mocks.get(delivery.action, DELIVERED)
        outcome = (
            self._broken.get(delivery.action)
            or mock.outcomes[min(self._calls[delivery.action], len(mock.outcomes) - 1)]
        )
        self._calls[delivery.action] += 1
        self._left(delivery, now, outcome)
        delivered = outcome == "delivered"
        return Receipt(
            outcome,
            message=f"test:{delivery.key}" if delivered else "",
            result=dict(mock.result) if delivered else {},
            error="" if delivered else "the test says so",
        )

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        return Receipt("again")
