"""A pool of coupon codes, each given once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from outside import context, delivery
from playbook_engine import Delivery, PlaybookError, PluginSettings, Receipt
from playbook_plugins import coupon


def pool(folder: Path, *lines: str, name: str = "pool.csv") -> Path:
    (folder / name).write_text("\n".join(("code,amount,currency,expires", *lines)) + "\n", encoding="utf-8")
    return folder / name


def wanted(key: str = "k1", amount: int = 1000, currency: str = "JPY") -> Delivery:
    return delivery("coupon", key=key, amount=amount, currency=currency, incident="i1")


def given(folder: Path, one: Delivery, now: int | None = None, **settings: object) -> Receipt:
    known = {"pool": "pool.csv", **settings}
    return coupon.deliver(one, context(known, folder) if now is None else context(known, folder, now=now))


def test_a_coupon_is_given_with_what_it_is_worth_and_until_when(tmp_path: Path) -> None:
    pool(tmp_path, "A1,1000,JPY,2027-03-31")
    result = {"code": "A1", "amount": "1000 JPY", "expires": "2027-03-31"}
    assert given(tmp_path, wanted()) == Receipt("delivered", result=result)


def test_the_same_key_is_given_the_same_code_again(tmp_path: Path) -> None:
    pool(tmp_path, "A1,1000,JPY,", "A2,1000,JPY,")
    codes = [given(tmp_path, wanted(key)).result["code"] for key in ("k1", "k2", "k1", "k2")]
    assert codes == ["A1", "A2", "A1", "A2"]


def test_only_codes_of_the_amount_are_given_in_the_currency_s_digits(tmp_path: Path) -> None:
    pool(tmp_path, "Y,1250,JPY,", "D,12.50,USD,", "E,12.5,EUR,")
    assert given(tmp_path, wanted("a", 1250, "USD")).result["code"] == "D"
    assert given(tmp_path, wanted("b", 1250, "EUR")).result == {"code": "E", "amount": "12.50 EUR", "expires": ""}


def test_an_empty_pool_fails_and_says_of_which_amount(tmp_path: Path) -> None:
    pool(tmp_path, "A1,1000,JPY,")
    assert given(tmp_path, wanted("k1")).outcome == "delivered"
    said = "no coupon of 1000 JPY is left; add codes to the pool"
    assert given(tmp_path, wanted("k2")) == Receipt("failed", error=said)


def test_codes_added_to_the_file_are_taken_in(tmp_path: Path) -> None:
    pool(tmp_path, "A1,1000,JPY,")
    assert given(tmp_path, wanted("k1")).result["code"] == "A1"
    pool(tmp_path, "A2,1000,JPY,", "A1,1000,JPY,")
    assert given(tmp_path, wanted("k2")).result["code"] == "A2"
    assert given(tmp_path, wanted("k3")).outcome == "failed", "A1 was given already"


def test_what_ends_first_is_given_first_and_what_has_ended_never(tmp_path: Path) -> None:
    pool(tmp_path, "NONE,1000,JPY,", "LATE,1000,JPY,2026-06-30", "SOON,1000,JPY,2026-03-02", "GONE,1000,JPY,2026-03-01")
    codes = [given(tmp_path, wanted(key)).result["code"] for key in ("a", "b", "c")]
    assert codes == ["SOON", "LATE", "NONE"]
    assert given(tmp_path, wanted("d")).outcome == "failed"


def test_the_last_day_ends_where_the_shop_is(tmp_path: Path) -> None:
    pool(tmp_path, "A1,1000,JPY,2026-03-02")
    at_16_utc = 1_772_416_800_000 + 14 * 3_600_000
    assert given(tmp_path, wanted(), at_16_utc, timezone="Asia/Tokyo").outcome == "failed"
    assert given(tmp_path, wanted(), at_16_utc).outcome == "delivered"


def test_no_code_is_given_twice_however_many_ask_at_once(tmp_path: Path) -> None:
    pool(tmp_path, *(f"C{n:03},1000,JPY," for n in range(20)))
    found: list[Receipt] = []
    threads = [Thread(target=lambda n=n: found.append(given(tmp_path, wanted(f"k{n}")))) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = [receipt.result["code"] for receipt in found if receipt.outcome == "delivered"]
    assert sorted(codes) == [f"C{n:03}" for n in range(20)]
    assert [receipt.outcome for receipt in found].count("failed") == 4


def test_no_code_is_given_twice_by_several_processes(tmp_path: Path) -> None:
    file = pool(tmp_path, *(f"C{n:03},1000,JPY," for n in range(15)))
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from playbook_engine import Delivery, DeliveryContext, PluginSettings\n"
        "from playbook_plugins.coupon import deliver\n"
        "folder = Path(sys.argv[1])\n"
        "context = DeliveryContext(0, PluginSettings({'pool': 'pool.csv'}, folder), None, folder)\n"
        "for n in range(5):\n"
        "    said = {'amount': 1000, 'currency': 'JPY'}\n"
        "    key = f'{sys.argv[2]}:{n}'\n"
        "    one = Delivery(key=key, incident='i', action='coupon', channel='coupon', parameters=said)\n"
        "    print(deliver(one, context).result['code'])\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", script, str(file.parent), name], stdout=subprocess.PIPE, env=os.environ)
        for name in ("a", "b", "c")
    ]
    codes = [line for run in runs for line in run.communicate()[0].decode().split()]
    assert sorted(codes) == [f"C{n:03}" for n in range(15)]


def test_a_table_of_one_s_own_is_used_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "codes.db") as table:
        table.execute("CREATE TABLE coupons (code TEXT, amount INTEGER, currency TEXT, expires TEXT)")
        table.execute("INSERT INTO coupons VALUES ('S1', 1250, 'USD', NULL)")
    table.close()
    result = {"code": "S1", "amount": "12.50 USD", "expires": ""}
    assert given(tmp_path, wanted("a", 1250, "USD"), pool="codes.db") == Receipt("delivered", result=result)
    assert given(tmp_path, wanted("b", 1250, "USD"), pool="codes.db").outcome == "failed"


def test_a_coupon_without_an_amount_is_none(tmp_path: Path) -> None:
    pool(tmp_path, "A1,1000,JPY,")
    assert given(tmp_path, delivery("coupon")) == Receipt("failed", error="a coupon needs an amount of money")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["A1,1000,YEN,"], "line 2: no currency is called `YEN`; did you mean `JPY`?"),
        (["A1,1000,JPY,", "A2,ten,JPY,"], "line 3: `ten JPY` is not an amount of money"),
        (["A1,1000,JPY,2027-13-01"], "line 2: `2027-13-01` is not a day; write it as 2027-03-31"),
        ([",1000,JPY,"], "line 2: there is no code; write it, or take the line out"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_before_anything_is_given(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    pool(tmp_path, *lines)
    with pytest.raises(PlaybookError) as error:
        coupon.check(PluginSettings({"pool": "pool.csv"}, tmp_path, "plugins.coupon"))
    assert str(error.value).startswith(f"settings: `plugins.coupon.pool`: {said}")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "`plugins.coupon.pool`: this setting is needed; write it"),
        ({"pool": "none.csv"}, "`plugins.coupon.pool`: this file cannot be read: No such file or directory"),
        ({"pool": "none.db"}, "`plugins.coupon.pool`: this file cannot be read: No such file or directory"),
        ({"pool": "bytes.csv"}, "`plugins.coupon.pool`: this file cannot be read: it is not CSV in UTF-8"),
        ({"pool": "bare.csv"}, "`plugins.coupon.pool`: the first line has no column `amount`; name it there"),
        ({"pool": "bare.csv", "timezone": "Tokyo"}, "`plugins.coupon.timezone`: `Tokyo` is not a time zone"),
    ],
)
def test_settings_without_a_pool_are_told_before_anything_is_given(
    tmp_path: Path, settings: dict[str, object], said: str
) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"code,amount,currency\n\xff\xfe")
    (tmp_path / "bare.csv").write_text("code\nA1\n", encoding="utf-8")
    with pytest.raises(PlaybookError) as error:
        coupon.check(PluginSettings(settings, tmp_path, "plugins.coupon"))
    assert str(error.value).startswith(f"settings: {said}")
