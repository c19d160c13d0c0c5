"""Two playbooks put every message: what is the same is proved, what is not is shown by a message both have replayed."""

from __future__ import annotations

from playbook_engine.prove.comparison import equivalent
from small_playbook import SMALL, edited, policy_of

SINCE = 1_772_323_200_000


def test_a_playbook_decides_every_message_as_it_does_itself() -> None:
    assert equivalent(policy_of(SMALL), policy_of(SMALL), SINCE).kind == "holds"


def test_a_row_under_another_name_changes_no_decision() -> None:
    renamed = edited(("{id: thanks,", "{id: grateful,"))
    assert equivalent(policy_of(SMALL), policy_of(renamed), SINCE).kind == "holds"
