"""Short texts in which a pattern is found, for the patterns that people write; a guess that the caller checks."""

from __future__ import annotations

from dataclasses import dataclass

from playbook_engine.policy.patterns import Pattern

_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "n": "\n", "t": "\t"}
_NOTHING = "bBAzZ"


@dataclass(frozen=True)
class _Taste:
    """Which alternative is taken (the last where there are fewer), and how often what may be absent stands."""

    alternative: int
    optional: int


def examples(source: str) -> tuple[str, ...]:
    """Some texts in which the pattern is found; none where every guess fails."""
    tastes = [_Taste(alternative, optional) for alternative in range(4) for optional in (0, 1)]
    pattern, guessed = Pattern(source), dict.fromkeys(_Guess(source, taste).text() for taste in tastes)
    return tuple(text for text in guessed if text is not None and pattern.found_in(text))


@dataclass(frozen=True)
class _Guess:
    source: str
    taste: _Taste

    def text(self) -> str | None:
        try:
            return self._alternatives(0)[0]
        except (IndexError, ValueError, StopIteration):
            return None

    def _alternatives(self, at: int) -> tuple[str, int]:
        """One of some alternatives; up to the closing parenthesis or the end."""
        text, at = self._sequence(at)
        found = [text]
        while at < len(self.source) and self.source[at] == "|":
            text, at = self._sequence(at + 1)
            found.append(text)
        return found[min(self.taste.alternative, len(found) - 1)], at

    def _sequence(self, at: int) -> tuple[str, int]:
        text = ""
        while at < len(self.source) and self.source[at] not in "|)":
            piece, at = self._piece(at)
            times, at = self._repeated(at)
            text += piece * times
        return text, at

    def _piece(self, at: int) -> tuple[str, int]:
        source, sign = self.source, self.source[at]
        if sign == "(":
            text, at = self._alternatives(_group(source, at + 1))
            return text, at + 1
        if sign == "[":
            end = source.index("]", at + 2)
            return _member(source[at + 1 : end]), end + 1
        if sign == "\\":
            named = source[at + 1]
            return "" if named in _NOTHING else _CLASSES.get(named, named), at + 2
        if sign in "^$":
            return "", at + 1
        return ("a" if sign == "." else sign), at + 1

    def _repeated(self, at: int) -> tuple[int, int]:
        """How often the piece before stands."""
        source, times = self.source, 1
        if at >= len(source) or source[at] not in "*?+{":
            return times, at
        if source[at] in "*?":
            times = self.taste.optional
        elif source[at] == "{":
            end = source.index("}", at)
            times, at = int(source[at + 1 : end].partition(",")[0]), end
        at += 1
        return times, at + 1 if at < len(source) and source[at] == "?" else at


def _group(source: str, at: int) -> int:
    """Where a group begins in earnest, after `?:` or `?P<name>`."""
    if source[at] != "?":
        return at
    return source.index(">", at) + 1 if source[at + 1] in "P<" else source.index(":", at) + 1


def _member(inside: str) -> str:
    """A character of a class."""
    if not inside.startswith("^"):
        return _CLASSES.get(inside[1], inside[1]) if inside.startswith("\\") else inside[0]
    return next(sign for sign in "a0 -#あ" if sign not in inside)
