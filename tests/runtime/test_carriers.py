"""Who carries what, in how much time, with which secrets, and what a plugin's failure comes to."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path
from threading import Event as Signal

import pytest
from msgspec.structs import replace

from outside import NOW, delivery
from playbook_engine import (
    ANY,
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    PlaybookError,
    PlaybookProblems,
    PluginSettings,
    Receipt,
    Undelivered,
)
from playbook_engine.hookspecs import Carry
from playbook_engine.runtime.carriers import Carriers, carriers_for
from playbook_engine.runtime.dispatcher import Carrier
from playbook_engine.runtime.settings import NO_SETTINGS, CarryRow, Settings


def says(name: str) -> Carry:
    return lambda delivery, context: Receipt("delivered", message=f"{name} {delivery.action} {delivery.channel}")


def action(name: str, verb: str, *channels: str, promise: str = "none") -> Action:
    return Action(ActionSpec(verb, channels=channels, idempotent=promise), says(name))


OFFERED: Mapping[str, tuple[Action, ...]] = {
    "acme": (action("acme", "fax-blast", promise="key"),),
    "email": (action("email", "send", "email"), action("email", "notify", "email")),
    "hook": (action("hook any", ANY), action("hook webhook", "webhook", promise="key")),
    "log": (action("log", ANY, promise="key"),),
}
ROWS = (
    CarryRow("email", "send"),
    CarryRow("email", channel="email"),
    CarryRow("hook", "send", "line"),
    CarryRow("hook", "webhook"),
)


@pytest.mark.parametrize(
    ("one", "carried"),
    [
        (delivery("send", "email"), "email send email"),
        (delivery("notify", "email"), "email notify email"),
        (delivery("send", "line"), "hook any send line"),
        (delivery("webhook"), "hook webhook webhook webhook"),
        (delivery("send", "x"), "log send x"),
        (delivery("ticket"), "log ticket ticket"),
        (delivery("fax-blast"), "acme fax-blast fax-blast"),
    ],
)
def test_the_first_row_that_fits_then_the_verb_s_own_plugin_then_log(one: Delivery, carried: str) -> None:
    carriers = carriers_for(OFFERED, Settings(carry=ROWS), "memory:")
    assert carriers.carry(one, NOW).message == carried


def test_a_row_may_take_a_new_verb_elsewhere() -> None:
    carriers = carriers_for(OFFERED, Settings(carry=(CarryRow("hook", "fax-blast"),)), "memory:")
    assert carriers.carry(delivery("fax-blast"), NOW).message == "hook any fax-blast fax-blast"


def test_what_nothing_carries_is_counted_with_log() -> None:
    carriers = carriers_for(OFFERED, Settings(carry=ROWS), "memory:")
    for one in (delivery("send", "email"), delivery("post", "x"), delivery("post", "x")):
        carriers.carry(one, NOW)
    assert carriers.carried_by == {"email": 1, "log": 2}


def test_it_is_what_the_dispatcher_asks_for() -> None:
    carrier: Carrier = carriers_for(OFFERED, NO_SETTINGS, "memory:")
    assert carrier.dry is False


def carrying(
    carry: Carry,
    settings: Mapping[str, object] | None = None,
    *,
    promise: str = "none",
    ask: Carry | None = None,
    folder: Path = Path("."),
    promised: str = "",
) -> Carriers:
    """One plugin that carries `send`."""
    depends = (lambda known: promised) if promised else None
    one = Action(ActionSpec("send", idempotent=promise), carry, ask, promise=depends)
    how = Settings(carry=(CarryRow("it"),), plugins={"it": settings or {}}, folder=folder)
    return carriers_for({"it": (one,), "log": OFFERED["log"]}, how, "memory:")


def raises(error: Exception) -> Carry:
    def carry(delivery: Delivery, context: DeliveryContext) -> Receipt:
        raise error

    return carry


@pytest.mark.parametrize(
    ("error", "promise", "receipt"),
    [
        (Undelivered("again", "busy", 5_000), "none", Receipt("again", error="busy", again_after=5_000)),
        (Undelivered("failed", "no"), "key", Receipt("failed", error="no")),
        (Undelivered("unknown", "lost"), "none", Receipt("unknown", error="lost")),
        (Undelivered("unknown", "lost"), "key", Receipt("again", error="lost")),
        (PlaybookError("settings: `a`"), "none", Receipt("failed", error="settings: `a`")),
    ],
)
def test_what_a_plugin_s_failure_comes_to(error: Exception, promise: str, receipt: Receipt) -> None:
    assert carrying(raises(error), promise=promise).carry(delivery("send", "x"), NOW) == receipt


def test_what_a_plugin_did_not_foresee_is_the_dispatcher_s_to_judge() -> None:
    carriers = carrying(raises(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        carriers.carry(delivery("send", "x"), NOW)


@pytest.mark.parametrize(("promise", "outcome"), [("none", "unknown"), ("key", "again")])
def test_a_plugin_that_takes_too_long_is_given_up(promise: str, outcome: str) -> None:
    finished = Signal()

    def slow(delivery: Delivery, context: DeliveryContext) -> Receipt:
        finished.wait(30)
        return Receipt()

    carriers = carrying(slow, {"time_limit": "1s"}, promise=promise)
    receipt = carriers.carry(delivery("send", "x"), NOW)
    finished.set()
    assert receipt == Receipt(outcome, error="`it` took longer than 1s")


@pytest.mark.parametrize(
    ("promise", "promised", "can_ask", "found"),
    [
        ("key", "", False, "key"),
        ("query", "", True, "query"),
        ("query", "", False, "none"),
        ("query", "key", True, "key"),
        ("key", "query", False, "none"),
    ],
)
def test_what_is_promised(promise: str, promised: str, can_ask: bool, found: str) -> None:
    ask = raises(Undelivered("again", "")) if can_ask else None
    carriers = carrying(says("it"), promise=promise, ask=ask, promised=promised)
    assert carriers.promise(delivery("send", "x")) == found


def test_a_plugin_is_asked_whether_it_went() -> None:
    carriers = carrying(says("it"), promise="query", ask=lambda delivery, context: Receipt("again"))
    assert carriers.ask(delivery("send", "x"), NOW) == Receipt("again")
    silent = carrying(says("it"), promise="key")
    assert silent.ask(delivery("send", "x"), NOW) == Receipt("unknown", error="`it` cannot be asked")


def test_secrets_are_looked_up_anew_for_every_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, str]] = []

    def carry(delivery: Delivery, context: DeliveryContext) -> Receipt:
        seen.append((context.settings.text("token"), context.now, repr(context.settings)))
        return Receipt()

    monkeypatch.setenv("TOKEN", "first")
    carriers = carrying(carry, {"token": "${env:TOKEN}"})
    carriers.carry(delivery("send", "x"), 1)
    monkeypatch.setenv("TOKEN", "second")
    carriers.carry(delivery("send", "x"), 2)
    assert [(token, now) for token, now, _ in seen] == [("first", 1), ("second", 2)]
    assert all("first" not in shown and "second" not in shown for _, _, shown in seen)
    monkeypatch.delenv("TOKEN")
    said = "`${env:TOKEN}`: there is no such variable in the environment; set it"
    assert carriers.carry(delivery("send", "x"), 3) == Receipt("failed", error=said)


def test_no_secret_is_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    lost = raises(Undelivered("failed", "https://a.example/?token=hunter2 said hunter2"))
    carriers = carrying(lost, {"token": "${env:TOKEN}"})
    assert carriers.carry(delivery("send", "x"), NOW).error == "https://a.example/?token=••• said •••"


def test_a_person_s_address_may_be_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "+81-90")
    carried: list[Delivery] = []

    def carry(delivery: Delivery, context: DeliveryContext) -> Receipt:
        carried.append(delivery)
        return Receipt()

    told = delivery("notify", "sms", address="${env:PAGER}", text="${env:PAGER}")
    offered = {"it": (Action(ActionSpec("notify"), carry),), "log": (Action(ActionSpec(ANY), carry),)}
    carriers_for(offered, Settings(carry=(CarryRow("it"),)), "memory:").carry(told, NOW)
    carriers_for(offered, NO_SETTINGS, "memory:").carry(told, NOW)
    by_it, by_log = carried
    assert by_it.parameters == {"address": "+81-90", "text": "${env:PAGER}"}, "only the address is looked up"
    assert by_log == told, "what is written down holds no secret"


def test_what_a_customer_writes_is_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    seen: list[Delivery] = []

    def carry(delivery: Delivery, context: DeliveryContext) -> Receipt:
        seen.append(delivery)
        return Receipt()

    one = delivery("send", "x", text="${env:TOKEN}", address="${env:TOKEN}", to="${env:TOKEN}")
    carrying(carry).carry(one, NOW)
    assert seen == [one]


def folder_of(url: str, settings: Settings = NO_SETTINGS, dry: bool = False) -> tuple[Carriers, Path]:
    seen: list[Path] = []

    def carry(delivery: Delivery, context: DeliveryContext) -> Receipt:
        seen.append(context.state)
        return Receipt()

    carriers = carriers_for({"log": (Action(ActionSpec(ANY), carry),)}, settings, url, dry=dry)
    for _ in range(2):
        assert carriers.carry(delivery("send", "x"), NOW).outcome == "delivered"
    first, again = seen
    assert first == again
    assert first.is_dir()
    return carriers, first


def test_tables_of_plugins_lie_beside_the_store(tmp_path: Path) -> None:
    assert folder_of(f"sqlite:{tmp_path}/run.db")[1] == tmp_path / "run-plugins"


def test_tables_of_plugins_lie_where_the_settings_say(tmp_path: Path) -> None:
    settings = Settings(state="tables", folder=tmp_path)
    assert folder_of(f"sqlite:{tmp_path}/run.db", settings)[1] == tmp_path / "tables"
    assert folder_of("memory:", settings)[1] == tmp_path / "tables"


@pytest.mark.parametrize(("url", "dry"), [("memory:", False), ("sqlite::memory:", False), ("sqlite:run.db", True)])
def test_without_a_store_that_lasts_tables_go_with_the_run(url: str, dry: bool) -> None:
    carriers, folder = folder_of(url, dry=dry)
    assert folder.name.startswith("playbook-")
    del carriers
    gc.collect()
    assert not folder.exists()


def test_the_console_is_spoken_to_or_the_file_that_log_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def speak(delivery: Delivery, context: DeliveryContext) -> Receipt:
        context.clients.say(delivery.action)
        return Receipt()

    offered = {"log": (Action(ActionSpec(ANY), speak),)}
    carriers_for(offered, NO_SETTINGS, "memory:").carry(delivery("send"), NOW)
    assert capsys.readouterr().err == "send\n"
    to_file = Settings(plugins={"log": {"file": "out.log"}}, folder=tmp_path)
    carriers_for(offered, to_file, "memory:").carry(delivery("post"), NOW)
    assert (tmp_path / "out.log").read_text("utf-8") == "post\n"
    assert capsys.readouterr().err == ""


def test_a_plugin_s_own_word_on_its_settings_is_heard_before_anything_is_taken_in() -> None:
    def check(settings: PluginSettings) -> None:
        settings.text("url")

    offered = {"it": (Action(ActionSpec("send"), says("it"), check=check),), "log": OFFERED["log"]}
    carriers_for(offered, NO_SETTINGS, "memory:")
    with pytest.raises(PlaybookProblems) as error:
        carriers_for(offered, Settings(carry=(CarryRow("it"),)), "memory:")
    said = "settings:1:1: `plugins.it.url`: this setting is needed; write it [plugin-settings]"
    assert str(error.value) == said


def test_what_is_no_receipt_is_handed_on_as_it_is() -> None:
    carriers = carrying(lambda delivery, context: None)  # type: ignore[arg-type,return-value]
    assert carriers.carry(delivery("send", "x"), NOW) is None


def test_a_delivery_is_not_changed_on_the_way() -> None:
    one = delivery("send", "x", text="a")
    kept = replace(one)
    carrying(says("it")).carry(one, NOW)
    assert one == kept
