"""Every kind of defect, planted in valid playbooks at random places, is named by its rule where it stands, and alone.

`PLAYBOOK_SEEDED` is how many defects of each kind are planted in each playbook.
"""

from __future__ import annotations

import os
import random  # noqa: TID251 - a seed makes every planting the same again

import pytest

from lint import defects_of_logic, defects_of_policy, defects_of_text
from lint.linting import NOW, subject_of
from lint.seeding import KINDS, Kind, Playbook, playbooks
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.lint import Selection, lint

TRIES = int(os.environ.get("PLAYBOOK_SEEDED", "1"))
EVERYWHERE = "PLAYBOOK_SEEDED" in os.environ
"""Whether each kind is planted in every playbook, and not in the first that takes it."""
RULES = built_in()
SEVERITY = {rule.code: rule.severity for rule in RULES}
ALL = playbooks()
KNOWN = (defects_of_logic, defects_of_policy, defects_of_text)
"""The modules whose import adds the kinds."""


@pytest.mark.parametrize("playbook", ALL, ids=lambda playbook: playbook.name)
def test_in_the_playbooks_themselves_nothing_is_found(playbook: Playbook) -> None:
    assert lint(playbook.subject, RULES, Selection("audit")).findings == ()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.code} {kind.name}")
def test_a_planted_defect_is_found_where_it_stands_and_no_other_error(kind: Kind) -> None:
    planted_in, begin = 0, KINDS.index(kind) % len(ALL)
    for playbook in (*ALL[begin:], *ALL[:begin]):
        for number in range(TRIES):
            planted = kind.plant(random.Random(f"{kind.name}:{playbook.name}:{number}"), playbook)
            if planted is None:
                continue
            planted_in += 1
            found = lint(subject_of(planted.files, NOW, playbook.lock), RULES, Selection("audit")).findings
            said = [(each.code, str(each.span), each.message) for each in found]
            places = {(each.span.file, each.span.line) for each in found if each.code == kind.code}
            assert (planted.file, planted.line) in places, (playbook.name, planted.file, planted.line, said)
            assert {each.code for each in found if each.severity == "error"} <= {kind.code}, (playbook.name, said)
        if planted_in and not EVERYWHERE:
            break
    assert planted_in
