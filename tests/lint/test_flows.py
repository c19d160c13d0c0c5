"""A finding that is a way round tells its places in order."""

from __future__ import annotations

from lint.linting import findings

ROUND = """\
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk, deputy: yoru, initials: MR}
  yoru: {name: 夜勤, via: [{slack: "#night"}], calendar: night, deputy: head, initials: YR}
  head: {name: 加藤, via: [{email: kato@suzuran.example}], deputy: mori, initials: KT}
"""


def test_deputies_who_go_round_are_told_one_after_the_other() -> None:
    (found,) = (each for each in findings(ROUND) if each.code == "PB401")

    assert found.flow
    assert [found.node, *(each.node for each in found.related)] == ["people.mori", "people.yoru", "people.head"]
