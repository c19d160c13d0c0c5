"""Incidents of earlier releases, brought to the present form: one pure step a version. SEMANTICS 11.4.

States of every release are read for ever, so a step is never taken away. A state of a newer release is not guessed at:
it is decoded as far as its version, and whoever asks sets its events aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from playbook_engine.model.incident import INCIDENT_VERSION, Incident

State = dict[str, Any]

STEPS: Mapping[int, Callable[[State], State]] = {}
"""Version to the step that makes the next version of it. The first release has none."""

_states = msgspec.json.Decoder(dict[str, Any])
_present = msgspec.json.Decoder(Incident)


def read_incident(state: bytes, steps: Mapping[int, Callable[[State], State]] = STEPS) -> Incident:
    """The incident that a store holds as JSON, whichever release wrote it.

    Raises msgspec.ValidationError for what no release has written.
    """
    incident = None if steps else _present.decode(state)
    if incident is not None:
        return incident
    held = _states.decode(state)
    while held["version"] in steps and held["version"] < INCIDENT_VERSION:
        held = steps[held["version"]](held)
    return msgspec.convert(held, Incident)
