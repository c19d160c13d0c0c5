"""The policy as a picture holds everything a message can meet, and nothing that a reader's tool would run."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.playbooks import load
from playbook_engine.study.drawing import svg
from playbook_engine.study.graph import mermaid, picture
from story import compiled

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


def shipped(name: str) -> Policy:
    policy = load(PLAYBOOKS / name).policy
    assert policy is not None
    return policy


@pytest.mark.parametrize("name", ["minimal", "airline", "minato"])
def test_every_route_department_response_target_and_ladder_is_drawn(name: str) -> None:
    policy = shipped(name)
    titles = {(box.column, box.title) for box in picture(policy).boxes}
    own = [row.id for department in policy.departments.values() for row in department.respond]

    assert {(1, row.id) for row in policy.route} <= titles
    assert {(2, each) for each in policy.departments} <= titles
    assert {(3, each) for each in (*own, *(row.id for row in policy.respond))} <= titles
    assert {(4, row.id) for row in policy.targets} <= titles
    assert {(5, each) for each in policy.ladders} <= titles


@pytest.mark.parametrize("name", ["minimal", "airline", "minato"])
def test_every_arrow_leads_from_a_box_to_a_box(name: str) -> None:
    drawn = picture(shipped(name))
    boxes = {box.id for box in drawn.boxes}

    assert {end for arrow in drawn.arrows for end in (arrow.start, arrow.end)} <= boxes


@pytest.mark.parametrize("name", ["minimal", "airline", "minato"])
def test_the_svg_is_valid_xml_without_a_script(name: str) -> None:
    root = ElementTree.fromstring(svg(picture(shipped(name))))

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {"svg", "title", "style", "path", "rect", "text"}


def test_what_a_playbook_says_is_text_and_nothing_else() -> None:
    hostile = compiled(replaced={"name: Care": 'name: "<script>alert(1)</script>|x\\""'})

    assert "<script" not in svg(picture(hostile))
    assert "<script" not in mermaid(picture(hostile))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#124;x&quot;" in mermaid(picture(hostile))


def test_mermaid_names_its_boxes_by_number() -> None:
    lines = mermaid(picture(compiled())).splitlines()

    assert lines[0] == "flowchart LR"
    assert '    n1["<b>rest</b><br/>always"]' in lines
    assert "  n0 --> n1" in lines
