"""Whether settings fit the plugins that are installed, told with their places before anything is taken in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from playbook_engine.errors import PlaybookError, PlaybookProblems
from playbook_engine.hookspecs import ANY, OURS, Action, PluginSettings
from playbook_engine.model.span import Problem, Span
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.durations import DurationError, parse_duration
from playbook_engine.runtime.secrets import has_reference, reveal
from playbook_engine.runtime.settings import CarryRow, Settings, scalars
from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import shown
from playbook_engine.text.validate import validate

_COMMON = {
    "time_limit": {"type": "string", "examples": ["30s"]},
    "at_once": {"type": "integer", "minimum": 1, "examples": [4]},
}

Offered = Mapping[str, Sequence[Action]]


def check_settings(settings: Settings, offered: Offered, carrying: Collection[str]) -> None:
    """Raises PlaybookProblems. Of plugins that will carry something, every secret must lead somewhere."""
    rows = dict(_rows(settings, offered))
    faults = {*rows.values(), *_structure(settings, offered)}
    unfit = {settings.carry[number].by for number in rows}
    for name in sorted({*carrying} - unfit):
        faults |= {*_secrets(settings, name), *_by_itself(settings, name, offered[name])}
    if faults:
        raise PlaybookProblems(tuple(sorted(faults)), settings.document.lines)


def _rows(settings: Settings, offered: Offered) -> Iterator[tuple[int, Problem]]:
    """What is wrong with rows of `carry`, by their numbers."""
    verbs = {action.spec.name for actions in offered.values() for action in actions} - {ANY}
    known = tuple(sorted({*ACTIONS, *verbs} - {*OURS}))
    for number, row in enumerate(settings.carry):
        by = settings.document.span("carry", number, "by")
        action = settings.document.span("carry", number, "action")
        if row.by not in offered:
            said = f"no plugin is called `{shown(row.by)}`"
            near = nearest(row.by, offered)
            yield number, Problem(by, "unknown-plugin", said, tuple(sorted(offered)), near)
        elif row.action in OURS:
            said = f"`{row.action}` is carried out by the engine itself; take this row out"
            yield number, Problem(action, "unknown-action", said)
        elif row.action and row.action not in known:
            said = f"no action is called `{shown(row.action)}`"
            yield number, Problem(action, "unknown-action", said, known, nearest(row.action, known))
        elif not _carries(row, offered[row.by]):
            where = f" on {shown(row.channel)}" if row.channel else ""
            said = f"`{row.by}` does not carry {row.action or 'anything'}{where}; name another plugin"
            yield number, Problem(by, "not-carried", said)


def _carries(row: CarryRow, actions: Sequence[Action]) -> bool:
    return any(
        (not row.action or action.spec.name in (row.action, ANY))
        and (not row.channel or not action.spec.channels or row.channel in action.spec.channels)
        for action in actions
    )


def _structure(settings: Settings, offered: Offered) -> Iterator[Problem]:
    """Unknown plugins and keys, and values of another kind. What a secret stands for is not known here."""
    plugins = {name: _schema(actions) for name, actions in offered.items()}
    schema = {"properties": {"plugins": {"type": "object", "additionalProperties": False, "properties": plugins}}}
    document = settings.document
    unknown = {document.span(*path) for path, text in scalars(document.value) if has_reference(text)}
    for problem in validate(document, schema):
        if problem.span not in unknown:
            yield problem


def _schema(actions: Sequence[Action]) -> Mapping[str, object]:
    """One schema of a plugin's settings out of those of its actions."""
    schemas = [action.settings for action in actions if action.settings]
    if not schemas:
        return {"type": "object"}
    merged: dict[str, object] = {}
    for schema in schemas:
        merged |= schema
    properties = [schema.get("properties", {}) for schema in schemas]
    merged["properties"] = {**{name: each for held in properties for name, each in _items(held)}, **_COMMON}
    return merged


def _items(held: object) -> list[tuple[str, object]]:
    return list(held.items()) if isinstance(held, Mapping) else []


def _secrets(settings: Settings, name: str) -> Iterator[Problem]:
    for path, text in scalars(settings.document.value, ()):
        if path[:2] == ("plugins", name) and has_reference(text):
            try:
                reveal(text, settings.folder)
            except PlaybookError as error:
                yield Problem(settings.document.span(*path), "secret-reference", str(error))


def _place(settings: Settings, name: str) -> Span:
    """Where a plugin's settings are; of one without any, where it is said to carry."""
    rows = [number for number, row in enumerate(settings.carry) if row.by == name]
    if name in settings.plugins or not rows:
        return settings.document.key_span("plugins", name)
    return settings.document.span("carry", rows[0], "by")


def _by_itself(settings: Settings, name: str, actions: Sequence[Action]) -> Iterator[Problem]:
    """What the plugin itself says of its settings."""
    own = PluginSettings(settings.plugins.get(name, {}), settings.folder, f"plugins.{name}")
    place = _place(settings, name)
    try:
        if "time_limit" in own:
            parse_duration(own.text("time_limit"))
    except DurationError as error:
        yield Problem(settings.document.span("plugins", name, "time_limit"), "time-limit", str(error))
    for check in dict.fromkeys(action.check for action in actions):
        try:
            if check is not None:
                check(own)
        except PlaybookError as error:
            yield Problem(place, "plugin-settings", str(error).removeprefix("settings: "))
