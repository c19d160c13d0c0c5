"""A question that an earlier model answers is answered as the solver would."""

from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_engine.prove.formulas import Formula, Formulas
from playbook_engine.prove.models import Models

VARIABLES = 5

plans = st.lists(
    st.tuples(
        st.sampled_from(("all", "any", "demand", "free", "ask")), st.lists(st.integers(-9, 9), min_size=1, max_size=3)
    ),
    max_size=30,
)


@given(plans)
@settings(max_examples=100)
def test_what_a_kept_model_shows_the_solver_finds_possible_too(plan: list[tuple[str, list[int]]]) -> None:
    formulas = Formulas()
    solver, models = formulas.solver, Models(formulas.solver)
    known: list[Formula] = [formulas.free() for _ in range(VARIABLES)]
    for kind, numbers in plan:
        parts = [known[abs(number) % len(known)] * (-1 if number < 0 else 1) for number in numbers]
        if kind == "free":
            known.append(formulas.free())
        elif kind == "demand":
            formulas.demand(*parts)
        elif kind == "ask":
            shown, answer = models.show(parts), solver.solve(parts)
            assert not shown or answer.kind == "yes"
            models.keep(answer)
        else:
            known.append(formulas.all(parts) if kind == "all" else formulas.any(parts))


def test_a_demand_made_since_takes_away_what_an_earlier_model_showed() -> None:
    formulas = Formulas()
    one, models = formulas.free(), Models(formulas.solver)
    models.keep(formulas.solver.solve([one]))
    assert models.show([one])
    assert not models.show([-one])
    formulas.demand(-one)
    assert not models.show([one])
