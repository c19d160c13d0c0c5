"""The tables of the two lives. SEMANTICS 5.5."""

from __future__ import annotations

import pytest

from playbook_engine.decide.lifecycle import (
    DUTY_AFTER,
    DUTY_SIGNS,
    DUTY_STATES,
    STAGE_AFTER,
    STAGE_SIGNS,
    STAGES,
    next_duty_state,
    next_stage,
)


def test_the_tables_speak_only_of_states_and_signs_that_exist() -> None:
    assert {state for state, _ in STAGE_AFTER} | set(STAGE_AFTER.values()) == set(STAGES)
    assert {sign for _, sign in STAGE_AFTER} == set(STAGE_SIGNS)
    assert {state for state, _ in DUTY_AFTER} | set(DUTY_AFTER.values()) == set(DUTY_STATES)
    assert {sign for _, sign in DUTY_AFTER} == set(DUTY_SIGNS)


@pytest.mark.parametrize("sign", [sign for sign in STAGE_SIGNS if sign != "merged"])
def test_a_closed_incident_stays_closed(sign: str) -> None:
    assert next_stage("closed", sign) == "closed"


@pytest.mark.parametrize("sign", STAGE_SIGNS)
def test_a_merged_incident_stays_merged(sign: str) -> None:
    assert next_stage("merged", sign) == "merged"


def test_only_a_customer_brings_a_resolved_incident_back() -> None:
    assert {sign for sign in STAGE_SIGNS if next_stage("resolved", sign) not in ("resolved", "closed", "merged")} == {
        "customer"
    }


@pytest.mark.parametrize("stage", ["new", "open", "acknowledged", "waiting", "reopened"])
def test_every_living_incident_can_be_resolved_and_closed(stage: str) -> None:
    assert next_stage(stage, "resolved") == "resolved"
    assert next_stage(stage, "closing") == "closed"


@pytest.mark.parametrize("sign", DUTY_SIGNS)
def test_a_waived_duty_stays_waived(sign: str) -> None:
    assert next_duty_state("waived", sign) == "waived"


@pytest.mark.parametrize("sign", DUTY_SIGNS)
def test_a_duty_that_was_met_in_time_stays_met(sign: str) -> None:
    assert next_duty_state("met", sign) == "met"


def test_a_breached_duty_stays_open_to_evidence() -> None:
    assert next_duty_state("breached", "kept-late") == "late"
    assert next_duty_state("breached", "kept") == "met"
    assert next_duty_state("breached", "waived") == "waived"
