"""A yes about a text is exact: the text is written, and precisely what was chosen is found in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_engine.policy.conditions import Test, make_test
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.fold import fold
from playbook_engine.prove.formulas import Formulas
from playbook_engine.prove.patterns import examples
from playbook_engine.prove.texts import Glue, atoms_of, found, free_text, written

TEXT = FactType("text", "text")
LETTERS = "aab x返金+ーがÜe\u0301_9"
literals = st.text(LETTERS, min_size=1, max_size=4).filter(lambda text: bool(fold(text)))
OPERATORS = ("contains", "words", "starts_with", "ends_with", "")
searches = st.lists(st.tuples(st.sampled_from(OPERATORS), literals), min_size=1, max_size=9)


def searches_of(searched: list[tuple[str, str]]) -> list[Test]:
    return [make_test("text", TEXT, (literal,) if operator else literal, operator) for operator, literal in searched]


@settings(max_examples=60)
@given(searches, st.lists(st.booleans(), min_size=9, max_size=9))
def test_what_the_lemmas_allow_can_be_written(searched: list[tuple[str, str]], wished: list[bool]) -> None:
    formulas = Formulas()
    value = free_text(formulas, searches_of(searched))
    chosen: list[int] = []
    for formula, wish in zip(value.atoms.values(), wished, strict=False):
        literal = formula if wish else -formula
        if formulas.solver.solve([*chosen, literal]).kind == "yes":
            chosen.append(literal)
    answer = formulas.solver.solve(chosen)
    atoms = {atom: formulas.solver.holds(formula, answer) for atom, formula in value.atoms.items()}
    text = written(atoms, Glue.for_literals(literal for _, literal in atoms))
    assert fold(text) == text
    assert {atom: found(atom, text) for atom in atoms} == atoms


@settings(max_examples=60)
@given(searches, st.text(LETTERS, max_size=12))
def test_every_real_text_obeys_the_lemmas(searched: list[tuple[str, str]], text: str) -> None:
    formulas = Formulas()
    value = free_text(formulas, searches_of(searched))
    known = [formula if found(atom, fold(text)) else -formula for atom, formula in value.atoms.items()]
    assert formulas.solver.solve(known).kind == "yes"


@given(st.lists(st.sampled_from(("re.?fund", "refund", "a+b", "^ab", "x$", "[ab]+x", "(?:ab|x)", "b.x")), min_size=1))
def test_patterns_obey_the_lemmas_too(sources: list[str]) -> None:
    formulas = Formulas()
    searched = [(operator, literal) for literal in ("refund", "ab", "x", "aab") for operator in OPERATORS[:4]]
    asked = [*searches_of(searched), *(make_test("text", TEXT, source, "matches") for source in sources)]
    value = free_text(formulas, asked)
    for text in ("refund", "ab", "xabx", "aab x", "b", "re-fund", "bax", "abb", ""):
        known = [formula if found(atom, text) else -formula for atom, formula in value.atoms.items()]
        assert formulas.solver.solve(known).kind == "yes", text


def test_a_word_holds_the_letters_but_letters_are_no_word() -> None:
    formulas = Formulas()
    word, letters, longer = searches_of([("words", "fund"), ("contains", "fund"), ("contains", "refund")])
    value = free_text(formulas, [word, letters, longer])
    (is_word,), (has_letters,), (has_longer,) = (
        [value.atoms[atom] for atom in atoms_of(test)] for test in (word, letters, longer)
    )
    assert formulas.solver.solve([is_word, -has_letters]).kind == "no"
    assert formulas.solver.solve([has_longer, -has_letters]).kind == "no"
    assert formulas.solver.solve([has_letters, -is_word]).kind == "yes"


def test_a_word_of_a_script_without_spaces_is_found_as_its_letters_are() -> None:
    formulas = Formulas()
    word, letters = searches_of([("words", "返金"), ("contains", "返金")])
    value = free_text(formulas, [word, letters])
    assert formulas.solver.solve([value.atoms["contains", "返金"], -value.atoms["words", "返金"]]).kind == "no"


def test_examples_are_found_by_their_patterns() -> None:
    assert "refund" in examples("re.?fund")
    assert all(len(text) == 13 for text in examples(r"\b[0-9]{13}\b"))
    assert examples("(?:booking|pnr)[ :#]*(?:is)?[ :#]*\\b[a-z]{1,5}[0-9]\\b")
