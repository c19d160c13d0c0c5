"""What plugins offer: found, checked, sorted by name; and every way in which one does not fit, named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint
from types import ModuleType, SimpleNamespace

import pytest

import playbook_engine
from playbook_engine import ANY, Action, ActionSpec, Event, LintRule, PlaybookError, Receipt, SendRate, Source, hookimpl
from playbook_engine import registry as registry_module
from playbook_engine.hookspecs import Carry
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.platforms import SEND_RATES
from playbook_engine.registry import Registry

BUILT_IN = ["coupon", "email", "log", "lookup", "notify", "ticket", "webhook"]


def nothing(*given: object) -> Receipt:
    return Receipt()


def plugin(
    name: str, *offers: Action | Source | LintRule, enrich: Callable[[Event], object] | None = None
) -> tuple[str, str, object]:
    """A plugin in a module of its own, as somebody's package would have it."""
    module = ModuleType(name)

    def offered(kind: type) -> list[object]:
        return [offer for offer in offers if isinstance(offer, kind)]

    def playbook_actions() -> Iterable[object]:
        return offered(Action)

    def playbook_sources() -> Iterable[object]:
        return offered(Source)

    def playbook_lint_rules() -> Iterable[object]:
        return offered(LintRule)

    def playbook_enrich(event: Event) -> object:
        assert enrich is not None
        return enrich(event)

    for hook in (playbook_actions, playbook_sources, playbook_lint_rules):
        setattr(module, hook.__name__, hookimpl(hook))
    if enrich is not None:
        setattr(module, "playbook_enrich", hookimpl(playbook_enrich))  # noqa: B010
    return name, f"{name}-package 1.0", module


def verb(name: str, *channels: str, ask: Carry | None = None, **more: object) -> Action:
    return Action(ActionSpec(name, channels=channels, **more), nothing, ask)  # type: ignore[arg-type]


def refused(*plugins: tuple[str, str, object]) -> str:
    with pytest.raises(PlaybookError) as error:
        Registry.of(plugins)
    return str(error.value)


def test_every_file_of_the_package_is_a_plugin() -> None:
    built = Registry.build(third_party=False)
    assert [each.name for each in built.plugins] == BUILT_IN
    assert list(built.carriers) == BUILT_IN


def test_every_built_in_plugin_has_a_manual_and_says_what_a_repeated_key_does() -> None:
    for name in BUILT_IN:
        manual = sys.modules[f"playbook_plugins.{name}"].__doc__ or ""
        missing = [part for part in ("Settings", "Parameters", "Repeated: promises", "Errors:") if part not in manual]
        assert missing == [], name


def test_every_setting_is_in_the_manual() -> None:
    for each in Registry.build(third_party=False).plugins:
        manual = sys.modules[f"playbook_plugins.{each.name}"].__doc__ or ""
        for action in each.actions:
            properties = action.settings["properties"]
            assert isinstance(properties, dict)
            assert [name for name in properties if name not in manual] == [], each.name


def test_the_listing_tells_what_is_installed() -> None:
    name, _, module = plugin("acme", verb("fax-blast"), Source("fax", lambda settings: ()), enrich=lambda event: None)
    rule = plugin("rules", LintRule("too-long", lambda policy: ()))
    assert Registry.of([rule, (name, "acme-package 1.0", module)]).listing() == [
        {"name": "acme", "kind": "action", "from": "acme-package 1.0", "offers": "fax-blast"},
        {"name": "acme", "kind": "source", "from": "acme-package 1.0", "offers": "fax"},
        {"name": "acme", "kind": "enrichment", "from": "acme-package 1.0", "offers": "facts about events"},
        {"name": "rules", "kind": "lint rule", "from": "rules-package 1.0", "offers": "too-long"},
    ]
    email = next(row for row in Registry.build(third_party=False).listing() if row["name"] == "email")
    assert email["offers"] == "send on email, notify on email"
    assert email["from"] == f"playbook-engine {playbook_engine.__version__}"


def test_verbs_are_sorted_by_name_and_know_every_channel_they_are_carried_on() -> None:
    built = Registry.of([plugin("b", verb("zap"), verb("send", "fax")), plugin("a", verb("send", "pager"), verb(ANY))])
    assert list(built.actions) == ["send", "zap"]
    assert built.actions["send"].channels == ("fax", "pager")
    assert built.actions["send"].parameters == ACTIONS["send"].parameters, "a plugin cannot change a built-in verb"


def test_the_order_in_which_plugins_are_found_is_not_seen() -> None:
    plugins = [
        plugin("c", verb("one"), enrich=lambda event: {"vip": True}),
        plugin("a", verb("two"), enrich=lambda event: {"vip": False}),
        plugin("b", Source("s", lambda settings: ()), LintRule("r", lambda policy: ())),
    ]
    forth, back = Registry.of(plugins), Registry.of(reversed(plugins))
    assert forth.listing() == back.listing()
    assert list(forth.actions) == list(back.actions) == ["one", "two"]
    event = Event(source="s", id="1", type="message.received", at=0, seen_at=0)
    assert forth.enrich(event) == back.enrich(event)
    assert forth.enrich(event)[0] == {"vip": False}


def test_nothing_of_a_registry_can_be_changed() -> None:
    built = Registry.build(third_party=False)
    with pytest.raises(AttributeError):
        built.plugins = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        built.actions["x"] = ActionSpec("x")  # type: ignore[index]
    with pytest.raises(TypeError):
        built.carriers["x"] = ()  # type: ignore[index]


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        (
            [plugin("a", verb("zap")), plugin("b", verb("zap"))],
            "two plugins offer an action called `zap`: `a` of a-package 1.0 and `b` of b-package 1.0; uninstall one",
        ),
        ([plugin("a"), plugin("a")], "two plugins are called `a`: a-package 1.0 and a-package 1.0; uninstall one"),
        (
            [plugin("a", Source("s", lambda settings: ())), plugin("b", Source("s", lambda settings: ()))],
            "two plugins offer a source called `s`: `a` of a-package 1.0 and `b` of b-package 1.0; uninstall one",
        ),
        (
            [plugin("a", LintRule("r", lambda policy: ())), plugin("b", LintRule("r", lambda policy: ()))],
            "two plugins offer a lint rule called `r`: `a` of a-package 1.0 and `b` of b-package 1.0; uninstall one",
        ),
        (
            [plugin("a", verb("send", "fax", "x"), verb("send", "x"))],
            "the plugin `a` of a-package 1.0 offers the action `send`, twice for x; keep one of them",
        ),
        (
            [plugin("a", verb("send"), verb("send", "x"))],
            "the plugin `a` of a-package 1.0 offers the action `send`, twice for any channel; keep one of them",
        ),
        (
            [plugin("a", verb("resolve"))],
            "the plugin `a` of a-package 1.0 offers the action `resolve`, which the engine carries out by itself;"
            " offer another",
        ),
        (
            [plugin("a", verb("when"))],
            "the plugin `a` of a-package 1.0 offers the action `when`, which is no name for an action; use letters,"
            " digits, `-` and `_`",
        ),
        (
            [plugin("a", verb("zap", effects=("loud",)))],
            "the plugin `a` of a-package 1.0 offers the action `zap`, but `loud` is no effect; effects are public,"
            " private, spends, suppresses",
        ),
        (
            [plugin("a", verb("zap", idempotent="maybe"))],
            "the plugin `a` of a-package 1.0 offers the action `zap`, but `maybe` is no promise; promises are key,"
            " query, none",
        ),
        (
            [plugin("a", verb("zap", idempotent="query"))],
            "the plugin `a` of a-package 1.0 offers the action `zap`, but promises `query` without an `ask`; write one,"
            " or promise `none`",
        ),
        (
            [plugin("a", verb("zap", main="volume"))],
            "the plugin `a` of a-package 1.0 offers the action `zap`, but its main parameter `volume` is not among its"
            " parameters; describe it there",
        ),
        (
            [plugin("a", Source("s", lambda settings: (), event_types=("message.received", "approval.granted")))],
            "the plugin `a` of a-package 1.0 offers the source `s`, which may not send `approval.granted`; a source"
            " sends message.received, message.edited, message.deleted, message.sent",
        ),
    ],
)
def test_a_plugin_that_does_not_fit_is_named(plugins: list[tuple[str, str, object]], said: str) -> None:
    assert refused(*plugins) == said


def test_one_plugin_may_carry_a_verb_on_several_channels_by_several_actions() -> None:
    built = Registry.of([plugin("a", verb("send", "x"), verb("send", "fax"), verb("send", "email"))])
    assert len(built.carriers["a"]) == 3


def test_a_hook_that_nobody_knows_is_told() -> None:
    module = ModuleType("typo")

    def playbook_actons() -> list[Action]:
        return []

    setattr(module, "playbook_actons", hookimpl(playbook_actons))  # noqa: B010
    said = refused(("typo", "typo 0.1", module))
    assert said.startswith("the plugin `typo` of typo 0.1 does not fit: unknown hook 'playbook_actons'")


def test_a_hook_with_other_arguments_is_told() -> None:
    module = ModuleType("other")

    def playbook_enrich(event: Event, customer: str) -> None:
        return None

    setattr(module, "playbook_enrich", hookimpl(playbook_enrich))  # noqa: B010
    said = refused(("other", "other 0.1", module))
    assert said.startswith("the plugin `other` of other 0.1 does not fit: ")
    assert "customer" in said


def test_a_hook_that_fails_is_told() -> None:
    module = ModuleType("broken")

    def playbook_actions() -> list[Action]:
        raise KeyError("licence")

    setattr(module, "playbook_actions", hookimpl(playbook_actions))  # noqa: B010
    assert refused(("broken", "broken 0.1", module)) == (
        "the plugin `broken` of broken 0.1 cannot say what it offers: KeyError: 'licence'; repair or uninstall it"
    )


def giving(name: str, *rates: SendRate) -> tuple[str, str, object]:
    module = ModuleType(name)
    setattr(module, "playbook_send_rates", hookimpl(lambda: rates))  # noqa: B010
    return name, f"{name} 0.1", module


def test_what_a_plugin_says_of_a_platform_stands_in_place_of_all_that_is_known_of_it() -> None:
    own = SendRate("x", "posts", 50, 60_000, "account", "our contract", "2026-10-01")

    found = Registry.of([giving("ours", own)]).send_rates

    assert [rate for rate in found if rate.platform == "x"] == [own]
    assert [rate for rate in found if rate.platform != "x"] == [rate for rate in SEND_RATES if rate.platform != "x"]


def test_two_plugins_may_not_speak_of_one_platform() -> None:
    own = SendRate("x", "posts", 50, 60_000, "account", "our contract", "2026-10-01")

    assert refused(giving("ours", own), giving("theirs", own)) == (
        "two plugins give the limits of `x`: `ours` of ours 0.1 and `theirs` of theirs 0.1; uninstall one"
    )


def test_an_offer_of_another_kind_is_told() -> None:
    module = ModuleType("wrong")

    def playbook_actions() -> list[object]:
        return [ActionSpec("zap")]

    setattr(module, "playbook_actions", hookimpl(playbook_actions))  # noqa: B010
    assert refused(("wrong", "wrong 0.1", module)) == (
        "the plugin `wrong` of wrong 0.1 offers ActionSpec where Action is wanted; repair or uninstall it"
    )


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("raise RuntimeError('licence')", "RuntimeError: licence"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("def f(:", "SyntaxError: "),
    ],
)
def test_a_stranger_s_plugin_that_cannot_be_loaded_is_named(
    code: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Point(SimpleNamespace):
        name, value, dist = "acme", "acme_playbook", SimpleNamespace(name="acme-playbook", version="2.3")

        def load(self) -> object:
            exec(code)
            return None

    monkeypatch.setattr(registry_module, "entry_points", lambda group: [Point()])
    with pytest.raises(PlaybookError) as error:
        Registry.build()
    said = str(error.value)
    assert said.startswith(f"the plugin `acme` of acme-playbook 2.3 cannot be loaded: {why}")
    assert said.endswith("; repair or uninstall it")
    assert [each.name for each in Registry.build(third_party=False).plugins] == BUILT_IN


def test_the_entry_points_are_those_of_our_group(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def entry_points(group: str) -> list[EntryPoint]:
        asked.append(group)
        return []

    monkeypatch.setattr(registry_module, "entry_points", entry_points)
    Registry.build()
    assert asked == ["playbook_engine"]


def test_the_door_has_everything_it_says() -> None:
    for name in playbook_engine.__all__:
        assert getattr(playbook_engine, name) is not None, name
    with pytest.raises(AttributeError, match="has no attribute 'nothing_like_it'"):
        playbook_engine.nothing_like_it  # noqa: B018


def test_importing_the_package_costs_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import playbook_engine\n"
        "print(sorted(n for n in set(sys.modules) - before if not n.startswith(('_', 'typing', 'playbook_engine'))))\n"
        "print(sorted(n for n in sys.modules if n.startswith('playbook_engine.')))\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded, own = map(eval, shown.splitlines())
    assert own == []
    assert {"pluggy", "msgspec", "yaml", "importlib.metadata", "email", "sqlite3"} & set(loaded) == set()


def test_the_registry_loads_no_library_that_only_sending_needs() -> None:
    code = (
        "import sys; from playbook_engine.registry import Registry; Registry.build(third_party=False)\n"
        "print(sorted({'httpx2', 'apprise', 'jmespath', 're2', 'requests'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "httpx2" not in shown
    assert "apprise" not in shown
