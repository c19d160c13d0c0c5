"""Who carries a delivery: the first row of the settings that fits, a verb's own plugin, else `log`."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock

from msgspec.structs import replace

from playbook_engine.errors import PlaybookError
from playbook_engine.hookspecs import ANY, Action, Carry, Clients, DeliveryContext, PluginSettings, Undelivered
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.durations import parse_duration, say_duration
from playbook_engine.runtime.bounded import MOST_LEFT, Bounded, Full, TooLong
from playbook_engine.runtime.breaker import Breaker
from playbook_engine.runtime.clients import GuardedClients, LiveClients, RecorderClients, say_in, say_on_console
from playbook_engine.runtime.crew import Crew
from playbook_engine.runtime.hosts import Hosts, hosts_of
from playbook_engine.runtime.secrets import has_reference, reveal, revealed
from playbook_engine.runtime.settings import Settings
from playbook_engine.runtime.settings_check import check_settings

DEFAULT = "log"
TIME_LIMIT = 30_000
"""Ms that one call of a plugin may take; `plugins.<name>.time_limit` says otherwise."""

AT_ONCE = 4
"""Calls of one plugin under way at one time; `plugins.<name>.at_once` says otherwise, up to `MOST_LEFT`."""

_REPEATABLE = ("key", "query")


def carriers_for(
    offered: Mapping[str, Sequence[Action]], settings: Settings, url: str, *, dry: bool = False
) -> Carriers:
    """The carrier of a run whose store is at `url`. `offered` are the actions of every plugin, by its name.

    Raises PlaybookProblems for settings that cannot work, secrets that lead nowhere included. `dry` gives the
    plugins clients that record.
    """
    check_settings(settings, offered, carrying(offered, settings))
    return Carriers(offered, settings, _state_folder(settings, url), dry)


def carrying(offered: Mapping[str, Sequence[Action]], settings: Settings) -> frozenset[str]:
    """The plugins that will be asked to carry something."""
    own = {name for name, actions in offered.items() for action in actions if _is_new(action)}
    return frozenset({DEFAULT, *own, *(row.by for row in settings.carry)}) & frozenset(offered)


def _is_new(action: Action) -> bool:
    return action.spec.name not in (*ACTIONS, ANY)


def _state_folder(settings: Settings, url: str) -> Path | None:
    """Beside the store's file, here where it is on a server; None where nothing outlives the process."""
    if settings.state:
        return settings.folder / settings.state
    scheme, _, place = url.partition(":")
    if scheme == "postgresql":
        return Path("playbook-plugins")
    if scheme != "sqlite" or not place or place == ":memory:":
        return None
    file = Path(place)
    return file.with_name(f"{file.stem}-plugins")


class Ended(Exception):
    """A plugin's call raised what is no error but an end; the message is its type."""


@dataclass(frozen=True)
class _Plugin:
    """A plugin that carries, under the name that the settings know."""

    name: str
    settings: PluginSettings
    calls: Bounded = field(default_factory=Bounded)

    @property
    def time_limit(self) -> int:
        written = self.settings.text("time_limit", "")
        return parse_duration(written) if written else TIME_LIMIT

    @property
    def at_once(self) -> int:
        return min(self.settings.number("at_once", AT_ONCE), MOST_LEFT)


class Carriers:
    """Hands each delivery to its plugin, in bounded time, with settings whose secrets are looked up for the call.

    `recorder` is what plugins are given in a dry run. `carried_by` tells how many deliveries each plugin had.
    """

    def __init__(
        self, offered: Mapping[str, Sequence[Action]], settings: Settings, state: Path | None, dry: bool
    ) -> None:
        self.dry = dry
        self.recorder = RecorderClients()
        self.carried_by: dict[str, int] = {}
        self._offered = offered
        self._settings = settings
        self._state = None if dry else state
        self._plugins: dict[str, _Plugin] = {}
        self._breaker = Breaker()
        self._lock = Lock()

    def promise(self, delivery: Delivery) -> str:
        """What a repeated key does where the delivery goes."""
        plugin, action = self._chosen(delivery)
        found = action.promise(plugin.settings) if action.promise is not None else action.spec.idempotent
        return "none" if found == "query" and action.ask is None else found

    def leaves(self, delivery: Delivery) -> bool:
        """Whether it goes any further than the log."""
        return not self.dry and self._chosen(delivery)[0].name != DEFAULT

    def crew(self) -> Crew:
        """Who carries several at one time, as many as each plugin takes."""
        return Crew(lambda delivery: self._chosen(delivery)[0].name, lambda name: self._plugin(name).at_once)

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        plugin, action = self._chosen(delivery)
        with self._lock:
            self.carried_by[plugin.name] = self.carried_by.get(plugin.name, 0) + 1
        return self._call(plugin, action, action.deliver, delivery, now)

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        plugin, action = self._chosen(delivery)
        if action.ask is None:
            return Receipt("unknown", error=f"`{plugin.name}` cannot be asked")
        return self._call(plugin, action, action.ask, delivery, now)

    def _chosen(self, delivery: Delivery) -> tuple[_Plugin, Action]:
        verb, channel = delivery.action, delivery.channel
        names = [row.by for row in self._settings.carry if row.fits(verb, channel)]
        names += [name for name in sorted(self._offered) if verb not in ACTIONS and self._has_own(name, verb)]
        for name in (*names, DEFAULT):
            for action in sorted(self._offered[name], key=lambda action: action.spec.name == ANY):
                if action.carries(verb, channel):
                    return self._plugin(name), action
        raise PlaybookError(f"nothing carries `{verb}`; name a plugin under `carry` in the settings")

    def _has_own(self, name: str, verb: str) -> bool:
        return any(action.spec.name == verb for action in self._offered[name])

    def _plugin(self, name: str) -> _Plugin:
        if name not in self._plugins:
            written = self._settings.plugins.get(name, {})
            settings = PluginSettings(written, self._settings.folder, f"plugins.{name}")
            self._plugins[name] = _Plugin(name, settings)
        return self._plugins[name]

    def _call(self, plugin: _Plugin, action: Action, carry: Carry, delivery: Delivery, now: int) -> Receipt:
        secrets: tuple[str, ...] = ()
        try:
            settings = plugin.settings.with_secrets(lambda text: reveal(text, self._settings.folder))
            secrets = tuple(revealed(settings))
            allowed = (*self._settings.allow_hosts, *action.hosts)
            clients = self._clients(hosts_of(settings, allowed), now)
            context = DeliveryContext(now, settings, clients, self._folder, self.dry)
            # A copy: what a plugin writes into it must not be kept as what was sent.
            own = replace(delivery, parameters=deepcopy(delivery.parameters))
            asked = self._with_address(own) if plugin.name != DEFAULT else own
            receipt = self._within(plugin, lambda: _carried(carry, asked, context), now)
        except Undelivered as fault:
            outcome = self._lost(delivery) if fault.outcome == "unknown" else fault.outcome
            receipt = Receipt(outcome, error=str(fault), again_after=fault.again_after)
        except Full:
            receipt = Receipt("again", error=f"too many calls of `{plugin.name}` are still running")
        except TooLong:
            limit = say_duration(plugin.time_limit)
            receipt = Receipt(self._lost(delivery), error=f"`{plugin.name}` took longer than {limit}")
        except Ended as error:
            receipt = Receipt(self._lost(delivery), error=f"`{plugin.name}` ended with {error}")
        except PlaybookError as error:
            receipt = Receipt("failed", error=str(error))
        return without(receipt, secrets)

    def _within(self, plugin: _Plugin, call: Callable[[], Receipt], now: int) -> Receipt:
        """One call in bounded time; a plugin that fails again and again by itself is left alone for a while."""
        name = f"the plugin `{plugin.name}`"
        self._breaker.ask(name, now)
        try:
            receipt = plugin.calls.within(plugin.time_limit, call)
        except PlaybookError:
            raise
        except Exception:
            self._breaker.tell(name, now, failed=True)
            raise
        self._breaker.tell(name, now, failed=False)
        return receipt

    def _lost(self, delivery: Delivery) -> str:
        """What a call without an answer comes to: tried again only where a second one does no harm."""
        return "again" if self.promise(delivery) in _REPEATABLE else "unknown"

    def _with_address(self, delivery: Delivery) -> Delivery:
        """A person's address in the playbook may be a secret's reference; nothing a customer wrote stands there."""
        address = delivery.parameters.get("address")
        if delivery.action != "notify" or not has_reference(address):
            return delivery
        known = reveal(str(address), self._settings.folder)
        return replace(delivery, parameters={**delivery.parameters, "address": known})

    def _clients(self, hosts: Hosts, now: int) -> Clients:
        if self.dry:
            return self.recorder.within(hosts)
        return GuardedClients(LiveClients(hosts, self._say), self._breaker, now)

    @cached_property
    def _say(self) -> Callable[[str], object]:
        log = self._plugin(DEFAULT).settings if DEFAULT in self._offered else PluginSettings()
        return say_in(log.path("file")) if "file" in log else say_on_console

    @cached_property
    def _folder(self) -> Path:
        if self._state is not None:
            return self._state
        folder = tempfile.mkdtemp(prefix="playbook-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)


def _carried(carry: Carry, delivery: Delivery, context: DeliveryContext) -> Receipt:
    """Raises Ended for what would end our process, such as `sys.exit()`: it ends the plugin's call alone."""
    try:
        return carry(delivery, context)
    except Exception:
        raise
    except BaseException as error:
        raise Ended(type(error).__name__) from None


def without(receipt: Receipt, secrets: Sequence[str]) -> Receipt:
    """The receipt with no secret in its error, which is logged and kept."""
    if not isinstance(receipt, Receipt) or not isinstance(receipt.error, str) or not receipt.error:
        return receipt
    error = receipt.error
    for secret in sorted(secrets, key=len, reverse=True):
        error = error.replace(secret, "•••") if len(secret) > 3 else error
    return replace(receipt, error=error)
