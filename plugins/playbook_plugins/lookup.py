"""Answers simple questions from a table: CSV, SQLite, or anything with an HTTP interface. When in doubt, a person does.

Settings
    tables    by the name that the playbook uses: `lookup: {table: stock, answer: stock-answer}`

    hours:  {csv: hours.csv}
    stock:  {csv: stock.csv, answer: {ja: "{name}は{count}点ございます", en: "We have {count} of {name}"}}
    orders: {sqlite: shop.db, query: "SELECT state, day FROM orders WHERE number = :key", find: "MN-[0-9]{6}",
             answer: "Your order {key} is {state} and arrives on {day}."}
    parcel: {url: "https://parcels.example/{key}", row: parcel, find: "[0-9]{12}", answer: "{state}"}

A CSV file has a column `words`, such as `渋谷|shibuya`: the row fits when the customer's text contains one of them,
however it is written (full width, capitals, half-width kana); or a column `key`, which is compared in the same way.
`hours.csv` of the shops of a retailer, with an answer in each language:

    words,answer_ja,answer_en
    渋谷|shibuya,渋谷店は毎日10時から21時まで営業しております。,Our Shibuya shop is open daily from 10 to 21.

For SQLite and HTTP, `find` is a pattern (RE2) for the key in the customer's text; its first group is the key, where it
has one. A query takes `:key` and `:text` and reads one table file, read-only. `row` says where the row stands in an
answer by HTTP (JMESPath); `method`, `headers`, `json` and `form` are as in `ticket`.

`answer` is a text, or a text per language, with the row's columns in braces; without it the column `answer_<language>`
or `answer` is the answer.

Parameters: {table, key or text, lang}.

Result: {sure, answer} and the row. `sure` is false, and the engine leaves the answer to a person, when no row or more
than one fits, when the text names no key or two, when a column of the answer is empty, and when a call fails.

Repeated: promises `key`; reading changes nothing.

Errors: an unknown table fails. Whatever else goes wrong is an answer that is not sure, with the reason in `error`.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from playbook_engine import (
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    PlaybookError,
    PluginSettings,
    Receipt,
    Undelivered,
    detect,
    fold,
    hookimpl,
    nearest,
)
from playbook_plugins._calls import call_schema, check_call, filled, found_in, request

_CALL = call_schema("row")["properties"]
assert isinstance(_CALL, Mapping)
SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "tables": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "csv": {"type": "string"},
                    "sqlite": {"type": "string"},
                    "query": {"type": "string"},
                    "find": {"type": "string"},
                    "answer": {"type": ["string", "object"], "additionalProperties": {"type": "string"}},
                    **_CALL,
                },
            },
            "examples": [{"hours": {"csv": "hours.csv"}}],
        }
    },
}

LONGEST_TEXT = 20_000
MOST_BYTES = 16 << 20
"""Of a CSV file, which is read for every look-up."""

_KINDS = ("csv", "sqlite", "url")
_FIELD = re.compile(r"\{([^{}\s]+)\}")

Row = dict[str, str]


class Match(Protocol):
    def group(self, number: int) -> str | None: ...


class Pattern(Protocol):
    """A compiled pattern of RE2."""

    groups: int

    def finditer(self, text: str) -> Iterator[Match]: ...


class Unsure(Exception):
    """No answer that could be given without a person. The message holds nothing the customer wrote."""


def deliver(delivery: Delivery, context: DeliveryContext) -> Receipt:
    said, tables = delivery.parameters, context.settings.part("tables")
    name = str(said.get("table", ""))
    if name not in tables:
        raise _no_table(tables, name)
    table, text = tables.part(name), str(said.get("text", ""))[:LONGEST_TEXT]
    try:
        row = _row(table, str(said.get("key", "")), text, context)
        answer = _answer(table, row, str(said.get("lang", "")) or detect(text))
    except (Unsure, Undelivered) as reason:
        return Receipt("delivered", result={"sure": False}, error=str(reason))
    return Receipt("delivered", result={**row, "sure": True, "answer": answer})


def _no_table(tables: PluginSettings, name: str) -> PlaybookError:
    meant = nearest(name, tables)
    hint = f"did you mean `{meant}`?" if meant else "describe it there"
    return PlaybookError(f"settings: `{tables.place}` has no table called `{name}`; {hint}")


def _row(table: PluginSettings, key: str, text: str, context: DeliveryContext) -> Row:
    """The one row that fits. Raises Unsure."""
    if "csv" in table:
        rows = _in_csv(table.path("csv"), key, text)
    else:
        key = key or _key_in(table, text)
        rows = _in_sqlite(table, key, text) if "sqlite" in table else _by_http(table, key, text, context)
    if len(rows) != 1:
        raise Unsure("no row fits" if not rows else "more than one row fits")
    return {"key": key, **rows[0]} if key else rows[0]


def _in_csv(path: Path, key: str, text: str) -> list[Row]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unsure(f"the table is larger than {MOST_BYTES} bytes")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [{name: cell.strip() for name, cell in row.items() if name and cell} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error, AttributeError) as error:
        raise Unsure(f"the table cannot be read: {type(error).__name__}") from None
    if key:
        return [row for row in rows if fold(row.get("key", "")) == fold(key)]
    folded = fold(text)
    return [row for row in rows if any(word in folded for word in _words(row))]


def _words(row: Row) -> list[str]:
    """What names the row in a text, folded."""
    return [word for each in (row.get("words") or row.get("key", "")).split("|") if (word := fold(each.strip()))]


def _key_in(table: PluginSettings, text: str) -> str:
    """The one key that the text names. Raises Unsure."""
    if "find" not in table:
        return ""
    pattern = _pattern(table)
    plain = unicodedata.normalize("NFKC", text)
    found = {match.group(1 if pattern.groups else 0) for match in pattern.finditer(plain)}
    keys = sorted({str(key).casefold(): str(key) for key in found if key}.values())
    if len(keys) != 1:
        raise Unsure("the text names no key" if not keys else "the text names more than one key")
    return keys[0]


def _in_sqlite(table: PluginSettings, key: str, text: str) -> list[Row]:
    query = table.text("query")
    if ":key" in query and not key:
        raise Unsure("no key is given")
    place = f"file:{quote(str(table.path('sqlite')))}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True, timeout=5.0)) as connection:
            connection.execute("PRAGMA query_only = ON")
            cursor = connection.execute(query, {"key": key, "text": text.encode("utf-8", "replace").decode()})
            names = [column[0] for column in cursor.description or ()]
            found = cursor.fetchmany(2)
    except sqlite3.Error as error:
        raise Unsure(f"the table cannot be read: {type(error).__name__}") from None
    return [{name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)} for row in found]


def _by_http(table: PluginSettings, key: str, text: str, context: DeliveryContext) -> list[Row]:
    if not key and "{key}" in str(table.held):
        raise Unsure("no key is given")
    answer = context.clients.http(request(table, {"key": key, "text": text}))
    if answer.status == 404:
        return []
    if not 200 <= answer.status < 300:
        raise Unsure(f"the service answered {answer.status}")
    found = found_in(table, "row", answer) if "row" in table else answer.json()
    listed = found if isinstance(found, list) else [found]
    return [
        {str(name): _said(value) for name, value in row.items()} for row in listed if isinstance(row, Mapping) and row
    ]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _answer(table: PluginSettings, row: Row, language: str) -> str:
    """The text to say. Raises Unsure for one that would have a gap."""
    written = table.get("answer")
    if isinstance(written, Mapping):
        texts = table.part("answer")
        template = texts.text(language if language in texts else next(iter(texts)))
    elif written is not None:
        template = table.text("answer")
    else:
        template = row.get(f"answer_{language}") or row.get("answer", "")
    gaps = sorted({name for name in _FIELD.findall(template) if not row.get(name)})
    if not template or gaps:
        raise Unsure(f"the row has no `{gaps[0]}`" if gaps else "the row has no answer in this language")
    return filled(template, row)


def _pattern(table: PluginSettings) -> Pattern:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    try:
        compiled: Pattern = re2.compile(table.text("find"), options)
    except re2.error:
        raise table.wrong("find", "this is no pattern of RE2; see https://github.com/google/re2/wiki/Syntax") from None
    return compiled


def check(settings: PluginSettings) -> None:
    tables = settings.part("tables")
    for name in tables:
        table = tables.part(name)
        kinds = [kind for kind in _KINDS if kind in table]
        if len(kinds) != 1:
            raise tables.wrong(name, "one of `csv`, `sqlite` and `url` says where the rows are")
        if kinds != ["csv"] and "answer" not in table:
            raise table.wrong("answer", "this setting is needed; write what is said, with columns in braces")
        if "find" in table:
            _pattern(table)
        if kinds == ["url"]:
            call = {each: table[each] for each in table if each not in ("answer", "find")}
            check_call(PluginSettings(call, table.folder, table.place), ("key", "text"), "row")
        elif "${" not in table.text(kinds[0]) and not table.path(kinds[0]).is_file():
            raise table.wrong(kinds[0], "there is no such file")
        if kinds == ["sqlite"] and not re.search(r":(?:key|text)\b", table.text("query")):
            raise table.wrong("query", "a query asks for `:key` or for `:text`")


@hookimpl
def playbook_actions() -> Iterable[Action]:
    spec = ActionSpec("lookup", idempotent="key", sentence="finds an answer in a table")
    return [Action(spec, deliver, settings=SETTINGS, check=check)]
