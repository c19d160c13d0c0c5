"""Everything that plugins offer: built once by whoever runs, frozen, and passed down as plain mappings.

Built-in plugins are found by walking their package, those of others by the entry-point group `playbook_engine`; both
come in by the same hooks. Everything is sorted by name, so that no order of installation is seen.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from types import MappingProxyType
from typing import TypeVar

import pluggy

import playbook_plugins
from playbook_engine import hookspecs
from playbook_engine.errors import PlaybookError
from playbook_engine.hookspecs import ANY, OURS, PROJECT, Action, LintRule, Source
from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.model.action import EFFECTS, PROMISES, ActionSpec
from playbook_engine.model.event import CUSTOMER_TYPES, OUR_TYPES, Event, FactValue
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.platforms import SEND_RATES, SendRate
from playbook_engine.runtime.enriching import Enrich, Enrichers

PACKAGE = "playbook-engine"

SENDABLE = (*CUSTOMER_TYPES, *OUR_TYPES)
"""What a source may send: an approval, or what became of a delivery, comes in by doors of its own."""

Offer = TypeVar("Offer")

_NOT_VERBS = ("approve", "when")
"""Keys that stand beside an action."""

_NAME = re.compile(r"[^\W_][\w-]*")


@dataclass(frozen=True)
class Plugin:
    """One plugin and what it offers. `origin` is its package with the version."""

    name: str
    origin: str
    actions: tuple[Action, ...] = ()
    sources: tuple[Source, ...] = ()
    lint_rules: tuple[LintRule, ...] = ()
    send_rates: tuple[SendRate, ...] = ()
    enrich: Enrich | None = None

    @property
    def title(self) -> str:
        return f"`{self.name}` of {self.origin}"


@dataclass(frozen=True)
class Registry:
    """`plugins` by name. `actions` are the verbs that plugins carry, new ones and those of the language.

    `carriers` are the actions of each plugin, by its name. `send_rates` are the engine's own, but for the
    platforms that a plugin speaks of.
    """

    plugins: tuple[Plugin, ...]
    actions: Mapping[str, ActionSpec]
    carriers: Mapping[str, tuple[Action, ...]]
    sources: Mapping[str, Source]
    lint_rules: tuple[LintRule, ...]
    enrichers: Enrichers
    send_rates: tuple[SendRate, ...] = SEND_RATES

    @classmethod
    def build(cls, third_party: bool = True) -> Registry:
        """What is installed. Raises PlaybookError naming a plugin that cannot be used, and why."""
        found = list(_built_in())
        if third_party:
            found += _of_others()
        return cls.of(found)

    @classmethod
    def of(cls, modules: Iterable[tuple[str, str, object]]) -> Registry:
        """A registry of modules, each with its name and the package it comes from."""
        loaded: dict[str, Plugin] = {}
        for name, origin, module in modules:
            if name in loaded:
                raise _twice("are called", name, loaded[name].origin, origin)
            loaded[name] = _loaded(name, origin, module)
        plugins = tuple(loaded[name] for name in sorted(loaded))
        rules = _by_name((rule.code, rule, plugin) for plugin in plugins for rule in plugin.lint_rules)
        return cls(
            plugins=plugins,
            actions=_verbs(plugins),
            carriers=MappingProxyType({plugin.name: plugin.actions for plugin in plugins if plugin.actions}),
            sources=_by_name((source.name, source, plugin) for plugin in plugins for source in plugin.sources),
            lint_rules=tuple(rules.values()),
            send_rates=_send_rates(plugins),
            enrichers=Enrichers({plugin.name: plugin.enrich for plugin in plugins if plugin.enrich is not None}),
        )

    @property
    def only_ours(self) -> bool:
        """Whether every plugin is one of those that come with the engine."""
        return all(plugin.origin.partition(" ")[0] == PACKAGE for plugin in self.plugins)

    def enrich(self, event: Event) -> tuple[Mapping[str, FactValue], Mapping[str, str]]:
        """Facts about an event from every plugin, and what is missing and why. Takes two seconds at most."""
        return self.enrichers.enrich(event)

    def advice(self) -> tuple[Rule, ...]:
        """The lint rules of plugins, as lint asks them: each sees the policy, and its problems are findings."""
        return tuple(_as_rule(rule, plugin.title) for plugin in self.plugins for rule in plugin.lint_rules)

    def listing(self) -> list[dict[str, str]]:
        """What is installed, one row for each kind of thing that a plugin offers."""
        rows = []
        for plugin in self.plugins:
            offered = {
                "action": ", ".join(_said(action.spec) for action in plugin.actions),
                "source": ", ".join(source.name for source in plugin.sources),
                "enrichment": "facts about events" if plugin.enrich else "",
                "lint rule": ", ".join(rule.code for rule in plugin.lint_rules),
                "limits of platforms": ", ".join(dict.fromkeys(rate.platform for rate in plugin.send_rates)),
            }
            rows += [
                {"name": plugin.name, "kind": kind, "from": plugin.origin, "offers": offers}
                for kind, offers in offered.items()
                if offers
            ]
        return rows


def _built_in() -> Iterator[tuple[str, str, object]]:
    try:
        origin = f"{PACKAGE} {version(PACKAGE)}"
    except PackageNotFoundError:
        origin = PACKAGE
    for found in sorted(pkgutil.iter_modules(playbook_plugins.__path__), key=lambda each: each.name):
        if not found.name.startswith("_"):
            yield found.name, origin, import_module(f"{playbook_plugins.__name__}.{found.name}")


def _of_others() -> Iterator[tuple[str, str, object]]:
    for point in sorted(entry_points(group=PROJECT), key=lambda each: (each.name, _package(each))):
        try:
            yield point.name, _package(point), point.load()
        except (Exception, SystemExit) as error:
            said = f"the plugin `{point.name}` of {_package(point)} cannot be loaded: {type(error).__name__}: {error}"
            raise PlaybookError(f"{said}; repair or uninstall it") from None


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value


def _loaded(name: str, origin: str, module: object) -> Plugin:
    """A plugin with what its hooks give. A manager of its own, so that whatever is wrong is wrong with this one."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    plugin = Plugin(name, origin)
    try:
        manager.register(module, name)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        why = str(error).splitlines()[-1].strip()
        raise PlaybookError(f"the plugin {plugin.title} does not fit: {why}") from None
    actions = _given(manager.hook.playbook_actions, plugin, Action)
    sources = _given(manager.hook.playbook_sources, plugin, Source)
    seen: list[ActionSpec] = []
    for action in actions:
        if wrong := _obstacle(action.spec, action.ask is not None, seen):
            raise PlaybookError(f"the plugin {plugin.title} offers the action `{action.spec.name}`, {wrong}")
        seen.append(action.spec)
    for source in sources:
        if forged := sorted({*source.event_types} - {*SENDABLE}):
            said = f"the plugin {plugin.title} offers the source `{source.name}`, which may not send `{forged[0]}`"
            raise PlaybookError(f"{said}; a source sends {', '.join(SENDABLE)}")
    rules = _given(manager.hook.playbook_lint_rules, plugin, LintRule)
    rates = _given(manager.hook.playbook_send_rates, plugin, SendRate)
    enrich = manager.hook.playbook_enrich
    asked = (lambda event: next(iter(enrich(event=event)), None)) if enrich.get_hookimpls() else None
    return replace(plugin, actions=actions, sources=sources, lint_rules=rules, send_rates=rates, enrich=asked)


def _given(hook: Callable[[], list[Iterable[Offer]]], plugin: Plugin, kind: type[Offer]) -> tuple[Offer, ...]:
    try:
        offers = tuple(offer for given in hook() for offer in given)
    except Exception as error:
        said = f"the plugin {plugin.title} cannot say what it offers: {type(error).__name__}: {error}"
        raise PlaybookError(f"{said}; repair or uninstall it") from None
    for offer in offers:
        if not isinstance(offer, kind):
            said = f"the plugin {plugin.title} offers {type(offer).__name__} where {kind.__name__} is wanted"
            raise PlaybookError(f"{said}; repair or uninstall it")
    return offers


def _obstacle(spec: ActionSpec, can_be_asked: bool, earlier: Iterable[ActionSpec]) -> str:
    """Why an action cannot be offered so; "" where it can."""
    if spec.name in OURS:
        return "which the engine carries out by itself; offer another"
    if spec.name != ANY and (not _NAME.fullmatch(spec.name) or spec.name in _NOT_VERBS):
        return "which is no name for an action; use letters, digits, `-` and `_`"
    if unknown := sorted({*spec.effects} - {*EFFECTS}):
        return f"but `{unknown[0]}` is no effect; effects are {', '.join(EFFECTS)}"
    if spec.idempotent not in PROMISES:
        return f"but `{spec.idempotent}` is no promise; promises are {', '.join(PROMISES)}"
    if spec.idempotent == "query" and not can_be_asked:
        return "but promises `query` without an `ask`; write one, or promise `none`"
    properties = spec.parameters.get("properties", {})
    if spec.main and isinstance(properties, Mapping) and spec.name not in ACTIONS and spec.main not in properties:
        return f"but its main parameter `{spec.main}` is not among its parameters; describe it there"
    for other in earlier:
        if other.name == spec.name and (not {*other.channels} or not {*spec.channels} or _shared(other, spec)):
            return f"twice for {', '.join(_shared(other, spec)) or 'any channel'}; keep one of them"
    return ""


def _shared(one: ActionSpec, other: ActionSpec) -> list[str]:
    return sorted({*one.channels} & {*other.channels})


def _verbs(plugins: Iterable[Plugin]) -> Mapping[str, ActionSpec]:
    """New verbs by name, and the verbs of the language with every channel that some plugin carries them on."""
    verbs: dict[str, ActionSpec] = {}
    origins: dict[str, str] = {}
    for plugin in plugins:
        for spec in (action.spec for action in plugin.actions if action.spec.name != ANY):
            if spec.name in ACTIONS:
                earlier = verbs.get(spec.name, ACTIONS[spec.name])
                verbs[spec.name] = replace(earlier, channels=tuple(sorted({*earlier.channels, *spec.channels})))
            elif spec.name not in verbs:
                verbs[spec.name], origins[spec.name] = spec, plugin.title
            elif origins[spec.name] == plugin.title:
                said = f"the plugin {plugin.title} adds the verb `{spec.name}` twice; list its channels in one action"
                raise PlaybookError(said)
            else:
                raise _twice("offer an action called", spec.name, origins[spec.name], plugin.title)
    return MappingProxyType(dict(sorted(verbs.items())))


def _by_name(offers: Iterable[tuple[str, Offer, Plugin]]) -> Mapping[str, Offer]:
    found: dict[str, tuple[Offer, Plugin]] = {}
    for name, offer, plugin in offers:
        if name in found:
            kind = "a source" if isinstance(offer, Source) else "a lint rule"
            raise _twice(f"offer {kind} called", name, found[name][1].title, plugin.title)
        found[name] = (offer, plugin)
    return MappingProxyType({name: found[name][0] for name in sorted(found)})


def _send_rates(plugins: Iterable[Plugin]) -> tuple[SendRate, ...]:
    owners: dict[str, Plugin] = {}
    given: list[SendRate] = []
    for plugin in plugins:
        for rate in plugin.send_rates:
            owner = owners.setdefault(rate.platform, plugin)
            if owner is not plugin:
                raise _twice("give the limits of", rate.platform, owner.title, plugin.title)
            given.append(rate)
    return (*(rate for rate in SEND_RATES if rate.platform not in owners), *given)


def _twice(how: str, name: str, one: str, other: str) -> PlaybookError:
    return PlaybookError(f"two plugins {how} `{name}`: {one} and {other}; uninstall one")


def _said(spec: ActionSpec) -> str:
    name = "every action" if spec.name == ANY else spec.name
    return f"{name} on {', '.join(spec.channels)}" if spec.channels else name


def _as_rule(rule: LintRule, origin: str) -> Rule:
    def check(subject: Subject) -> Iterable[Found]:
        for problem in rule.check(subject.policy):
            path = subject.path_at(problem.span)
            yield Found(path, problem.message, span=problem.span, legal=problem.legal, nearest=problem.nearest)

    said = rule.page or rule.sentence
    return Rule(
        rule.code, rule.code, rule.severity, check, confidence=rule.confidence, tier="X", doc=said, origin=origin
    )
