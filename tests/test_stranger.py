"""A plugin of somebody else's: built to a wheel, installed beside the engine, and used in the same way as ours."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from outside import web_server

STRANGER = Path(__file__).parent / "stranger"


def built(folder: Path) -> Path:
    """The stranger's wheel, written as https://packaging.python.org/en/latest/specifications/binary-distribution-format
    describes it: a zip of the package and of what is known about it."""
    project = tomllib.loads((STRANGER / "pyproject.toml").read_text("utf-8"))["project"]
    known = f"acme_playbook-{project['version']}.dist-info"
    points = project["entry-points"]["playbook_engine"]
    files = {
        f"acme_playbook/{each.name}": each.read_bytes()
        for each in (STRANGER / "acme_playbook").iterdir()
        if each.is_file()
    }
    files[f"{known}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n".encode()
    )
    files[f"{known}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    named = "".join(f"{name} = {place}\n" for name, place in points.items())
    files[f"{known}/entry_points.txt"] = f"[playbook_engine]\n{named}".encode()
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    files[f"{known}/RECORD"] = "".join([*lines, f"{known}/RECORD,,\n"]).encode()
    wheel = folder / f"acme_playbook-{project['version']}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel has been installed by pip, without a network."""
    folder = tmp_path_factory.mktemp("stranger")
    wheel, place = built(folder), folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-input"]
    subprocess.run([*pip, "--disable-pip-version-check", "--target", str(place), str(wheel)], check=True)
    return place


def run(code: str, installed: Path | None, *arguments: str) -> str:
    environ = {**os.environ, "PYTHONPATH": str(installed or ""), "PYTHONWARNINGS": "error"}
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environ)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_stranger_s_plugin_stands_beside_ours(installed: Path) -> None:
    code = (
        "import json\n"
        "from playbook_engine.registry import Registry\n"
        "print(json.dumps([row for row in Registry.build().listing() if row['name'] == 'acme']))\n"
        "print([row['name'] for row in Registry.build(third_party=False).listing()])\n"
    )
    here, ours = run(code, installed).splitlines()
    origin = "acme-playbook 2.3"
    assert json.loads(here) == [
        {"name": "acme", "kind": "action", "from": origin, "offers": "fax-blast, send on fax"},
        {"name": "acme", "kind": "source", "from": origin, "offers": "acme-fax"},
        {"name": "acme", "kind": "enrichment", "from": origin, "offers": "facts about events"},
        {"name": "acme", "kind": "lint rule", "from": origin, "offers": "acme-no-fax"},
    ]
    assert "acme" not in ours
    assert json.loads(run(code, None).splitlines()[0]) == [], "without the wheel there is no such plugin"


def test_the_stranger_s_verb_is_delivered_by_its_own_plugin(installed: Path) -> None:
    code = (
        "from playbook_engine import Delivery\n"
        "from playbook_engine.registry import Registry\n"
        "from playbook_engine.runtime.carriers import carriers_for\n"
        "from playbook_engine.runtime.settings import NO_SETTINGS\n"
        "carriers = carriers_for(Registry.build().carriers, NO_SETTINGS, 'memory:', dry=True)\n"
        "said = {'number': '0355550100'}\n"
        "one = Delivery(key='k', incident='i', action='fax-blast', channel='fax-blast', parameters=said)\n"
        "print(carriers.promise(one), carriers.carry(one, 0).message, carriers.recorder.lines)\n"
    )
    assert run(code, installed) == "key fax:k ['fax to 0355550100']\n"


def test_the_stranger_s_settings_are_checked_and_used_like_ours(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from playbook_engine import Delivery, PlaybookError\n"
        "from playbook_engine.registry import Registry\n"
        "from playbook_engine.runtime.carriers import carriers_for\n"
        "from playbook_engine.runtime.settings import read_settings\n"
        "try:\n"
        "    settings = read_settings(Path(sys.argv[1]))\n"
        "    carriers = carriers_for(Registry.build().carriers, settings, 'memory:')\n"
        "    one = Delivery(key='k', incident='i', action='send', channel='fax', parameters={'to': '5'})\n"
        "    print(carriers.carry(one, 0).outcome)\n"
        "except PlaybookError as error:\n"
        "    print(str(error).partition('settings.yaml:')[2])\n"
    )
    file = tmp_path / "settings.yaml"
    with web_server() as server:
        rows = "carry: [{action: send, channel: fax, by: acme}]\n"
        file.write_text(f'{rows}plugins: {{acme: {{gateway: "{server.url}/fax"}}}}\n', encoding="utf-8")
        assert run(code, installed, str(file)) == "delivered\n"
    assert [(asked.path, asked.body) for asked in server.asked] == [("/fax", b"5")]
    file.write_text(f"{rows}plugins: {{acme: {{gatewya: a}}}}\n", encoding="utf-8")
    assert run(code, installed, str(file)) == "2:18: no key is called `gatewya` here [unknown-field]\n"


def test_the_stranger_s_facts_come_with_the_event(installed: Path) -> None:
    code = (
        "from playbook_engine import Author, Event\n"
        "from playbook_engine.registry import Registry\n"
        "registry = Registry.build()\n"
        "for handle in ('hanako', 'taro'):\n"
        "    event = Event(source='s', id='1', type='message.received', at=0, seen_at=0, author=Author(handle))\n"
        "    print(registry.enrich(event))\n"
    )
    assert run(code, installed) == "({'acme_tier': 'gold'}, {})\n({}, {})\n"


def test_the_stranger_s_source_and_lint_rule_are_known(installed: Path) -> None:
    code = (
        "from playbook_engine import PluginSettings\n"
        "from playbook_engine.registry import Registry\n"
        "registry = Registry.build()\n"
        "print(list(registry.sources['acme-fax'].read(PluginSettings())))\n"
        "print([rule.code for rule in registry.lint_rules])\n"
    )
    assert run(code, installed).splitlines() == [
        """[b'{"id": "1", "channel": "fax", "text": "hello"}']""",
        "['acme-no-fax']",
    ]


PLAYBOOK = """\
playbook: fax
format: 1
timezone: Asia/Tokyo
languages: [en]
fallback: en
facts:
  acme_tier: {one_of: [gold, silver], from: acme}
people:
  desk: {name: Desk, via: [{slack: "#desk"}]}
departments:
  care: {name: Care, lead: desk, on_duty: desk}
templates:
  ack: Thank you.
route: [{id: rest, when: always, to: care}]
targets: [{id: rest, when: always, reply: 1h, resolve: 2d}]
respond:
  - {id: gold, when: {acme_tier: gold}, reply: {do: [{fax-blast: FAX}]}, apologise: none, resolve: none}
  - {id: rest, when: always, reply: {send: ack}, apologise: none, resolve: by_hand}
undecided: {to: desk, within: 30m}
ignore: [{id: machines, when: {automatic: true}, because: A machine needs no answer}]
limits: [{id: one-person, of: send, per: author, max: 3, in: 10m, then: hold}]
"""


def test_the_stranger_s_verb_is_a_verb_of_the_language(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from playbook_engine.registry import Registry\n"
        "from playbook_engine.runtime.playbooks import load\n"
        "loaded = load(sys.argv[1], Registry.build().actions)\n"
        "print(loaded.policy is not None, 'fax' in (loaded.policy.channels if loaded.policy else ()))\n"
        "for problem in loaded.problems:\n"
        "    print(problem.span.line, problem.code, problem.message)\n"
    )
    file = tmp_path / "playbook.yaml"
    file.write_text(PLAYBOOK.replace("FAX", "0355550100"), encoding="utf-8")
    assert run(code, installed, str(file)) == "True True\n"
    without = run(code, None, str(file)).splitlines()
    assert without == ["False False", "17 unknown-action no action is called `fax-blast`"]
    file.write_text(PLAYBOOK.replace("FAX", "{number: abc, pages: 10}"), encoding="utf-8")
    found = run(code, installed, str(file)).splitlines()
    assert found[0] == "False False"
    assert all(line.startswith("17 ") for line in found[1:])
    assert len(found) > 1


def test_the_stranger_s_lint_rule_speaks_in_playbook_lint(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from playbook_engine.cli.main import main\n"
        "sys.argv = ['playbook', 'lint', sys.argv[1]]\n"
        "try:\n    main()\nexcept SystemExit as done:\n    print(done.code)\n"
    )
    file = tmp_path / "playbook.yaml"
    with_fax = PLAYBOOK.replace("FAX", "0355550100") + 'accounts: {"fax:acme": {department: care}}\n'
    file.write_text(with_fax, encoding="utf-8")

    said = run(code, installed, str(file)).splitlines()

    assert "warning[acme-no-fax] `fax:acme` is a fax machine; answer elsewhere" in said
    assert said[-1] == "0"
