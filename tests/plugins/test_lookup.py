"""Answers out of tables: sure ones, and everything that is left to a person."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outside import Answer, Asked, context, delivery, web_server
from playbook_engine import Delivery, PlaybookError, PluginSettings, Receipt
from playbook_plugins import lookup

HOURS = """words,answer_ja,answer_en
渋谷|shibuya,渋谷店は毎日10時から21時まで営業しております。,Our Shibuya shop is open daily from 10 to 21.
横浜|yokohama,横浜店は平日のみ11時から20時まで営業しております。,Our Yokohama shop is open on weekdays from 11 to 20.
"""
STOCK = """key,words,name,count
AZ-1,アクメ 鍋|acme pan,アクメ鍋,3
AZ-2,アクメ 皿|acme plate,アクメ皿,
"""


def found(folder: Path, table: dict[str, object], **said: object) -> Receipt:
    asked = Delivery(key="k", incident="i1", action="lookup", channel="lookup", parameters={"table": "it", **said})
    return lookup.deliver(asked, context({"tables": {"it": table}}, folder))


def why(receipt: Receipt) -> str:
    """Why it is not sure."""
    assert receipt.outcome == "delivered"
    assert receipt.result == {"sure": False}
    return receipt.error


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hours.csv").write_text(HOURS, encoding="utf-8")
    (tmp_path / "stock.csv").write_text(STOCK, encoding="utf-8-sig")
    with sqlite3.connect(tmp_path / "shop.db") as table:
        table.execute("CREATE TABLE orders (number TEXT, state TEXT, day TEXT)")
        rows = [("MN-000001", "packed", "Friday"), ("MN-000002", "sent", None), ("MN-000003", "a", "b")]
        table.executemany("INSERT INTO orders VALUES (?, ?, ?)", [*rows, ("MN-000003", "c", "d")])
    table.close()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "lang", "answer"),
    [
        ("渋谷のお店は何時まで？", "ja", "渋谷店は毎日10時から21時まで営業しております。"),
        ("How long is SHIBUYA open?", "en", "Our Shibuya shop is open daily from 10 to 21."),
        ("ｙｏｋｏｈａｍａ store hours", "en", "Our Yokohama shop is open on weekdays from 11 to 20."),
        ("横浜は何時から？", "", "横浜店は平日のみ11時から20時まで営業しております。"),
    ],
)
def test_opening_hours_are_told_in_the_customer_s_language(folder: Path, text: str, lang: str, answer: str) -> None:
    receipt = found(folder, {"csv": "hours.csv"}, text=text, lang=lang)
    assert (receipt.result["sure"], receipt.result["answer"]) == (True, answer)


@pytest.mark.parametrize(
    ("text", "lang", "said"),
    [
        ("何時まで？", "ja", "no row fits"),
        ("渋谷と横浜は？", "ja", "more than one row fits"),
        ("Shibuya ?", "de", "the row has no answer in this language"),
        ("", "", "no row fits"),
    ],
)
def test_in_doubt_a_person_answers(folder: Path, text: str, lang: str, said: str) -> None:
    assert why(found(folder, {"csv": "hours.csv"}, text=text, lang=lang)) == said


def test_the_answer_may_be_made_of_the_row_s_columns(folder: Path) -> None:
    table: dict[str, object] = {
        "csv": "stock.csv",
        "answer": {"ja": "{name}は{count}点ございます", "en": "{count} left"},
    }
    receipt = found(folder, table, text="ｱｸﾒ 鍋はありますか", lang="ja")
    assert receipt == Receipt(
        "delivered",
        result={
            "key": "AZ-1",
            "words": "アクメ 鍋|acme pan",
            "name": "アクメ鍋",
            "count": "3",
            "sure": True,
            "answer": "アクメ鍋は3点ございます",
        },
    )
    assert found(folder, table, text="acme pan?", lang="en").result["answer"] == "3 left"


def test_a_gap_in_the_answer_is_not_said(folder: Path) -> None:
    table: dict[str, object] = {"csv": "stock.csv", "answer": "{name}: {count}"}
    assert why(found(folder, table, text="アクメ 皿")) == "the row has no `count`"


def test_a_key_that_is_given_finds_its_row_however_it_is_written(folder: Path) -> None:
    table: dict[str, object] = {"csv": "stock.csv", "answer": "{name}"}
    assert found(folder, table, key="ａｚ-1", text="anything").result["answer"] == "アクメ鍋"
    assert why(found(folder, table, key="AZ-9", text="アクメ 鍋")) == "no row fits"


def test_without_words_the_key_is_looked_for_in_the_text(folder: Path) -> None:
    (folder / "keys.csv").write_text("key,answer\nAZ-1,yes\n,no\n", encoding="utf-8")
    assert found(folder, {"csv": "keys.csv"}, text="is az-1 in?").result["answer"] == "yes"


ORDERS: dict[str, object] = {
    "sqlite": "shop.db",
    "query": "SELECT state, day FROM orders WHERE number = :key",
    "find": "MN-[0-9]{6}",
    "answer": "Your order {key} is {state} and arrives on {day}.",
}


def test_an_order_is_looked_up_by_the_number_in_the_text(folder: Path) -> None:
    receipt = found(folder, ORDERS, text="Where is ＭＮ-000001? I ordered MN-000001 last week")
    assert receipt.result == {
        "key": "MN-000001",
        "state": "packed",
        "day": "Friday",
        "sure": True,
        "answer": "Your order MN-000001 is packed and arrives on Friday.",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Where is it?", "the text names no key"),
        ("MN-000001 or MN-000002", "the text names more than one key"),
        ("MN-000009", "no row fits"),
        ("MN-000003", "more than one row fits"),
        ("MN-000002", "the row has no `day`"),
    ],
)
def test_an_order_in_doubt_is_left_to_a_person(folder: Path, text: str, said: str) -> None:
    assert why(found(folder, ORDERS, text=text)) == said


def test_a_query_cannot_write(folder: Path) -> None:
    table = {**ORDERS, "query": "DELETE FROM orders WHERE number = :key RETURNING state, day"}
    assert why(found(folder, table, text="MN-000001")) == "the table cannot be read: OperationalError"
    with sqlite3.connect(folder / "shop.db") as rows:
        assert rows.execute("SELECT count(*) FROM orders").fetchone() == (4,)
    rows.close()


@given(st.text(max_size=60) | st.sampled_from(["' OR 1=1 --", "'; DROP TABLE orders; --", "%", "MN-000001'"]))
def test_nothing_a_customer_writes_becomes_part_of_a_query(tmp_path_factory: pytest.TempPathFactory, key: str) -> None:
    folder = tmp_path_factory.mktemp("shop")
    with sqlite3.connect(folder / "shop.db") as rows:
        rows.execute("CREATE TABLE orders (number TEXT, state TEXT, day TEXT)")
        rows.execute("INSERT INTO orders VALUES ('MN-000001', 'packed', 'Friday')")
    rows.close()
    receipt = found(folder, ORDERS, key=key)
    assert receipt.result["sure"] is (key == "MN-000001")


def test_a_missing_table_file_is_left_to_a_person(folder: Path) -> None:
    assert why(found(folder, {"csv": "none.csv"}, text="a")) == "the table cannot be read: FileNotFoundError"
    assert why(found(folder, {**ORDERS, "sqlite": "none.db"}, key="a")) == "the table cannot be read: OperationalError"
    assert not (folder / "none.db").exists()


def parcels(asked: Asked) -> Answer:
    states = {
        "/p/123456789012": [{"state": "on its way", "stops": 3}],
        "/p/000000000000": [{"state": "a"}, {"state": "b"}],
    }
    if asked.path == "/p/111111111111":
        return Answer(503)
    if asked.path not in states:
        return Answer(404)
    return Answer(200, json.dumps({"parcel": states[asked.path]}).encode())


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        ("parcel 123456789012?", "on its way, 3 stops", ""),
        ("parcel 000000000000?", None, "more than one row fits"),
        ("parcel 111111111111?", None, "the service answered 503"),
        ("parcel 222222222222?", None, "no row fits"),
        ("where is it?", None, "the text names no key"),
    ],
)
def test_a_service_is_asked(tmp_path: Path, text: str, answer: str | None, said: str) -> None:
    with web_server(parcels) as server:
        table: dict[str, object] = {
            "url": f"{server.url}/p/{{key}}",
            "row": "parcel",
            "find": r"\b[0-9]{12}\b",
            "answer": "{state}, {stops} stops",
        }
        receipt = found(tmp_path, table, text=text)
    assert (receipt.outcome, receipt.result.get("answer"), receipt.error) == ("delivered", answer, said)
    assert receipt.result["sure"] is (answer is not None)


def test_a_service_that_is_not_there_is_left_to_a_person(tmp_path: Path) -> None:
    table: dict[str, object] = {"url": "http://127.0.0.1:9/{key}", "answer": "{state}"}
    assert why(found(tmp_path, table, key="a")) == "no connection to 127.0.0.1:9: ConnectError"


def test_without_a_key_a_service_is_not_asked(tmp_path: Path) -> None:
    assert why(found(tmp_path, {"url": "http://127.0.0.1:9/{key}", "answer": "{a}"})) == "no key is given"


def test_the_first_group_of_a_pattern_is_the_key(folder: Path) -> None:
    table = {**ORDERS, "find": "order (mn-[0-9]+)", "query": "SELECT state, day FROM orders WHERE number = upper(:key)"}
    assert found(folder, table, text="my Order MN-000001 and MN-000002").result["state"] == "packed"


def test_an_unknown_table_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError) as error:
        lookup.deliver(delivery("lookup", table="stokc"), context({"tables": {"stock": {"csv": "a"}}}, tmp_path))
    said = "settings: `plugins.it.tables` has no table called `stokc`; did you mean `stock`?"
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "`plugins.it.tables.t`: one of `csv`, `sqlite` and `url` says where the rows are"),
        ({"csv": "hours.csv", "url": "https://a.example"}, "`plugins.it.tables.t`: one of `csv`"),
        ({"csv": "none.csv"}, "`plugins.it.tables.t.csv`: there is no such file"),
        ({"sqlite": "shop.db", "query": "SELECT :key"}, "`plugins.it.tables.t.answer`: this setting is needed"),
        ({"sqlite": "shop.db", "query": "SELECT 1", "answer": "a"}, "`plugins.it.tables.t.query`: a query asks for"),
        ({**ORDERS, "find": "(?=a)"}, "`plugins.it.tables.t.find`: this is no pattern of RE2"),
        ({"url": "https://a.example/{kye}", "answer": "a"}, "`plugins.it.tables.t`: no field is called `kye`"),
    ],
)
def test_a_table_that_could_never_answer_is_told_before_it_is_asked(
    folder: Path, table: dict[str, object], said: str
) -> None:
    with pytest.raises(PlaybookError) as error:
        lookup.check(PluginSettings({"tables": {"t": table}}, folder, "plugins.it"))
    assert str(error.value).startswith(f"settings: {said}")


def test_the_tables_of_the_manual_pass(folder: Path) -> None:
    tables = {"hours": {"csv": "hours.csv"}, "stock": {"csv": "stock.csv", "answer": "{name}"}, "orders": ORDERS}
    lookup.check(PluginSettings({"tables": tables}, folder))
