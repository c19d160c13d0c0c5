"""Gives coupons out of a pool of codes, each code once.

Settings
    pool        a CSV file with the columns `code`, `amount`, `currency` and, where codes end, `expires`; or a SQLite
                file (`.db`, `.sqlite`) with a table `coupons` of the same columns
    timezone    where the day ends on which a coupon expires; default UTC

    code,amount,currency,expires
    SORRY-7KQ2,1000,JPY,2027-03-31

Amounts are written as in a playbook: `1000` JPY, `12.50` USD. In a table of your own, `amount` is in the smallest unit.

Parameters: {amount, currency, incident}.

Result: {code, amount, expires}, for texts with `{{ coupon.code }}`.

What was given is kept beside the codes: for a CSV file in `coupons.db` among the tables of the run, which takes in new
lines of the file as they come, for a SQLite file in itself. Codes that end first are given first. Several processes
may share a pool: a code is taken in a transaction that nobody else writes in.

Repeated: promises `key`. The same key is given the same code again.

Errors: a pool without a code of that amount fails, as does a line that cannot be read.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playbook_engine import (
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    PlaybookError,
    PluginSettings,
    Receipt,
    Undelivered,
    hookimpl,
    load_zone,
    parse_money,
    say_money,
)

SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "pool": {"type": "string", "examples": ["coupons.csv"]},
        "timezone": {"type": "string", "examples": ["Asia/Tokyo"]},
    },
}

_COLUMNS = ("code", "amount", "currency")
_TABLE = """
CREATE TABLE IF NOT EXISTS coupons (
    code TEXT PRIMARY KEY, amount INTEGER NOT NULL, currency TEXT NOT NULL, expires TEXT NOT NULL DEFAULT ''
)
"""
_GIVEN = """
CREATE TABLE IF NOT EXISTS given_coupons (
    key TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, incident TEXT NOT NULL, given_at INTEGER NOT NULL
)
"""
_READ = "CREATE TABLE IF NOT EXISTS read_files (mark TEXT PRIMARY KEY)"
_MINE = """
SELECT coupons.code, amount, currency, coalesce(expires, '') FROM coupons JOIN given_coupons USING (code) WHERE key = ?
"""
_NEXT = """
SELECT code, amount, currency, coalesce(expires, '') FROM coupons
WHERE amount = ? AND currency = ? AND (coalesce(expires, '') = '' OR expires >= ?)
    AND code NOT IN (SELECT code FROM given_coupons)
ORDER BY coalesce(expires, '') = '', expires, code LIMIT 1
"""
_PATIENCE = 10.0
"""Seconds to wait for another process that writes."""

_UNREADABLE = (OSError, UnicodeDecodeError, csv.Error)

Coupon = tuple[str, int, str, str]
"""Code, amount in the smallest unit, currency, and the last day on which it can be used, or ""."""


def deliver(delivery: Delivery, context: DeliveryContext) -> Receipt:
    amount, currency = delivery.parameters.get("amount"), str(delivery.parameters.get("currency", ""))
    if not isinstance(amount, int) or isinstance(amount, bool):
        return Receipt("failed", error="a coupon needs an amount of money")
    if context.dry_run:
        return _told(("DRY-RUN", amount, currency, ""))
    try:
        with _pool(context) as pool:
            coupon = _given(pool, delivery, context, amount, currency)
    except sqlite3.DatabaseError as error:
        passing = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
        outcome = "again" if passing else "failed"
        raise Undelivered(outcome, f"the pool of coupons cannot be used: {type(error).__name__}") from None
    if coupon is None:
        return Receipt("failed", error=f"no coupon of {say_money(amount, currency)} is left; add codes to the pool")
    return _told(coupon)


def _told(coupon: Coupon) -> Receipt:
    code, amount, currency, expires = coupon
    return Receipt("delivered", result={"code": code, "amount": say_money(amount, currency), "expires": expires})


def _given(
    pool: sqlite3.Connection, delivery: Delivery, context: DeliveryContext, amount: int, currency: str
) -> Coupon | None:
    mine: Coupon | None = pool.execute(_MINE, (delivery.key,)).fetchone()
    if mine is not None:
        return mine
    found: Coupon | None = pool.execute(_NEXT, (amount, currency, _today(context))).fetchone()
    if found is not None:
        pool.execute(
            "INSERT INTO given_coupons VALUES (?, ?, ?, ?)", (delivery.key, found[0], delivery.incident, context.now)
        )
    return found


def _today(context: DeliveryContext) -> str:
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=context.now)
    return now.astimezone(load_zone(context.settings.text("timezone", "UTC"))).date().isoformat()


@contextmanager
def _pool(context: DeliveryContext) -> Iterator[sqlite3.Connection]:
    """The codes and what was given of them, within one transaction that nobody else writes in."""
    path = context.settings.path("pool")
    own = path.suffix in (".db", ".sqlite")
    if own and not path.is_file():
        raise context.settings.wrong("pool", "there is no such file")
    place = path if own else context.state / "coupons.db"
    with closing(sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None)) as pool:
        pool.execute("BEGIN IMMEDIATE")
        pool.execute(_GIVEN)
        if not own:
            pool.execute(_TABLE)
            pool.execute(_READ)
            _take_in(pool, path, context.settings)
        yield pool
        pool.execute("COMMIT")


def _take_in(pool: sqlite3.Connection, path: Path, settings: PluginSettings) -> None:
    """New codes of the file. Codes that were taken in stay, so that a code is never given twice."""
    try:
        status = path.stat()
        mark = f"{path.resolve()}#{status.st_size}#{status.st_mtime_ns}"
        if pool.execute("SELECT 1 FROM read_files WHERE mark = ?", (mark,)).fetchone():
            return
        coupons = list(read_pool(path, settings))
    except _UNREADABLE as error:
        raise _unreadable(settings, error) from None
    pool.executemany("INSERT INTO coupons VALUES (?, ?, ?, ?) ON CONFLICT (code) DO NOTHING", coupons)
    pool.execute("INSERT INTO read_files VALUES (?)", (mark,))


def read_pool(path: Path, settings: PluginSettings) -> Iterator[Coupon]:
    """The coupons in a CSV file. Raises PlaybookError with the line of what is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := [name for name in _COLUMNS if name not in (rows.fieldnames or ())]:
            raise settings.wrong("pool", f"the first line has no column `{missing[0]}`; name it there")
        for row in rows:
            try:
                money = parse_money(f"{_cell(row, 'amount')} {_cell(row, 'currency')}")
                last_day = _day(_cell(row, "expires"))
            except ValueError as error:
                raise settings.wrong("pool", f"line {rows.line_num}: {error}") from None
            if not (code := _cell(row, "code")):
                raise settings.wrong("pool", f"line {rows.line_num}: there is no code; write it, or take the line out")
            yield code, money.amount, money.currency, last_day


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise ValueError(f"`{text[:40]}` is not a day; write it as 2027-03-31") from None


def _unreadable(settings: PluginSettings, error: Exception) -> PlaybookError:
    why = getattr(error, "strerror", None) or "it is not CSV in UTF-8"
    return settings.wrong("pool", f"this file cannot be read: {why}")


def _cell(row: dict[str, str | None], name: str) -> str:
    return (row.get(name) or "").strip()


def check(settings: PluginSettings) -> None:
    try:
        load_zone(settings.text("timezone", "UTC"))
    except ValueError as error:
        raise settings.wrong("timezone", str(error)) from None
    path = settings.path("pool")
    if "${" in str(path):
        return
    try:
        if path.suffix in (".db", ".sqlite"):
            path.open("rb").close()
        else:
            for _ in read_pool(path, settings):
                pass
    except _UNREADABLE as error:
        raise _unreadable(settings, error) from None


@hookimpl
def playbook_actions() -> Iterable[Action]:
    spec = ActionSpec("coupon", effects=("spends",), idempotent="key", sentence="gives the customer a coupon")
    return [Action(spec, deliver, settings=SETTINGS, check=check)]
