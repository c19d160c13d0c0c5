"""`words`: the text holds one of the literals as whole words, `refund` but not `refunds`.

Where an end of the literal is in a script that is written without spaces, a word may begin or end anywhere, and
no boundary is asked there: `返金` is found as `contains` would find it. Elsewhere the neighbour in the text must
not be a letter, digit, mark or underscore of a script with spaces: `返金refund!` has the word `refund`.
"""

from __future__ import annotations

import re
from unicodedata import category

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import literals
from playbook_engine.policy.operator import Operand, Operator

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001aff0-\U0001b16f"  # Hiragana, Katakana
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\U00020000-\U0003ffff"  # rare Han
)
"""Scripts without spaces, by the blocks of https://www.unicode.org/Public/16.0.0/ucd/Blocks.txt."""

_UNSPACED = re.compile(f"[{UNSPACED}]")
_RUN = re.compile(rf"[^\W{UNSPACED}]*")
"""Letters and digits of scripts with spaces: inside such a run no word begins."""


def test(value: FactValue | None, operand: Operand) -> bool:
    if not isinstance(value, str) or not isinstance(operand, tuple):
        return False
    return any(isinstance(literal, str) and literal in value and _stands_alone(literal, value) for literal in operand)


def _stands_alone(literal: str, text: str) -> bool:
    bound_left, bound_right = not _UNSPACED.match(literal[0]), not _UNSPACED.match(literal[-1])
    at = text.find(literal)
    while at >= 0:
        end = at + len(literal)
        if bound_left and at and _spaced(text[at - 1]):
            # Leaps over the rest of the word: in `aaaa…` every place would match and none could stand alone.
            run = _RUN.match(text, at)
            at = text.find(literal, max(run.end() if run else 0, at + 1))
        elif bound_right and end < len(text) and _spaced(text[end]):
            at = text.find(literal, at + 1)
        else:
            return True
    return False


def _spaced(character: str) -> bool:
    """Whether the character belongs to a word of a script with spaces."""
    if character.isascii():
        return character.isalnum() or character == "_"
    if not character.isalnum() and category(character)[0] != "M":
        return False
    return _UNSPACED.match(character) is None


OPERATOR = Operator(
    name="words",
    reads=("text",),
    sentence="has any of the words {operand}",
    sentence_ja="に単語{operand}のどれかがある",
    prepare=literals,
    test=test,
)
