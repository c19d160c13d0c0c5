"""Incidents of every release are read for ever. SEMANTICS 11.4."""

from __future__ import annotations

import json

import msgspec
import pytest

from playbook_engine.decide.upgrade import State, read_incident
from playbook_engine.model.incident import INCIDENT_VERSION
from story import Story

FIRST_RELEASE = (
    b'{"account":"shop","author":{"handle":"cleo","name":"Cleo"},"channel":"x","clock":5,"customer":"cleo","id":"i1",'
    b'"messages":1,"opened_at":5,"opened_by":"test#e1","public":true,"round":1,"stage":"open",'
    b'"threads":["x|shop|post|m1"],"version":1}'
)
"""Written down once, and never changed: what a store of the first release may hold."""


def test_a_state_of_the_first_release_is_read() -> None:
    incident = read_incident(FIRST_RELEASE)

    assert (incident.id, incident.stage, incident.author.name, incident.threads) == (
        "i1",
        "open",
        "Cleo",
        ("x|shop|post|m1",),
    )


def test_every_state_says_its_version() -> None:
    story = Story().hears("hm", "mon 10:00")

    assert json.loads(msgspec.json.encode(story.now))["version"] == INCIDENT_VERSION


def test_an_older_state_is_brought_up_step_by_step() -> None:
    def renamed(state: State) -> State:
        return {**state, "version": INCIDENT_VERSION, "stage": state["stage"].replace("unseen", "new")}

    older = FIRST_RELEASE.replace(b'"version":1', b'"version":0').replace(b'"open"', b'"unseen"')

    assert read_incident(older, {0: renamed}).stage == "new"


def test_a_newer_state_keeps_its_version_so_that_nobody_decides_on_it() -> None:
    assert read_incident(FIRST_RELEASE.replace(b'"version":1', b'"version":99,"later":true')).version == 99


def test_what_no_release_has_written_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_incident(b'{"version":1}')
