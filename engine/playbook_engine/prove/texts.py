"""Texts that are not known: one formula for every literal a playbook looks for, and how they hang together.

With these lemmas a yes is exact: `written` makes a text in which precisely the chosen literals are found, so no
theory of strings is needed. A literal that is to be absent could only turn up inside one that is present, and then a
lemma says so. `matches` is not followed further than literals that stand in the pattern itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import TypeAlias

from playbook_engine.policy.conditions import Test
from playbook_engine.policy.fold import fold
from playbook_engine.policy.operators import OPERATORS
from playbook_engine.policy.patterns import Pattern
from playbook_engine.prove.formulas import TRUE, Formula, Formulas
from playbook_engine.prove.values import UnknownOperator

Atom: TypeAlias = tuple[str, str]
"""contains, words, starts_with, ends_with, equals or matches, and the folded literal or the pattern's source."""

SEARCHES = ("contains", "words", "starts_with", "ends_with", "equals", "matches")
_FILLERS = ("ƕ", "ƛ", "ɮ", "ʬ", "ʭ", "ꬲ")
"""Letters that fold to themselves, combine with nothing and hardly ever stand in a literal."""

_BREAKS = ("|", "¦", "/", "~", "…", "※", "•", "¶", "‖", "⁂")
"""Signs that fold to themselves and belong to no word."""


@dataclass(frozen=True)
class Glue:
    """What separates literals in a text that is made up: `gap` between words, `letter` right beside one."""

    gap: str
    letter: str

    @classmethod
    def for_literals(cls, literals: Iterable[str]) -> Glue:
        """Glue of which nothing occurs in a literal."""
        listed = tuple(literals)
        used = "".join(listed)
        sign = next(sign for sign in (*_BREAKS, *map(chr, range(0x2190, 0x2300))) if _unused(sign, used))
        letter = next(letter for letter in (*_FILLERS, *map(chr, range(0x13A0, 0x13F0))) if _unused(letter, used))
        spaced = not any(literal.startswith(" ") or literal.endswith(" ") for literal in listed)
        return cls(f" {sign} " if spaced else sign, letter)


def _unused(sign: str, used: str) -> bool:
    return sign not in used and fold(sign) == sign


@dataclass(frozen=True)
class TextValue:
    """A text, by what is found in it."""

    atoms: Mapping[Atom, Formula]

    def passes(self, formulas: Formulas, test: Test) -> Formula:
        if test.operator == "exists":
            return TRUE if test.operand is True else -TRUE
        return formulas.any(self.atoms[atom] for atom in atoms_of(test))

    def has(self, formulas: Formulas) -> Formula:
        return TRUE


def atoms_of(test: Test) -> tuple[Atom, ...]:
    """What a test of a text looks for, any of which will do."""
    operator = "equals" if test.operator == "one_of" else test.operator
    if operator not in SEARCHES and operator != "exists":
        raise UnknownOperator(operator)
    if isinstance(test.operand, Pattern):
        return ((operator, test.operand.source),)
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    return tuple((operator, each) for each in operands if isinstance(each, str))


def found(atom: Atom, text: str) -> bool:
    """Whether an atom is true of a folded text, by the operator's own word."""
    operator, literal = atom
    if operator == "equals":
        return text == literal
    operand = Pattern(literal) if operator == "matches" else (literal,)
    return OPERATORS[operator].test(text, operand)


def free_text(formulas: Formulas, tests: Iterable[Test]) -> TextValue:
    """Any text, as far as the tests can tell texts apart."""
    atoms = tuple(dict.fromkeys(atom for test in tests for atom in atoms_of(test)))
    value = TextValue({atom: formulas.free() for atom in atoms})
    glue = Glue.for_literals(literal for operator, literal in atoms if operator != "matches")
    for lemma in _Lemmas(atoms, glue).all():
        formulas.demand(*(value.atoms[atom] if wanted else -value.atoms[atom] for atom, wanted in lemma))
    return value


Lemma: TypeAlias = tuple[tuple[Atom, bool], ...]
"""Of these atoms one is as said."""


@dataclass(frozen=True)
class _Lemmas:
    atoms: tuple[Atom, ...]
    glue: Glue
    _by_operator: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for operator, literal in self.atoms:
            self._by_operator.setdefault(operator, []).append(literal)

    def all(self) -> Iterable[Lemma]:
        yield from self._inside()
        yield from self._at_the_ends()
        yield from self._whole()

    def _worst(self) -> dict[str, Callable[[str], str]]:
        """By operator, the text that says least about what else is found where the literal is."""
        gap, letter = self.glue.gap, self.glue.letter
        return {
            "contains": lambda literal: f"{letter}{literal}{letter}",
            "words": lambda literal: f"{gap}{literal}{gap}",
            "starts_with": lambda literal: f"{literal}{letter}",
            "ends_with": lambda literal: f"{letter}{literal}",
        }

    def _inside(self) -> Iterable[Lemma]:
        """What is found wherever another literal is."""
        worst = self._worst()
        searched = [atom for atom in self.atoms if atom[0] in ("contains", "words")]
        searched += [atom for atom in self.atoms if atom[0] == "matches" and _anywhere(atom[1])]
        by_letter: dict[str, list[Atom]] = {}
        for atom in searched:
            by_letter.setdefault("" if atom[0] == "matches" else atom[1][0], []).append(atom)
        for operator, around in worst.items():
            for literal in self._by_operator.get(operator, ()):
                text = around(literal)
                for letter in dict.fromkeys(("", *literal)):
                    for other in by_letter.get(letter, ()):
                        if other != (operator, literal) and _found_inside(other, literal, text):
                            yield ((operator, literal), False), (other, True)
        for source in self._by_operator.get("matches", ()):
            for needed in _needed(source):
                for other in self.atoms:
                    if other[0] == "contains" and other[1] in needed:
                        yield (("matches", source), False), (other, True)

    def _at_the_ends(self) -> Iterable[Lemma]:
        """A text begins with two literals only where one begins with the other; at its end likewise."""
        for operator, within in (("starts_with", str.startswith), ("ends_with", str.endswith)):
            for longer, other in permutations(self._by_operator.get(operator, ()), 2):
                if within(longer, other):
                    yield ((operator, longer), False), ((operator, other), True)
                elif not within(other, longer):
                    yield ((operator, longer), False), ((operator, other), False)

    def _whole(self) -> Iterable[Lemma]:
        """A text that is known whole tells everything."""
        for literal in self._by_operator.get("equals", ()):
            for other in self.atoms:
                if other != ("equals", literal):
                    yield (("equals", literal), False), (other, found(other, literal))


def _found_inside(atom: Atom, literal: str, text: str) -> bool:
    """Whether an atom is found wherever a literal is, of which `text` is the place that says least."""
    if atom[0] == "matches":
        return found(atom, literal)
    return atom[1] in literal and found(atom, text)


def _anywhere(source: str) -> bool:
    """Whether what a pattern matches it also matches inside a longer text: it asks for no edge."""
    return not any(sign in source for sign in ("^", "$", "\\", "(?"))


def _needed(source: str) -> tuple[str, ...]:
    """Stretches of plain ASCII that stand in every text a pattern matches; none where that takes more than a look."""
    if any(sign in source for sign in "|([{\\?*") or not source.isascii():
        return ()
    plain = source.replace("^", "\n").replace("$", "\n").replace(".", "\n")
    stretches = []
    for piece in plain.split("+"):  # a sign before + stands at least once, but what follows need not touch the first
        stretches += piece.split("\n")
    return tuple(stretch.lower() for stretch in stretches if stretch)


def written(atoms: Mapping[Atom, bool], glue: Glue, *, plain: bool = False, more: Iterable[str] = ()) -> str:
    """A text in which exactly the literals that are true are found; patterns are left to chance.

    A `plain` one reads better, but more may be found in it: a word stands where only its letters were wanted. `more`
    are other stretches to stand in it.
    """
    true = [atom for atom, holds in atoms.items() if holds]
    by_operator: dict[str, list[str]] = {operator: [] for operator in SEARCHES}
    for operator, literal in true:
        by_operator[operator].append(literal)
    if by_operator["equals"]:
        return by_operator["equals"][0]
    letter = "" if plain else glue.letter
    begin = max(by_operator["starts_with"], key=len, default="")
    end = max(by_operator["ends_with"], key=len, default="")
    pieces = dict.fromkeys(
        (*by_operator["words"], *(f"{letter}{each}{letter}" for each in by_operator["contains"]), *more)
    )
    first = f"{begin}{letter}" if begin else ""
    last = f"{letter}{end}" if end else ""
    if plain:
        return glue.gap.join(piece for piece in (first, *pieces, last) if piece)
    return glue.gap.join((first, *pieces, last))
