"""The solver against every assignment there is."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_engine.prove.answer import Answer
from playbook_engine.prove.cores import smaller
from playbook_engine.prove.formulas import Formula, Formulas
from playbook_engine.prove.solver import Solver

VARIABLES = 7
Clauses = list[list[int]]

literals = st.integers(1, VARIABLES).flatmap(lambda variable: st.sampled_from((variable, -variable)))
clauses = st.lists(st.lists(literals, min_size=1, max_size=4), max_size=12)
assumptions = st.lists(literals, max_size=4)


def models(listed: Clauses, assumed: list[int]) -> list[tuple[bool, ...]]:
    """Every assignment under which all the clauses and the assumptions hold."""
    wanted = [*listed, *([literal] for literal in assumed)]
    return [
        values
        for values in product((False, True), repeat=VARIABLES)
        if all(any(values[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in wanted)
    ]


def check(solver: Solver, answer: Answer, listed: Clauses, assumed: list[int]) -> None:
    found = models(listed, assumed)
    assert answer.kind == ("yes" if found else "no")
    if found:
        assert tuple(solver.holds(variable, answer) for variable in range(1, VARIABLES + 1)) in found
        return
    fixed = assumed[0] if assumed and models(listed, assumed[:1]) else 0
    core = smaller(answer.core, fixed, lambda *rest: solver.solve(rest))
    for each in (answer.core, core):
        assert set(each) <= set(assumed)
        assert not models(listed, list(each))
    sparable = [literal for literal in core if literal != fixed]
    if fixed in core or len(sparable) > 1:
        assert all(models(listed, [other for other in core if other != literal]) for literal in sparable)


@given(st.lists(st.tuples(clauses, st.lists(assumptions, min_size=1, max_size=3)), min_size=1, max_size=3))
@settings(max_examples=60)
def test_answers_and_cores_are_those_of_trying_everything(rounds: list[tuple[Clauses, list[list[int]]]]) -> None:
    solver, listed = Solver(), []
    for _ in range(VARIABLES):
        solver.new()
    for more, questions in rounds:
        for clause in more:
            listed.append(clause)
            solver.add(clause)
        for assumed in questions:
            check(solver, solver.solve(assumed), listed, assumed)


@given(st.lists(st.tuples(st.integers(0, 3), st.lists(st.integers(-9, 9), min_size=1, max_size=4)), max_size=14))
@settings(max_examples=60)
def test_formulas_mean_what_they_are_built_of(plan: list[tuple[int, list[int]]]) -> None:
    formulas = Formulas()
    known: list[Formula] = [formulas.free() for _ in range(VARIABLES)]
    inputs = list(product((False, True), repeat=VARIABLES))
    truth = [[values[index] for values in inputs] for index in range(VARIABLES)]
    demanded = [True] * len(inputs)
    for kind, picks in plan:
        parts = [known[abs(pick) % len(known)] * (1 if pick >= 0 else -1) for pick in picks]
        rows = [[value == (pick >= 0) for value in truth[abs(pick) % len(known)]] for pick in picks]
        columns = list(zip(*rows, strict=True))
        if kind == 0:
            known.append(formulas.all(parts))
            truth.append([all(column) for column in columns])
        elif kind == 1:
            known.append(formulas.any(parts))
            truth.append([any(column) for column in columns])
        elif kind == 2:
            formulas.demand(*parts)
            demanded = [held and any(column) for held, column in zip(demanded, columns, strict=True)]
        else:
            answer = formulas.solver.solve(parts)
            allowed = [all(column) and held for column, held in zip(columns, demanded, strict=True)]
            assert answer.kind == ("yes" if any(allowed) else "no")
            if answer.kind == "yes":
                model = tuple(formulas.solver.holds(known[index], answer) for index in range(VARIABLES))
                at = inputs.index(model)
                assert allowed[at]
                assert all(formulas.solver.holds(f, answer) == t[at] for f, t in zip(known, truth, strict=True))


def pigeons(solver: Solver, holes: int) -> None:
    """One pigeon too many: a contradiction that no solver of this kind finds quickly."""
    places = [[solver.new() for _ in range(holes)] for _ in range(holes + 1)]
    for place in places:
        solver.add(place)
    for hole in range(holes):
        for one, other in combinations(places, 2):
            solver.add([-one[hole], -other[hole]])


def test_hard_contradictions_are_found() -> None:
    solver = Solver()
    pigeons(solver, 5)
    assert solver.solve().kind == "no"


def test_a_spent_budget_is_said_and_never_taken_for_an_answer() -> None:
    solver = Solver()
    pigeons(solver, 8)
    assert solver.solve(conflicts=50).kind == "gave-up"


def test_clauses_that_contradict_each_other_leave_nothing_to_ask() -> None:
    solver = Solver()
    one = solver.new()
    solver.add([one])
    solver.add([-one])
    assert solver.solve() == Answer("no")
    assert solver.solve([one]).core == ()
