"""A dry run cannot send: every built-in plugin is run with a network that explodes."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from outside import delivery
from playbook_engine import Delivery
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import carriers_for
from playbook_engine.runtime.settings import CarryRow, Settings

CALL = {"url": "https://tickets.example/{queue}", "json": {"title": "{subject}"}, "number": "id"}
CASES: list[tuple[str, Delivery, Mapping[str, object]]] = [
    ("log", delivery("send", "x", text="a", to="hanako"), {}),
    (
        "email",
        delivery("send", "email", text="a", to="hanako@mail.example"),
        {"host": "smtp.example", "from": "care@minato.example", "user": "u", "password": "p"},
    ),
    (
        "email",
        delivery("notify", "email", text="a", address="sato@minato.example"),
        {"host": "smtp.example", "from": "care@minato.example"},
    ),
    ("webhook", delivery("webhook", name="crm"), {"hooks": {"crm": {"url": "https://crm.example/"}}}),
    ("webhook", delivery("refund", amount=1, currency="JPY"), {"url": "https://refunds.example/", "secret": "s"}),
    ("notify", delivery("notify", "slack", text="a", address="#care"), {"otherwise": "slack://a/b/c/{address}"}),
    ("ticket", delivery("ticket", queue="returns"), {}),
    ("ticket", delivery("ticket", queue="returns"), {"open": CALL, "find": {**CALL, "json": {}}}),
    ("coupon", delivery("coupon", amount=1000, currency="JPY"), {"pool": "pool.csv"}),
    ("lookup", delivery("lookup", table="t", text="a"), {"tables": {"t": {"csv": "pool.csv"}}}),
    ("lookup", delivery("lookup", table="t", key="a"), {"tables": {"t": {"url": "https://a.example", "answer": "b"}}}),
]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*given: object, **named: object) -> None:
        raise AssertionError("a dry run opened a socket")

    monkeypatch.setattr(socket, "socket", explode)
    monkeypatch.setattr(socket, "create_connection", explode)
    monkeypatch.setattr(socket, "getaddrinfo", explode)


def test_every_built_in_plugin_is_among_the_cases() -> None:
    assert sorted({name for name, _, _ in CASES}) == sorted(Registry.build(third_party=False).carriers)


@pytest.mark.parametrize(("name", "one", "settings"), CASES)
@pytest.mark.usefixtures("no_network")
def test_a_dry_run_records_and_never_sends(
    tmp_path: Path, name: str, one: Delivery, settings: Mapping[str, object]
) -> None:
    (tmp_path / "pool.csv").write_text("code,amount,currency\nA1,1000,JPY\n", encoding="utf-8")
    how = Settings(carry=(CarryRow(name),), plugins={name: settings}, folder=tmp_path)
    carrier = carriers_for(Registry.build(third_party=False).carriers, how, f"sqlite:{tmp_path}/run.db", dry=True)
    receipt = carrier.carry(one, 0)
    assert (receipt.outcome, receipt.error) in (("delivered", ""), ("delivered", "no row fits"))
    recorded = carrier.recorder
    left = len(recorded.requests) + len(recorded.messages) + len(recorded.notifications) + len(recorded.lines)
    reaches_out = name in ("log", "email", "webhook", "notify") or "open" in settings or "url" in str(settings)
    assert left == int(reaches_out)
    assert [file.name for file in tmp_path.iterdir()] == ["pool.csv"], "a dry run leaves no table behind"


def test_a_dry_run_uses_no_coupon_up(tmp_path: Path) -> None:
    (tmp_path / "pool.csv").write_text("code,amount,currency\nA1,1000,JPY\n", encoding="utf-8")
    how = Settings(carry=(CarryRow("coupon"),), plugins={"coupon": {"pool": "pool.csv"}}, folder=tmp_path)
    offered = Registry.build(third_party=False).carriers
    one = delivery("coupon", amount=1000, currency="JPY")
    dry = carriers_for(offered, how, f"sqlite:{tmp_path}/run.db", dry=True)
    assert dry.carry(one, 0).result["code"] == "DRY-RUN"
    assert carriers_for(offered, how, f"sqlite:{tmp_path}/run.db").carry(one, 0).result["code"] == "A1"
