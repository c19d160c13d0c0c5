"""A small solver for clauses: conflict-driven, incremental, with the core of a no. Pure Python, no dependencies.

A literal is an integer: `n` says that variable `n` is true, `-n` that it is false. Clauses may be added between
questions; what was learned from earlier questions is kept. See Een and Sorensson, "An Extensible SAT-solver" (2003).

Variables are free or defined. A model of the clauses over the free ones is kept from question to question: the next
one only guesses where a defined variable still lacks a reason or where a clause does not hold by the kept model, so
that of a thousand rows those are looked at that the question is about. The idea of a frontier of gates without a
reason is that of circuit solvers; see Kuehlmann and others, "Robust Boolean Reasoning for Equivalence Checking" (2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playbook_engine.prove.answer import Answer, Clause, Lit, Work, truth
from playbook_engine.prove.order import Order

CONFLICTS = 20_000
"""How many conflicts one question may meet before the solver gives up."""

_RESTART = 128
_ROOM = 256
_MOST_LEARNED = 3_000
_KEPT_LENGTH = 3
"""Learned clauses as short as this are never forgotten."""


class Solver:
    """Clauses over variables 1, 2, …; `solve` asks whether all can hold together with some assumptions."""

    def __init__(self) -> None:
        self.work = Work()
        self.count = 0
        self.clauses: list[tuple[Lit, ...]] = []
        """Every clause that was added, as it was added: what another solver is told."""
        self.demands = 0
        """Counts what may make an earlier model worthless: free variables and clauses that define nothing."""
        self._room = _ROOM
        # Indexed by literals, negative ones from the end of the list.
        self._value: list[int] = [0] * (2 * self._room + 1)
        self._pairs: list[list[tuple[Lit, Clause]]] = [[] for _ in self._value]
        self._watches: list[list[Clause]] = [[] for _ in self._value]
        self._level: list[int] = [0]
        self._reason: list[Clause | None] = [None]
        self._latest: set[Lit] = set()
        self._parts: list[tuple[Lit, ...] | None] = [None]
        self._holding: dict[Lit, list[tuple[Lit, ...]]] = {}
        self._model: list[Lit] = [0]
        self._model_holds = False
        self._order = Order()
        self._trail: list[Lit] = []
        self._begins: list[tuple[int, int]] = []
        self._assumed: list[Lit] = []
        """The assumptions of the last question: the first levels are theirs, as many as there are."""
        self._modelled = 0
        """As far as this the kept model says what the trail says."""
        self._truths: tuple[Answer, dict[int, bool]] = (Answer("no"), {})
        self._head = 0
        self._reasoned = 0
        self._learned: list[Clause] = []
        self._contradiction = False

    def new(self) -> int:
        """A new free variable."""
        variable = self._new()
        self.demands += 1
        self._order.append(variable)
        self._model_holds = False
        return variable

    def _new(self) -> int:
        self.count += 1
        if self.count > self._room:
            self._grow()
        self._level.append(0)
        self._reason.append(None)
        self._parts.append(None)
        self._model.append(-self.count)
        self._order.room()
        return self.count

    def define(self, parts: Sequence[Lit]) -> int:
        """A new variable that is true exactly where all the parts are: two or more, of different variables."""
        made = self._new()
        self._parts[made] = tuple(parts)
        for part in parts:
            self._take((-made, part))
        self._take((made, *(-part for part in parts)))
        return made

    def _free(self, variable: int) -> None:
        """Of a defined variable that a clause speaks of, the definition is a clause like any other."""
        parts = self._parts[variable]
        if parts is None:
            return
        self._parts[variable] = None
        self._order.append(variable)
        self._model_holds = False
        for part in parts:
            self._free(abs(part))
            self._hold((-variable, part))
        self._hold((variable, *(-part for part in parts)))

    def _hold(self, clause: tuple[Lit, ...]) -> None:
        for literal in clause:
            self._holding.setdefault(literal, []).append(clause)

    def _grow(self) -> None:
        old, self._room = self._room, 2 * self._room
        more = 2 * (self._room - old)
        self._value[old + 1 : old + 1] = [0] * more
        self._pairs[old + 1 : old + 1] = [[] for _ in range(more)]
        self._watches[old + 1 : old + 1] = [[] for _ in range(more)]

    def add(self, literals: Iterable[Lit]) -> None:
        """Demands that at least one of the literals is true."""
        clause = tuple(dict.fromkeys(literals))
        if any(-literal in clause for literal in clause):
            return
        self.demands += 1
        for literal in clause:
            self._free(abs(literal))
        self._hold(clause)
        self._model_holds = self._model_holds and any(self._model[abs(literal)] == literal for literal in clause)
        self._take(clause)

    def _take(self, clause: tuple[Lit, ...]) -> None:
        self.clauses.append(clause)
        self._back_to(0)
        value = self._value
        if self._contradiction or any(value[literal] > 0 for literal in clause):
            return
        left = [literal for literal in clause if value[literal] == 0]
        if not left:
            self._contradiction = True
        elif len(left) == 1:
            self._assign(left[0], None)
            self._contradiction = self._propagate() is not None
        else:
            self._watch(left)

    def _watch(self, clause: Clause) -> None:
        one, other = clause[0], clause[1]
        if len(clause) == 2:
            self._pairs[-one].append((other, clause))
            self._pairs[-other].append((one, clause))
        else:
            self._watches[-one].append(clause)
            self._watches[-other].append(clause)

    def solve(self, assumptions: Sequence[Lit] = (), conflicts: int = CONFLICTS) -> Answer:
        """Whether the clauses and the assumptions can all hold; the assumptions are taken in their order.

        What follows from those with which the last question began as well is not drawn again.
        """
        self.work.questions += 1
        self._go_on_from(assumptions)
        if self._contradiction:
            return Answer("no")
        left, until_restart = conflicts, _RESTART
        while True:
            conflict = self._propagate()
            if conflict is not None:
                self.work.conflicts += 1
                if not self._begins:
                    self._contradiction = True
                    return Answer("no")
                if left <= 0:
                    self._back_to(0)
                    return Answer("gave-up")
                left -= 1
                until_restart -= 1
                self._learn(conflict)
                continue
            if until_restart <= 0:
                until_restart = _RESTART + self.work.conflicts // 8
                self._latest = set(self._trail)
                self._back_to(0)
                self._forget()
                continue
            answer = self._next(assumptions)
            if answer is not None:
                return answer

    def _go_on_from(self, assumptions: Sequence[Lit]) -> None:
        before, known = self._assumed, 0
        self._assumed = list(assumptions)
        most = min(len(before), len(self._assumed), len(self._begins))
        while known < most and before[known] == self._assumed[known]:
            known += 1
        self._back_to(known)

    def _next(self, assumptions: Sequence[Lit]) -> Answer | None:
        """Takes up the next assumption, else the next guess; the answer when nothing is left to decide."""
        value = self._value
        while len(self._begins) < len(assumptions):
            literal = assumptions[len(self._begins)]
            if value[literal] < 0:
                return Answer("no", core=self._core(literal, assumptions))
            self._begins.append((len(self._trail), self._reasoned))
            if value[literal] == 0:
                self._assign(literal, None)
                return None
        literal = self._guess() if self._model_holds else self._model[self._order.next_open(value)]
        if not literal:
            return self._yes()
        self.work.decisions += 1
        self._begins.append((len(self._trail), self._reasoned))
        self._assign(literal, None)
        return None

    def _guess(self) -> Lit:
        """A literal that gives a reason to what lacks one; 0 when nothing does: for the rest the kept model will do."""
        value, model, trail, defined = self._value, self._model, self._trail, self._parts
        for at in range(self._reasoned, len(trail)):
            literal = trail[at]
            if literal > 0:
                parts, kept = defined[literal], model[literal]
            else:
                parts, kept = defined[-literal], model[-literal]
            if parts is None:
                lacking = self._broken(literal) if kept != literal else None
            elif literal > 0:
                continue
            else:
                lacking = parts
                for part in parts:
                    if value[part] < 0:
                        lacking = None
                        break
            if lacking is not None:
                self._reasoned = at
                return -self._preferred([each for each in lacking if value[each] == 0])
        self._reasoned = len(trail)
        return 0

    def _broken(self, literal: Lit) -> tuple[Lit, ...] | None:
        """Of a clause that only the kept model did without `literal`, the literals that are not all to stay true."""
        value, model = self._value, self._model
        for clause in self._holding.get(-literal, ()):
            if not any(value[each] > 0 or (value[each] == 0 and model[abs(each)] == each) for each in clause):
                return tuple(-each for each in clause)
        return None

    def _preferred(self, literals: list[Lit]) -> Lit:
        """Of literals of which one is to become false: as it was last, else what the latest conflicts were about."""
        latest, stamp = self._latest, self._order.stamp
        return max(literals, key=lambda literal: (-literal in latest, stamp[abs(literal)]))

    def _yes(self) -> Answer:
        model, trail = self._model, self._trail
        for at in range(self._modelled, len(trail)):
            literal = trail[at]
            model[abs(literal)] = literal
        self._modelled = len(trail)
        self._model_holds = True
        self._latest = set(self._trail)
        return Answer("yes", tuple(model))

    @property
    def parts(self) -> Sequence[tuple[Lit, ...] | None]:
        """By variable, the parts of a defined one; None for those that a model speaks of."""
        return self._parts

    def holds(self, literal: Lit, answer: Answer) -> bool:
        """Whether a literal is true in the model of a `yes`."""
        if self._truths[0] is not answer:
            self._truths = answer, {}
        return truth(self._parts, answer.model, literal, self._truths[1])

    def _assign(self, literal: Lit, reason: Clause | None) -> None:
        self._value[literal], self._value[-literal] = 1, -1
        self._reason[abs(literal)] = reason
        self._trail.append(literal)

    def _propagate(self) -> Clause | None:
        """Draws what follows from every literal not yet looked at; the clause that is broken, if one is."""
        value, trail, pairs, watches = self._value, self._trail, self._pairs, self._watches
        reason, head = self._reason, self._head
        while head < len(trail):
            literal = trail[head]
            head += 1
            for other, clause in pairs[literal]:
                if value[other] == 0:
                    value[other], value[-other] = 1, -1
                    reason[other if other > 0 else -other] = clause
                    trail.append(other)
                elif value[other] < 0:
                    self._head = len(trail)
                    return clause
            if watches[literal]:
                broken = self._visit(-literal)
                if broken is not None:
                    self._head = len(trail)
                    return broken
        self._head = head
        return None

    def _visit(self, false: Lit) -> Clause | None:
        """The clauses that watch a literal which has become false look for another one to watch."""
        value, watches = self._value, self._watches
        visited, kept = watches[-false], []
        for index, clause in enumerate(visited):
            if clause[0] == false:
                clause[0], clause[1] = clause[1], false
            first = clause[0]
            if value[first] > 0:
                kept.append(clause)
                continue
            for at in range(2, len(clause)):
                other = clause[at]
                if value[other] >= 0:
                    clause[1], clause[at] = other, false
                    watches[-other].append(clause)
                    break
            else:
                kept.append(clause)
                if value[first] < 0:
                    kept.extend(visited[index + 1 :])
                    watches[-false] = kept
                    return clause
                self._assign(first, clause)
        watches[-false] = kept
        return None

    def _back_to(self, level: int) -> None:
        if len(self._begins) <= level:
            return
        start, self._reasoned = self._begins[level]
        value, trail = self._value, self._trail
        for at in range(start, len(trail)):
            literal = trail[at]
            value[literal] = value[-literal] = 0
        del trail[start:]
        del self._begins[level:]
        self._head = start
        self._modelled = min(self._modelled, start)
        self._order.rewind()

    def _levels(self) -> list[int]:
        """By variable, how many guesses and assumptions had been made when it got its value; what it says of the
        others is of no meaning."""
        level, begins = self._level, [begin for begin, _ in self._begins]
        for now, (start, end) in enumerate(zip((0, *begins), (*begins, len(self._trail)), strict=True)):
            for literal in self._trail[start:end]:
                level[abs(literal)] = now
        return level

    def _learn(self, conflict: Clause) -> None:
        """Adds the clause of the first unique implication point, and goes back to where it says something."""
        level = self._levels()
        clause, involved = self._analysed(conflict)
        for variable in sorted(involved, key=self._order.stamp.__getitem__):
            self._order.bump(variable)
        if len(clause) == 1:
            self._back_to(0)
            self._assign(clause[0], None)
            return
        second = max(range(1, len(clause)), key=lambda at: level[abs(clause[at])])
        clause[1], clause[second] = clause[second], clause[1]
        self._back_to(level[abs(clause[1])])
        self._watch(clause)
        if len(clause) > _KEPT_LENGTH:
            self._learned.append(clause)
        self.work.learned += 1
        self._assign(clause[0], clause)

    def _analysed(self, conflict: Clause) -> tuple[Clause, set[int]]:
        level, now = self._level, len(self._begins)
        seen: set[int] = set()
        below: Clause = []
        open_paths, index, clause, literal = 0, len(self._trail), conflict, 0
        while True:
            for other in clause:
                variable = abs(other)
                if other == literal or variable in seen or not level[variable]:
                    continue
                seen.add(variable)
                if level[variable] == now:
                    open_paths += 1
                else:
                    below.append(other)
            while True:
                index -= 1
                literal = self._trail[index]
                if abs(literal) in seen:
                    break
            open_paths -= 1
            if not open_paths:
                break
            reason = self._reason[abs(literal)]
            assert reason is not None
            clause = reason
        kept = [other for other in below if not self._follows(other, seen)]
        return [-literal, *kept], seen

    def _follows(self, literal: Lit, seen: set[int]) -> bool:
        """Whether a literal of a learned clause is implied by the others, and can be left out."""
        reason = self._reason[abs(literal)]
        if reason is None:
            return False
        return all(abs(other) in seen or not self._level[abs(other)] for other in reason)

    def _core(self, refused: Lit, assumptions: Sequence[Lit]) -> tuple[Lit, ...]:
        """The assumptions from which it follows that `refused`, one of them, is false."""
        used, level = {refused}, self._levels()
        seen = {abs(refused)} if level[abs(refused)] else set()
        for literal in reversed(self._trail[self._begins[0][0] :] if self._begins else ()):
            if abs(literal) not in seen:
                continue
            reason = self._reason[abs(literal)]
            if reason is None:
                used.add(literal)
            else:
                seen.update(abs(other) for other in reason if level[abs(other)])
        return tuple(literal for literal in dict.fromkeys(assumptions) if literal in used)

    def _forget(self) -> None:
        """Drops the longer half of what was learned when it has become much; called with nothing decided."""
        if len(self._learned) < _MOST_LEARNED:
            return
        self._learned.sort(key=len)
        dropped = {id(clause) for clause in self._learned[_MOST_LEARNED // 2 :]}
        del self._learned[_MOST_LEARNED // 2 :]
        for literal in range(-self.count, self.count + 1):
            self._watches[literal] = [clause for clause in self._watches[literal] if id(clause) not in dropped]
