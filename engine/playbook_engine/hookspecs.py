"""What a plugin may add, and what it is given: the five hooks and the values they speak in.

A plugin is a module with functions marked `@hookimpl`. The built-in ones lie in `playbook_plugins`; any other package
names its module under the entry-point group `playbook_engine`. See https://pluggy.readthedocs.io for the marker.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import pluggy

from playbook_engine.errors import PlaybookError
from playbook_engine.model.action import ActionSpec
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import CUSTOMER_TYPES, OUR_TYPES, Event
from playbook_engine.model.span import Problem
from playbook_engine.policy.platforms import SendRate as SendRate

if TYPE_CHECKING:
    from email.message import EmailMessage

    from playbook_engine.policy.policy import Policy

PROJECT = "playbook_engine"
"""The name of the markers and of the entry-point group."""

ANY = "*"
"""As the name of an action's spec: it carries every verb."""

OURS = ("hand_over", "mute", "resolve", "tag")
"""Verbs that the engine carries out by itself; the message of a hand-over is a `send`."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Undelivered(PlaybookError):
    """A call to the outside came to nothing. A plugin may let it pass: it becomes the receipt.

    `outcome` is `again` (it never went), `failed` (it never will) or `unknown` (it may have gone). The message is
    for the log and holds no personal data. `again_after` is ms.
    """

    def __init__(self, outcome: str, message: str, again_after: int = 0) -> None:
        self.outcome = outcome
        self.again_after = again_after
        super().__init__(message)


class Secret:
    """A text that nothing shows: neither `repr`, nor `str`, nor a format, nor a pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, eq=False)
class PluginSettings(Mapping[str, object]):
    """What the settings file says under `plugins.<name>`.

    Values are texts, integers, flags, lists and mappings; one that holds `${env:…}` or `${file:…}` is a `Secret`,
    which `text` reveals. Relative paths are meant from `folder`, where the settings file lies. The methods raise
    PlaybookError with the setting's place.
    """

    held: Mapping[str, object] = field(default_factory=dict)
    folder: Path = Path(".")
    place: str = "plugins"

    def __getitem__(self, name: str) -> object:
        return self.held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)

    def text(self, name: str, default: str | None = None) -> str:
        found = self._found(name, default)
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, Mapping | list | tuple):
            raise self.wrong(name, "a text is wanted")
        return found.reveal() if isinstance(found, Secret) else str(found)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single one is a list of one, and a setting that is not there an empty list."""
        found = self.held.get(name, ())
        listed = found if isinstance(found, list | tuple) else (found,)
        numbered = {str(number): each for number, each in enumerate(listed)}
        part = PluginSettings(numbered, self.folder, f"{self.place}.{name}")
        return tuple(map(part.text, part))

    def number(self, name: str, default: int | None = None) -> int:
        found = self.text(name, None if default is None else str(default))
        if not (found.isascii() and found.removeprefix("-").isdigit()):
            raise self.wrong(name, "a whole number is wanted")
        return int(found)

    def flag(self, name: str, default: bool | None = None) -> bool:
        found = self.text(name, None if default is None else str(default).lower())
        if found not in ("true", "false"):
            raise self.wrong(name, "true or false is wanted")
        return found == "true"

    def path(self, name: str, default: str | None = None) -> Path:
        return self.folder / self.text(name, default)

    def part(self, name: str) -> PluginSettings:
        """The settings below a key; none where it is not there."""
        found = self.held.get(name, {})
        if not isinstance(found, Mapping):
            raise self.wrong(name, "a mapping is wanted")
        return PluginSettings(found, self.folder, f"{self.place}.{name}")

    def with_secrets(self, reveal: Callable[[str], str]) -> PluginSettings:
        """The same with a `Secret` for every text that holds a reference, at any depth."""

        def known(value: object) -> object:
            if isinstance(value, Mapping):
                return {name: known(each) for name, each in value.items()}
            if isinstance(value, list | tuple):
                return [known(each) for each in value]
            return Secret(reveal(value)) if isinstance(value, str) and "${" in value else value

        return replace(self, held={name: known(each) for name, each in self.held.items()})

    def wrong(self, name: str, why: str) -> PlaybookError:
        """The error to raise for a setting that cannot be used; the value is not shown, it may be a secret."""
        return PlaybookError(f"settings: `{self.place}.{name}`: {why}")

    def _found(self, name: str, default: object) -> object:
        found = self.held.get(name, default)
        if found is None:
            raise self.wrong(name, "this setting is needed; write it")
        return found


@dataclass(frozen=True)
class HttpRequest:
    """`timeout` is ms. The host has to be named in the plugin's settings, in `Action.hosts` or in `allow_hosts`."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes = b""
    timeout: int = 10_000


@dataclass(frozen=True)
class HttpResponse:
    """Names of headers are in lower case. A redirect is an answer like any other: none is followed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> object:
        """The body as JSON, None where it is not."""
        try:
            found: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found


@dataclass(frozen=True)
class MailServer:
    """An SMTP submission server. `timeout` is ms.

    `tls` is `implicit`, `demanded` (STARTTLS or nothing), `offered` (STARTTLS where there is one) or `none`. A
    password never leaves unencrypted unless `none` says so. `sender` is the envelope's, else that of From; `ca`
    names a file of certificates to trust instead of the machine's.
    """

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "offered"
    sender: str = ""
    ca: str = ""
    timeout: int = 20_000


class Clients(Protocol):
    """All that a plugin may reach the outside with; in a dry run a recorder that cannot send.

    Each raises Undelivered.
    """

    def http(self, request: HttpRequest) -> HttpResponse: ...

    def mail(self, message: EmailMessage, server: MailServer) -> None: ...

    def notify(self, service: str, title: str, text: str) -> None:
        """One notification by a service's address, as https://github.com/caronc/apprise/wiki writes them."""

    def say(self, line: str) -> None:
        """One line for the console, or for the file that `plugins.log.file` names."""


@dataclass(frozen=True)
class DeliveryContext:
    """What goes with one delivery.

    `now` is ms UTC, the only time a plugin needs. In a dry run `clients` is a recorder and what `state` holds must
    not change.
    """

    now: int
    settings: PluginSettings
    clients: Clients
    folder: Path
    dry_run: bool = False

    @property
    def state(self) -> Path:
        """A folder for tables of the plugin's own, the same on every call; made when it is first asked for."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder


Carry = Callable[[Delivery, DeliveryContext], Receipt]


@dataclass(frozen=True)
class Action:
    """One verb, and how it is carried out.

    A `spec.name` that is a verb of the language carries that verb on `spec.channels` (none: on any); `*` carries all;
    a new name adds a verb. `deliver` may be called twice with one key, and several calls may be under way at one
    time, each in a thread of its own. `ask` belongs to `idempotent: query`: it says `delivered` when the key went
    before, `again` when it did not, `unknown` when that cannot be told.

    `settings` is a JSON Schema of the plugin's settings. `check` raises PlaybookError for settings that a schema
    cannot judge. `promise` says what `spec.idempotent` is where it depends on the settings; both are given
    settings whose secrets are not resolved. `hosts` are those the code calls by itself.
    """

    spec: ActionSpec
    deliver: Carry
    ask: Carry | None = None
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    check: Callable[[PluginSettings], None] | None = None
    promise: Callable[[PluginSettings], str] | None = None
    hosts: tuple[str, ...] = ()

    def carries(self, verb: str, channel: str) -> bool:
        return self.spec.name in (verb, ANY) and (not self.spec.channels or channel in self.spec.channels)


@dataclass(frozen=True)
class Source:
    """A place that events come from.

    `read` gives one JSON document after the other, each as `playbook run --events` takes it. `event_types` are
    what it may send; types that only people or the engine may send are refused.
    """

    name: str
    read: Callable[[PluginSettings], Iterable[bytes]]
    channels: tuple[str, ...] = ()
    event_types: tuple[str, ...] = CUSTOMER_TYPES + OUR_TYPES
    sentence: str = ""


@dataclass(frozen=True)
class LintRule:
    """Advice on playbooks that can be used. `code` is kebab-case and that of every problem it finds.

    `severity` is error, warning or info; `confidence` is certain (it follows from what is written) or heuristic (a
    guess). `page` is shown by `playbook lint --explain CODE`: a sentence, then the heads `What it finds`, `Why it
    matters`, `Avoid` and `Prefer`, each alone on its line.
    """

    code: str
    check: Callable[[Policy], Iterable[Problem]]
    sentence: str = ""
    severity: str = "warning"
    confidence: str = "certain"
    page: str = ""


@hookspec
def playbook_actions() -> Iterable[Action]:
    """The actions this plugin carries out. Called once, when the registry is built."""
    return ()


@hookspec
def playbook_sources() -> Iterable[Source]:
    """Where events come from. Called once, when the registry is built."""
    return ()


@hookspec
def playbook_enrich(event: Event) -> Mapping[str, object] | None:
    """Facts about an event, by name: a flag, a whole number, a text, or a list of texts. None: nothing known.

    Called for every event in a thread of its own and given up after two seconds; what is late, fails or has
    another form is recorded as missing, with the reason. The playbook declares the fact with `from: <plugin>`.
    """


@hookspec
def playbook_lint_rules() -> Iterable[LintRule]:
    """Advice of this plugin's own. Called once, when the registry is built."""
    return ()


@hookspec
def playbook_send_rates() -> Iterable[SendRate]:
    """How many messages platforms take: advice counts with it, and no run sends more. Called once, for the registry.

    What is given for a platform stands in place of all that the engine knows of it.
    """
    return ()
