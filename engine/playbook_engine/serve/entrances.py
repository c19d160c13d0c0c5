"""The hooks and sources of a settings file, checked and ready: mapping read, secret known, sender named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from playbook_engine.errors import PlaybookError, PlaybookProblems
from playbook_engine.hookspecs import PluginSettings, Source
from playbook_engine.model.span import Problem
from playbook_engine.policy.durations import DurationError, parse_duration
from playbook_engine.runtime.entrances import HookRow, SourceRow
from playbook_engine.runtime.incoming.mapping import PayloadMapping, load_mapping, shipped_mappings
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Sender
from playbook_engine.runtime.secrets import reveal
from playbook_engine.runtime.settings import Settings
from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import shown

OWN_PATHS = ("/healthz", "/readyz", "/metrics")


@dataclass(frozen=True)
class Hook:
    """A path at which others send. `style` is "" for one that takes what anybody sends."""

    path: str
    sender: Sender
    mapping: PayloadMapping | None = None
    style: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Reading:
    """A source that is read again `every` ms after its end."""

    source: Source
    settings: PluginSettings
    sender: Sender
    every: int
    mapping: PayloadMapping | None = None


@dataclass(frozen=True)
class Entrances:
    hooks: tuple[Hook, ...] = ()
    readings: tuple[Reading, ...] = ()


def entrances_of(settings: Settings, sources: Mapping[str, Source], *, loopback: bool) -> Entrances:
    """Raises PlaybookProblems with all that cannot work. `loopback` says that only this machine can call."""
    checking = _Checking(settings, sources, loopback)
    hooks = tuple(each for number, row in enumerate(settings.hooks) for each in checking.hook(row, number))
    readings = tuple(each for number, row in enumerate(settings.sources) for each in checking.reading(row, number))
    if checking.faults:
        raise PlaybookProblems(tuple(sorted(checking.faults)), settings.document.lines)
    return Entrances(hooks, readings)


class _Checking:
    def __init__(self, settings: Settings, sources: Mapping[str, Source], loopback: bool) -> None:
        self._settings, self._sources, self._loopback = settings, sources, loopback
        self._paths: set[str] = set(OWN_PATHS)
        self.faults: set[Problem] = set()

    def hook(self, row: HookRow, number: int) -> Iterator[Hook]:
        mapping = self._mapping(row.map, "hooks", number)
        if row.path in self._paths:
            self._fault("path-twice", f"`{row.path}` is taken; give this hook another path", "hooks", number, "path")
        self._paths.add(row.path)
        if row.signed is None and not row.unsigned:
            said = "anybody could send here; write `signed`, or `unsigned: true` where only this machine can call"
            self._fault("unsigned-hook", said, "hooks", number, "path")
        if row.unsigned and not self._loopback:
            said = "a hook that anybody may call is served on loopback only; write `signed`, or listen on 127.0.0.1"
            self._fault("unsigned-hook", said, "hooks", number, "unsigned")
        may_send = MESSAGES | PEOPLE if row.people else MESSAGES
        # A mapping names its platform's source itself; our own form says who sends in each event.
        sender = Sender(
            name=row.path.strip("/") if mapping is not None else "",
            may_send=may_send,
            channel=row.channel,
            account=row.account,
            ours=row.ours,
        )
        style, secret = (row.signed.style, self._secret(row.signed.secret, number)) if row.signed else ("", "")
        yield Hook(row.path, sender, mapping, style, secret)

    def reading(self, row: SourceRow, number: int) -> Iterator[Reading]:
        mapping = self._mapping(row.map, "sources", number)
        source = self._sources.get(row.source)
        if source is None:
            known = tuple(sorted(self._sources))
            said = f"no plugin offers a source `{shown(row.source)}`"
            span = self._settings.document.span("sources", number, "source")
            self.faults.add(Problem(span, "unknown-source", said, known, nearest(row.source, known)))
            return
        try:
            every = parse_duration(row.every)
        except DurationError as error:
            self._fault("bad-duration", str(error), "sources", number, "every")
            return
        folder, place = self._settings.folder, f"sources.{number}.settings"
        settings = PluginSettings(row.settings, folder, place)
        sender = Sender(
            name=source.name if mapping is not None else "",
            may_send=frozenset(source.event_types),
            channel=row.channel,
            account=row.account,
            ours=row.ours,
        )
        yield Reading(source, settings, sender, every, mapping)

    def _mapping(self, name: str, *place: str | int) -> PayloadMapping | None:
        if not name:
            return None
        written = name if name in shipped_mappings() else str(self._settings.folder / name)
        try:
            return load_mapping(written)
        except PlaybookProblems:
            raise
        except PlaybookError as error:
            self._fault("unknown-mapping", str(error), *place, "map")
            return None

    def _secret(self, written: str, number: int) -> str:
        try:
            secret = reveal(written, self._settings.folder)
        except PlaybookError as error:
            self._fault("secret-reference", str(error), "hooks", number, "signed", "secret")
            return ""
        if not secret:
            self._fault("empty-secret", "the secret is empty; set it", "hooks", number, "signed", "secret")
        return secret

    def _fault(self, code: str, said: str, *place: str | int) -> None:
        self.faults.add(Problem(self._settings.document.span(*place), code, said))
