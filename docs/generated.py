"""Tables of the documentation that the code knows: `make fix` writes them by cog, `make check` compares them."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from inspect import cleandoc, signature
from pathlib import Path
from types import ModuleType

import click
import yaml

import playbook_plugins
from playbook_engine import hookspecs
from playbook_engine.cli.main import playbook
from playbook_engine.explain.why import OUTCOMES
from playbook_engine.lint import formats as lint_formats
from playbook_engine.lint.catalogue import built_in as built_in_rules
from playbook_engine.lint.dropped import DROPPED
from playbook_engine.lint.formats import FORMATS
from playbook_engine.lint.rule import TIERS, Rule
from playbook_engine.model.action import ActionSpec
from playbook_engine.model.decision import NOTE_KINDS
from playbook_engine.model.event import CUSTOMER_TYPES, ENGINE_TYPES, OUR_TYPES, PEOPLE_TYPES
from playbook_engine.policy import built_in, platforms
from playbook_engine.policy.compile.facts import scopes
from playbook_engine.policy.compile.places import Collector
from playbook_engine.policy.operators import OPERATORS
from playbook_engine.policy.policy import FactType
from playbook_engine.policy.template_variables import VARIABLES
from playbook_engine.prove.properties import every_property
from playbook_engine.resources import shipped
from playbook_engine.runtime.incoming.functions import MappingFunctions
from playbook_engine.runtime.incoming.mapping import shipped_mappings
from playbook_engine.runtime.incoming.outcomes import REASONS
from playbook_engine.runtime.record import RecordedDecision
from playbook_engine.scenario.reading import scenario_schema
from playbook_engine.text.document import Document

TESTS = Path(__file__).resolve().parents[1] / "tests"

WIDTH = 78
"""Columns of help texts, whatever the terminal has."""

KINDS = {
    "name": "a name",
    "ordered": "a name with a rank",
    "set": "a set of names",
    "flag": "true or false",
    "number": "a whole number",
    "money": "an amount of money",
    "duration": "a duration",
    "text": "free text",
}

_DECIDED = ("route", "targets", "human_only", "respond", "rules")

FACTS = {
    "channel": "where the message was written: `x`, `email`, …",
    "account": "which of our accounts it reached, as `platform:handle`",
    "origin": "how it reached us; a post we found ourselves is `listening`",
    "public": "whether everybody can read it",
    "lang": "its language, such as `ja`: as the source says, else told by the script",
    "automatic": "whether a machine wrote it, as the source says",
    "personal_data": "whether its text holds an e-mail address, a telephone or a card number",
    "attachments": "how many pictures and files came with it",
    "author.followers": "how many follow the author; missing where the platform does not say",
    "author.verified": "whether the platform has verified the author; missing where it does not say",
    "mode": "the modes in force when the message arrived",
    "text": "what the customer wrote",
    "author.handle": "the author's handle",
    "author.name": "the author's name",
    "department.open": "whether the department that answers is open now",
    "department.was_open": "whether it was open when the customer wrote",
    "incident.stage": "where the incident stands",
    "incident.messages": "how many messages the customer has written in it, this one included",
    "incident.public_turns": "how many public messages we have written in it",
    "incident.age": "time since its first message",
    "incident.level": "the highest level its ladder has reached; 0 for none, and again 0 when nothing is owed",
    "incident.department": "the department that answers now",
    "incident.reopened": "whether it was resolved before",
    "incident.tags": "marks set by the action `tag`",
}

EVENTS = {
    "message.received": "a customer wrote",
    "message.edited": "a customer changed a message",
    "message.deleted": "a customer took a message back",
    "message.sent": "we wrote: a person of ours outside the engine, or the echo of what the engine sent",
    "incident.acknowledged": "somebody has seen it and takes it: `by`",
    "incident.assigned": "it was given to a person or a department: `by`, `to`, `department`",
    "incident.waiting": "we wait for the customer: `by`",
    "incident.resolved": "the matter is settled: `by`, and `elsewhere: true` if by another way",
    "incident.linked": "it is the same matter as another incident: `by`, `into`",
    "duty.waived": "a step is not owed any more: `by`, `step`, `because`",
    "remedy.granted": "a person gives what is offered: `by`, `action`, `amount`",
    "approval.granted": "a draft may leave: `by`, `draft`, `digest`, `messages`, and `text` if it was changed",
    "approval.refused": "a draft may not leave: `by`, `draft`, `because`",
    "mode.switched": "a person switches a mode: `by`, `mode`, `on`",
    "timer.due": "an instant has come that the incident waited for",
    "approval.expired": "nobody decided about a draft in time",
    "action.delivered": "a delivery arrived",
    "action.failed": "a delivery will never arrive",
    "action.unknown": "nobody can tell whether a delivery arrived",
    "action.held": "a delivery waits for room under a limit, or for the end of a pause",
    "action.over": "a delivery found no room under a limit",
    "action.expired": "a delivery became too old to be sent",
    "source.silent": "nothing has come from an account for its `silent_after`",
    "mode.started": "a mode is in force from now on",
    "mode.ended": "a mode is over",
}


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def operators() -> str:
    """What a playbook may write, and what a bare value or list stands for."""
    rows = [
        (
            {"equals": "a value", "one_of": "a list", "has": "a value", "has_any": "a list"}.get(
                each.name, f"`{each.name}`"
            ),
            ", ".join(KINDS[kind] for kind in each.reads),
            each.sentence.format(operand="…"),
            each.sentence_ja.format(operand="…"),
        )
        for each in sorted(OPERATORS.values(), key=lambda each: (not each.implied, each.name))
    ]
    return table(("written", "of a fact that is", "it holds where the fact …", "日本語"), rows)


def facts() -> str:
    """The built-in facts and the sections that may read them."""
    nothing = Document(value={}, spans={}, key_spans={}, lines={}, quoted=frozenset())
    sections = scopes(Collector(nothing), {}, ())
    known: dict[str, FactType] = {}
    for name, scope in sections.items():
        if name != "assert":
            known |= {fact.name: fact for fact in scope.facts.values() if fact is not None}
    assert set(known) == set(FACTS), set(known) ^ set(FACTS)
    shown = [section for section in sections if section not in ("assume", "assert")]
    rows = []
    for name in FACTS:
        readers = [section for section in shown if name in sections[section].facts]
        where = "everywhere" if readers == shown else code(readers)
        values = f": {code(known[name].values)}" if known[name].values else ""
        rows.append((f"`{name}`", KINDS[known[name].kind] + values, FACTS[name], where))
    rows.append(("`open.<calendar>`", KINDS["flag"], "whether that calendar is open now", "everywhere"))
    rows.append(
        ("`message.<fact>`", "as the fact", "a fact of your own as the latest message alone says it", code(_DECIDED))
    )
    return table(("fact", "it is", "meaning", "readable in"), rows)


def actions() -> str:
    rows = [
        (f"`{each.name}`", each.sentence, _parameters(each), ", ".join(each.effects))
        for each in built_in.ACTIONS.values()
    ]
    return table(("action", "it …", "parameters", "effects"), rows)


def _parameters(spec: ActionSpec) -> str:
    known, required = spec.parameters.get("properties", {}), spec.parameters.get("required", ())
    assert isinstance(known, Mapping)
    assert isinstance(required, tuple)
    one = built_in.EXACTLY_ONE.get(spec.name, ())
    names = [f"**{name}**" if name == spec.main else name for name in known]
    said = [f"{shown} (needed)" if name in required else shown for name, shown in zip(known, names, strict=True)]
    return ", ".join(said) + (f"; exactly one of {', '.join(one)}" if one else "")


def variables() -> str:
    rows = [(f"`{each.name}`", each.sentence, str(each.longest), each.where) for each in VARIABLES.values()]
    return table(
        ("variable", "meaning", "longest", "there"), [*rows, ("`link.<id>`", "an address under `links`", "", "always")]
    )


def events() -> str:
    groups = {
        "the customer": CUSTOMER_TYPES,
        "us": OUR_TYPES,
        "a person of ours": PEOPLE_TYPES,
        "the engine": ENGINE_TYPES,
    }
    assert [kind for kinds in groups.values() for kind in kinds] == list(EVENTS)
    return table(
        ("event", "from", "meaning"),
        [(f"`{kind}`", who, EVENTS[kind]) for who, kinds in groups.items() for kind in kinds],
    )


def channels() -> str:
    return code(built_in.CHANNELS) + ".\n"


def lengths() -> str:
    rows = [
        (
            f"`{name}`",
            f"{each.most} {'weighted characters' if each.counts == 'weighted' else 'characters as people see them'}",
            each.as_of,
        )
        for name, each in platforms.POST_LENGTHS.items()
    ]
    return table(("channel", "one post holds", "as of"), rows)


def hooks() -> str:
    """Every hook with its arguments and its docstring."""
    parts = []
    for name, hook in vars(hookspecs).items():
        if name.startswith("playbook_") and callable(hook):
            called = str(signature(hook)).replace("'", "")
            parts.append(f"### `{name}{called}`\n\n{cleandoc(hook.__doc__ or '')}\n")
    return "\n".join(parts)


def plugins() -> str:
    """The built-in plugins by the first line of their documentation."""
    rows = []
    for found in pkgutil.iter_modules(playbook_plugins.__path__):
        if not found.name.startswith("_"):
            module = importlib.import_module(f"playbook_plugins.{found.name}")
            link = f"[`{found.name}`](../plugins/playbook_plugins/{found.name}.py)"
            rows.append((link, cleandoc(module.__doc__ or "").partition("\n")[0]))
    return table(("plugin", "it …"), rows)


def mappings() -> str:
    rows = []
    for name in shipped_mappings():
        about = yaml.safe_load((shipped("mappings") / f"{name}.yaml").read_text("utf-8"))["about"]
        rows.append((f"`{name}`", about))
    return table(("mapping", "what it reads"), rows)


def mapping_functions() -> str:
    names = [name for name in vars(MappingFunctions) if name.startswith("_func_")]
    said = {name.removeprefix("_func_"): getattr(MappingFunctions, name).__doc__ for name in names}
    return table(("function", "gives"), [(f"`{name}`", (text or "").strip()) for name, text in said.items()])


def reasons() -> str:
    return table(("reason", "what was wrong"), [(f"`{name}`", text) for name, text in REASONS.items()])


def record() -> str:
    return code(RecordedDecision.__struct_fields__) + ".\n"


def outcomes() -> str:
    """What `explain` says may become of a row."""
    return table(("outcome", "meaning"), [(f"`{name}`", meaning) for name, meaning in OUTCOMES.items()])


def notes() -> str:
    return code(NOTE_KINDS) + ".\n"


def formats() -> str:
    """How `playbook lint` prints, as the first line of each format's module has it."""
    rows = []
    for name in FORMATS:
        title = cleandoc(importlib.import_module(f"{lint_formats.__name__}.{name}").__doc__ or "").splitlines()[0]
        rows.append([f"`{name}`", title.rstrip(".")])
    return table(("format", "what it is"), rows)


def properties() -> str:
    """What `playbook prove` proves of every playbook, as the modules of the properties say it."""
    rows = []
    for each in every_property():
        meaning = cleandoc(sys.modules[each.check.__module__].__doc__ or "").partition("\n\n")[0]
        meaning = (
            re.sub(r" \(SEMANTICS [\d.]+\)", "", meaning.removeprefix(f"{each.code}: ")).replace("\n", " ").rstrip(".")
        )
        rows.append([each.code, each.title, meaning])
    return table(("", "what holds", "which means"), rows)


def commands() -> str:
    """The help of every command, as it is printed."""
    return "\n".join(_helps(playbook, "playbook", None))


def _helps(command: click.Command, name: str, above: click.Context | None) -> list[str]:
    context = click.Context(
        command, info_name=name, parent=above, terminal_width=WIDTH, help_option_names=["-h", "--help"]
    )
    path = context.command_path
    parts = [f"## `{path}`\n\n```text\n{context.get_help().rstrip()}\n```\n"]
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            below = command.get_command(context, each)
            assert below is not None
            parts += _helps(below, each, context)
    return parts


@cache
def lint_examples() -> ModuleType:
    """What the tests lay the examples of lint's pages over."""
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    return importlib.import_module("lint.linting")


def lint_table() -> str:
    """Every built-in rule of lint on a line."""
    rows = [
        (
            f"[{rule.code}](#{rule.code.lower()}-{rule.name})",
            f"`{rule.name}`" + (" 🔒" if rule.locked else ""),
            rule.page.title,
            rule.severity,
            "" if rule.confidence == "certain" else rule.confidence,
            rule.tier,
            rule.profile,
            _fixes(rule),
        )
        for rule in built_in_rules()
    ]
    return table(("code", "name", "finds that …", "severity", "confidence", "tier", "profile", "fix"), rows)


def _fixes(rule: Rule) -> str:
    """Which fixes the examples on the rule's page are offered."""
    fixes = [
        each.fix
        for example in rule.page.avoid
        for each in lint_examples().findings(example)
        if each.code == rule.code and each.fix is not None
    ]
    return " and ".join(sorted({"safe" if fix.safe else "unsafe" for fix in fixes}))


def lint_tiers() -> str:
    return table(("tier", "needs"), TIERS.items())


def lint_pages() -> str:
    """The page of every built-in rule."""
    parts = []
    for rule in built_in_rules():
        text = re.sub(r"^(What it finds|Why it matters|Avoid|Prefer)$", r"**\1**\n", cleandoc(rule.doc), flags=re.M)
        parts.append(f"### {rule.code} {rule.name}\n\n{text.replace('```yaml', '```yaml fragment')}\n")
    return "\n".join(parts)


def lint_dropped() -> str:
    return table(("code", "why there is no such rule"), DROPPED.items())


def as_json(text: str) -> str:
    """A line of JSON over several lines."""
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2)


def test_keys(place: str) -> str:
    """What may stand in one mapping of a file of tests, as its schema says: `step`, `expectation`, `test`, …"""
    shape = scenario_schema()["$defs"][place]  # type: ignore[index]
    rows = [(f"`{key}`", _described(held).removesuffix(".")) for key, held in shape["properties"].items()]
    return table(("key", "what it says"), rows)


def _described(held: Mapping[str, str]) -> str:
    if "description" in held:
        return held["description"]
    return str(scenario_schema()["$defs"][held["$ref"].removeprefix("#/$defs/")]["description"])  # type: ignore[index]
