"""The lock of holiday dates: what it says, and what is wrong with it."""

from __future__ import annotations

from datetime import date

import pytest

from playbook_engine.policy.holidays import LOCK_FILE, HolidayLock, read_lock
from playbook_engine.text.read import read


def lock_of(text: str) -> tuple[HolidayLock, list[str]]:
    document, unreadable = read({LOCK_FILE: text.encode()})
    assert unreadable == ()
    lock, problems = read_lock(document)
    return lock, [problem.code for problem in problems]


def test_a_lock_holds_dates_by_country_and_by_region() -> None:
    lock, codes = lock_of(
        "locked_with: holidays 0.109\nyears: 2024..2030\nJP: {2026-01-12: 成人の日, 2026-01-01: 元日}\n"
        "DE-BY: {2026-01-06: Heilige Drei Könige}\n"
    )
    assert codes == []
    assert lock.dates("JP") == {date(2026, 1, 1): "元日", date(2026, 1, 12): "成人の日"}
    assert lock.dates("DE-BY") == {date(2026, 1, 6): "Heilige Drei Könige"}
    assert (lock.locked_with, lock.years) == ("holidays 0.109", "2024..2030")


def test_a_region_that_is_not_locked_has_no_dates_at_all() -> None:
    lock, _ = lock_of("JP: {2026-01-01: 元日}\n")
    assert lock.dates("DE") is None
    assert lock.dates("DE-BY") is None


def test_norway_is_a_country() -> None:
    lock, codes = lock_of("NO: {2026-05-17: Grunnlovsdag}\n")
    assert codes == []
    assert lock.dates("NO") == {date(2026, 5, 17): "Grunnlovsdag"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("JP: {2026-02-30: x}\n", ["date"]),
        ("JP: {2026-01-01..2026-01-03: x}\n", ["date"]),
        ("JP: {1.1.2026: x}\n", ["date"]),
        ("JP: [2026-01-01]\n", ["structure"]),
        ("JP: {2026-01-01: [x]}\n", ["structure"]),
        ("years: [2024, 2030]\n", ["structure"]),
    ],
)
def test_a_lock_that_was_edited_wrongly_is_told_where(text: str, codes: list[str]) -> None:
    assert lock_of(text)[1] == codes
