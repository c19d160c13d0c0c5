"""Recorded events against a reviewed file that says everything which must come of them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.scenario.moments import local_time
from playbook_engine.scenario.play import ANYBODY, Player, Ran
from playbook_engine.scenario.suite import SECOND, Recording
from playbook_engine.scenario.telling import say_happening
from playbook_engine.scenario.verdict import Verdict

HEAD = "# What comes of {events}; written by `playbook test --update`, to be reviewed like code.\n"
MOST_SHOWN = 60
"""Lines of a difference."""


def judge_recording(policy: Policy, recording: Recording, update: bool) -> Verdict:
    """Passed where the run says what the snapshot says, to the byte. `update` writes it first."""
    ran, taken = _ran(policy, recording)
    said = tuple(each.sentence for each in ran.troubles)
    if not taken:
        said = (*said, f"{recording.events} holds no event; a test of nothing cannot fail")
    if said:
        return Verdict(said, ran=ran, stage=recording.stage)
    text = HEAD.format(events=recording.events.name) + "".join(_lines(policy, ran))
    if update:
        recording.snapshot.parent.mkdir(parents=True, exist_ok=True)
        recording.snapshot.write_text(text, "utf-8")
    if not recording.snapshot.is_file():
        return Verdict((f"{recording.snapshot} is not there; run `playbook test --update`, and review what it writes",))
    reviewed = recording.snapshot.read_text("utf-8")
    if reviewed == text:
        return Verdict(ran=ran, stage=recording.stage)
    changed = list(unified_diff(reviewed.splitlines(), text.splitlines(), "reviewed", "now", lineterm="", n=1))
    more = [f"… {len(changed) - MOST_SHOWN} more lines"] if len(changed) > MOST_SHOWN else []
    wrong = f"{recording.snapshot} says something else; if it is as it should be, run `playbook test --update`"
    return Verdict((wrong, *changed[:MOST_SHOWN], *more))


def _ran(policy: Policy, recording: Recording) -> tuple[Ran, int]:
    player = Player(policy, recording.stage)
    with recording.events.open("rb") as stream:
        return player.play_recorded(take_in(stream, ANYBODY), recording.until)


def _lines(policy: Policy, ran: Ran) -> Iterator[str]:
    """One line a happening; incidents are numbered as they come."""
    numbers: dict[str, int] = {}
    for found in ran.happenings:
        number = numbers.setdefault(found.incident, len(numbers) + 1)
        at = local_time(found.at - found.at % SECOND, policy.timezone)
        yield f"- [{at:%Y-%m-%dT%H:%M:%S}, {number}, {say_happening(found, full=True)}]\n"
