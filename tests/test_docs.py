"""The documentation is true: its examples compile, its commands run, its links lead somewhere, nothing is left out.

A code block says in its info string what it is. `yaml` is a whole playbook; `yaml fragment` is laid over the first
playbook of the language page; `yaml refused` is one that is not accepted; `json event` is an event; `file=NAME` is
written to that name in a folder of the page's own; `sh run` is executed there, in the order of the page.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from types import ModuleType

import pytest

from playbook_engine import (
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    LintRule,
    Receipt,
    SendRate,
    Source,
    hookspecs,
)
from playbook_engine.cli.main import COMMANDS
from playbook_engine.model.event import EVENT_TYPES, ORIGINS
from playbook_engine.policy.built_in import ACTIONS, CHANNELS, STAGES
from playbook_engine.policy.operators import WRITTEN
from playbook_engine.policy.template_checks import FILTERS
from playbook_engine.policy.template_variables import VARIABLES
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import carriers_for
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, REASONS, Incoming, Sender
from playbook_engine.runtime.playbooks import load_texts, playbook_schema
from playbook_engine.runtime.settings import read_settings

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
LANGUAGE, PLUGINS, RUNNING, COMMANDS_PAGE, PROVING, COMPARING, AUDIT = (
    DOCS / f"{name}.md"
    for name in ("playbook-language", "writing-plugins", "running", "commands", "proving", "comparing", "audit")
)

_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COG = re.compile(r"^<!-- \[\[\[cog.*?^\]\]\] -->$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_KNOWN = re.compile(
    r"(?:yaml(?: fragment| refused)?|json(?: event)?|text|sh|toml|python)|sh run(?: exits [0-9])?"
    r"|(?:yaml|jsonl|toml|python) file=\S+"
)


@dataclass(frozen=True)
class Block:
    """One code block of a page; `line` is its first one."""

    page: Path
    line: int
    info: str
    text: str

    @property
    def file(self) -> str:
        return self.info.partition("file=")[2]

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The blocks that readers see, not those in what cog runs."""
    text = _COG.sub(lambda found: "\n" * found[0].count("\n"), page.read_text("utf-8"))
    found = _BLOCK.finditer(text)
    return [Block(page, text.count("\n", 0, each.start()) + 1, each[1], each[2]) for each in found]


BLOCKS = [block for page in PAGES for block in blocks(page)]


def of(info: str) -> list[Block]:
    return [block for block in BLOCKS if block.info == info]


def in_docs(name: str) -> ModuleType:
    """A module of the documentation, as cog imports it."""
    if str(DOCS) not in sys.path:
        sys.path.append(str(DOCS))
    return importlib.import_module(name)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_every_block_says_what_it_is(block: Block) -> None:
    assert _KNOWN.fullmatch(block.info), block.info


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_every_whole_playbook_compiles(block: Block) -> None:
    loaded = load_texts({"playbook.yaml": block.text.encode()}, in_docs("examples").locked())
    assert loaded.problems == ()


@pytest.mark.parametrize("block", [each for each in of("yaml fragment") if each.page in (LANGUAGE, PROVING)], ids=str)
def test_every_fragment_compiles_over_the_first_playbook(block: Block) -> None:
    assert in_docs("examples").loaded(block.text).problems == ()


@pytest.mark.parametrize("block", of("yaml refused"), ids=str)
def test_what_is_said_to_be_refused_is(block: Block) -> None:
    problems = in_docs("examples").loaded(block.text).problems
    said = next(each for each in BLOCKS if each.page == block.page and each.line > block.line)
    assert len(problems) == len(re.findall(r"^example\.yaml:", said.text, re.MULTILINE))
    assert problems


def test_a_fragment_replaces_what_it_names_and_leaves_the_rest() -> None:
    laid_over = in_docs("examples").laid_over
    rows = laid_over("classify:\n  - {id: broken, when: always, set: {kind: praise}}\n")
    assert b"id: hurt" not in rows["example.yaml"]
    rows = laid_over("classify:\n  - {id: broken, when: {lang: ja}, set: {kind: praise}}\n")
    assert rows["example.yaml"].count(b"id: broken") == 1
    assert b"id: hurt" in rows["example.yaml"]
    people = laid_over("people:\n  sato: {name: 佐藤, deputy: kato}\n")
    assert b"sato: {name" not in people["playbook.yaml"]
    assert b"kato: {name" in people["playbook.yaml"]


@pytest.mark.parametrize("block", of("json event"), ids=str)
def test_every_event_on_the_page_is_one(block: Block) -> None:
    (outcome,) = take_in_body(block.text.encode(), Sender(may_send=MESSAGES | PEOPLE))
    assert isinstance(outcome, Incoming), outcome


def environ(**more: str) -> dict[str, str]:
    """The environment of a shell in which `playbook` is the one under test."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PLAYBOOK")}
    return {**own, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", **more}


def written(page: Path, folder: Path) -> Path:
    for block in blocks(page):
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, encoding="utf-8")
    return folder


def test_every_shell_block_that_is_marked_runs(tmp_path: Path) -> None:
    copytree(ROOT / "playbooks", tmp_path / "playbooks")
    written(RUNNING, tmp_path)
    ran = [block for block in blocks(RUNNING) if block.info.startswith("sh run")]
    for block in ran:
        shell = ["bash", "-euo", "pipefail", "-c", block.text]
        done = subprocess.run(shell, cwd=tmp_path, env=environ(), capture_output=True, text=True)
        wanted = int(block.info.partition("exits ")[2] or 0)
        assert done.returncode == wanted, f"{block}: {done.stderr}"
    assert len(ran) > 5
    assert (tmp_path / "decisions.jsonl").read_text("utf-8").count("\n") > 10


def test_every_command_on_the_page_for_auditors_does_what_it_says(tmp_path: Path) -> None:
    copytree(ROOT / "playbooks" / "minimal", tmp_path / "playbooks" / "minimal")
    for block in blocks(AUDIT):
        if block.file:
            (tmp_path / block.file).write_text(block.text, "utf-8")
    ran = [block for block in blocks(AUDIT) if block.info.startswith("sh run")]
    for block in ran:
        shell = ["bash", "-euo", "pipefail", "-c", block.text]
        done = subprocess.run(shell, cwd=tmp_path, env=environ(), capture_output=True, text=True)
        wanted = int(block.info.partition("exits ")[2] or 0)
        assert done.returncode == wanted, f"{block}: {done.stderr}{done.stdout}"
    assert len(ran) == 5
    assert b"jasmine" not in (tmp_path / "kept.db").read_bytes()


@pytest.mark.parametrize(("page", "count"), [(PROVING, 2), (COMPARING, 1)], ids=["proving", "comparing"])
def test_every_proof_on_the_page_is_one(tmp_path: Path, page: Path, count: int) -> None:
    copytree(ROOT / "playbooks", tmp_path / "playbooks")
    ran = [block for block in blocks(page) if block.info == "sh run"]
    for block in ran:
        shell = ["bash", "-euo", "pipefail", "-c", block.text]
        done = subprocess.run(shell, cwd=tmp_path, env=environ(), capture_output=True, text=True)
        assert done.returncode == 0, f"{block}: {done.stderr}{done.stdout}"
    assert len(ran) == count


def test_the_second_run_on_a_store_changes_nothing(tmp_path: Path) -> None:
    block = next(block for block in blocks(RUNNING) if "shop.db" in block.text and block.info == "sh run")
    copytree(ROOT / "playbooks" / "minimal", tmp_path / "playbooks" / "minimal")
    first, second = block.text.splitlines()
    for line in (first, f"{second} --format json"):
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=environ(), capture_output=True, text=True, check=True
        )
    summed = json.loads(done.stdout)
    events = (ROOT / "playbooks" / "minimal" / "events.jsonl").read_text("utf-8").count("\n")
    assert (summed["decisions"], summed["deliveries"], summed["duplicates"]) == (0, {}, events)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin of the page, and what an installer writes beside it."""
    folder = written(PLUGINS, tmp_path_factory.mktemp("parcels"))
    project = importlib.import_module("tomllib").loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    known = folder / f"suzuran_parcels-{project['version']}.dist-info"
    known.mkdir()
    (known / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    points = "".join(f"{name} = {place}\n" for name, place in project["entry-points"]["playbook_engine"].items())
    (known / "entry_points.txt").write_text(f"[playbook_engine]\n{points}", encoding="utf-8")
    return folder


def run(package: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=package,
        env=environ(PYTHONPATH=str(package), WAREHOUSE_TOKEN="t"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_plugin_of_the_page_is_found_and_its_tests_pass(package: Path) -> None:
    listed = json.loads(run(package, "playbook_engine", "plugins", "--format", "json"))
    assert [row for row in listed if row["name"] == "parcels"] == [
        {"name": "parcels", "kind": "action", "from": "suzuran-parcels 1.0", "offers": "replace"},
        {"name": "parcels", "kind": "enrichment", "from": "suzuran-parcels 1.0", "offers": "facts about events"},
    ]
    assert " passed" in run(package, "pytest", "-q", "-p", "no:cacheprovider", "test_parcels.py")


def test_the_playbook_of_the_page_uses_the_plugin_of_the_page(package: Path) -> None:
    (fragment,) = (block for block in blocks(PLUGINS) if block.info == "yaml fragment")
    folder = package / "suzuran"
    folder.mkdir()
    for name, content in in_docs("examples").laid_over(fragment.text).items():
        (folder / name).write_bytes(content)
    assert "nothing found" in run(package, "playbook_engine", "lint", "suzuran", "--profile", "draft")
    said = {
        "id": "1",
        "channel": "x",
        "author": "hana",
        "text": "壊れていました",
        "created_at": "2026-07-03T10:00+09:00",
    }
    granted = {"type": "remedy.granted", "by": "aoki", "action": "replace", "created_at": "2026-07-03T10:05+09:00"}
    lines = [json.dumps({**each, "conversation_id": "1", "channel": "x"}) for each in (said, granted)]
    (package / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
    options = ["--events", "events.jsonl", "--clock", "events", "--dry-run", "--format", "json"]
    summed = json.loads(run(package, "playbook_engine", "run", "suzuran", *options))
    assert summed["deliveries"]["replace"] == {"asked for": 1, "delivered": 1}
    assert run(
        package,
        "playbook_engine",
        "run",
        "suzuran",
        "--events",
        os.devnull,
        "--settings",
        "settings.yaml",
        "--store",
        "memory:",
    )


def test_the_settings_on_the_page_fit_the_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(RUNNING, tmp_path)
    (tmp_path / "smtp-password").write_text("secret\n", encoding="utf-8")
    for name in ("HOOK_SECRET", "SLACK_TOKENS", "TWILIO"):
        monkeypatch.setenv(name, "x/y/z")
    settings = read_settings(tmp_path / "settings.yaml")
    assert carriers_for(Registry.build(third_party=False).carriers, settings, "memory:").dry is False


def test_every_top_level_key_has_its_part() -> None:
    text = LANGUAGE.read_text("utf-8")
    keys = playbook_schema()["properties"]
    reserved = playbook_schema()["reserved"]
    assert isinstance(keys, Mapping)
    assert isinstance(reserved, list)
    assert [key for key in keys if not re.search(rf"^{key}:", text, re.MULTILINE)] == []
    assert [key for key in reserved if f"`{key}`" not in text] == []


def test_every_word_of_the_language_is_on_its_page() -> None:
    text = LANGUAGE.read_text("utf-8")
    words = (*WRITTEN, *ACTIONS, *EVENT_TYPES, *VARIABLES, *CHANNELS, *ORIGINS, *STAGES, *FILTERS)
    facts: list[str] = list(in_docs("generated").FACTS)
    assert [word for word in (*words, *facts) if f"`{word}`" not in text] == []


def test_every_field_of_a_plugin_s_values_is_on_its_page() -> None:
    text = PLUGINS.read_text("utf-8")
    kinds = (ActionSpec, Action, Source, LintRule, SendRate)
    fields = [field.name for kind in kinds for field in dataclasses.fields(kind)]
    fields += [field.name for field in dataclasses.fields(DeliveryContext) if field.name != "folder"]
    fields += [*Receipt.__struct_fields__, "key", "incident", "channel", "parameters", "purpose", "public", "automatic"]
    assert [name for name in fields if f"`{name}" not in text and f".{name}`" not in text] == []
    assert {"key", "parameters", "purpose"} <= {*Delivery.__struct_fields__}


def test_every_hook_is_on_its_page_with_its_arguments() -> None:
    hooks = [name for name in vars(hookspecs) if name.startswith("playbook_")]
    text = PLUGINS.read_text("utf-8")
    assert len(hooks) == 5
    assert [name for name in hooks if f"### `{name}(" not in text] == []


def test_every_command_and_every_reason_is_on_its_page() -> None:
    commands, running = COMMANDS_PAGE.read_text("utf-8"), RUNNING.read_text("utf-8")
    assert [name for name in COMMANDS if f"## `playbook {name}`" not in commands] == []
    assert [reason for reason in REASONS if f"| `{reason}` |" not in running] == []


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    heads = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "playbooks").glob("*/README.md"))], ids=lambda page: page.as_posix()
)
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = _CODE.sub("", _BLOCK.sub("", page.read_text("utf-8")))
    for link in _LINK.findall(prose):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_what_the_pages_take_from_the_code_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    in_docs("examples")
    cog = importlib.import_module("cogapp").Cog()
    names = [page.relative_to(ROOT).as_posix() for page in PAGES]
    assert cog.main(["cog", "--check", "--verbosity=0", *names]) == 0, "run `make fix`"
