"""What `playbook lint` does with files: playbooks put to the rules, fixes written, the baseline kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from playbook_engine.decide.facts import account_id
from playbook_engine.errors import UsageError
from playbook_engine.lint.applying import fixes, mended
from playbook_engine.lint.baseline import Known, of_findings, read_baseline
from playbook_engine.lint.changed import touched
from playbook_engine.lint.history import NO_HISTORY, Arrival, History
from playbook_engine.lint.lint import Selection, in_order, lint
from playbook_engine.lint.report import Report, report_on
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.silencing import Outcome
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.registry import Registry
from playbook_engine.runtime.playbooks import Sources, load_sources, sources
from playbook_engine.runtime.revisions import changed_lines

MOST_ROUNDS = 10
"""How often fixes are applied: one may bring another to light, and each round mends something or is the last."""


@dataclass(frozen=True)
class Linter:
    """What is asked of every playbook of one call; `now` is ms UTC."""

    registry: Registry
    rules: tuple[Rule, ...]
    wanted: Selection
    now: int
    baseline: tuple[Known, ...] = ()
    history: History = NO_HISTORY

    def knowing(self, baseline: Path | None, anew: bool) -> Linter:
        """The same with the findings of a baseline; with `anew` it may not be there yet."""
        if baseline is None or (anew and not baseline.exists()):
            return self
        try:
            text = baseline.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"the baseline `{baseline}` cannot be read ({error}); write it with --write-baseline"
            ) from None
        return replace(self, baseline=read_baseline(text, str(baseline)))

    def ask(self, read: Sources) -> tuple[Subject, Outcome]:
        """A playbook and what is found in it."""
        loaded = load_sources(read, self.registry.actions)
        subject = Subject(
            loaded.document,
            loaded.policy,
            loaded.problems,
            loaded.lock,
            self.now,
            {**self.registry.actions, **ACTIONS},
            frozenset(name for rule in self.rules for name in (rule.code, rule.name)),
            self.registry.send_rates,
            self.history,
        )
        return subject, lint(subject, self.rules, self.wanted, self.baseline)

    def report(
        self, paths: Iterable[Path], fail_on: str = "error", silenced: bool = False, since: str | None = None
    ) -> Report:
        """Everything found in several playbooks; with `silenced` what is silenced too, `since` a revision of git."""
        looked_at = (self._looked_at(path, silenced, since) for path in dict.fromkeys(paths))
        return report_on(looked_at, self.rules, self.wanted, version("playbook-engine"), fail_on)

    def _looked_at(self, path: Path, silenced: bool, since: str | None) -> tuple[Subject, Outcome]:
        subject, outcome = self.ask(sources(path))
        if silenced:
            shown = in_order(subject, (*outcome.findings, *(each.finding for each in outcome.suppressed)))
            outcome = replace(outcome, findings=shown, suppressed=())
        if since is not None:
            outcome = replace(outcome, findings=touched(subject, outcome.findings, _changed(subject, path, since)))
        return subject, outcome

    def register(self, paths: Iterable[Path]) -> Iterator[tuple[str, ...]]:
        """What is silenced in playbooks: rules, part, person, last day, days left, reason, place."""
        for path in paths:
            subject, _ = self.ask(sources(path))
            for wish in subject.suppressions:
                days = str(wish.days_left(self.now)) if wish.last_day else ""
                yield ", ".join(wish.codes), wish.node, wish.by, wish.until, days, wish.reason, str(wish.span)

    def mended(self, path: Path, unsafe: bool) -> dict[str, tuple[bytes, bytes]]:
        """What fixes make of the files of a playbook: (before, after) by display name. Nothing is written."""
        read = first = sources(path)
        for _ in range(MOST_ROUNDS):
            _, outcome = self.ask(read)
            texts = {file: _text(content) for file, content in read.files.items()}
            after = mended(texts, fixes(outcome.findings, unsafe))
            read = replace(read, files={**read.files, **{file: _bytes(text) for file, text in after.items()}})
            if not after:
                break
        return {file: (before, read.files[file]) for file, before in first.files.items() if read.files[file] != before}

    def pruned(self, paths: Iterable[Path]) -> tuple[Known, ...]:
        """The baseline without what no playbook has any more."""
        stale = {known for path in paths for known in self.ask(sources(path))[1].stale}
        return tuple(known for known in self.baseline if known not in stale)

    def known(self, paths: Iterable[Path]) -> tuple[Known, ...]:
        """A baseline of everything that is found now and may be put off."""
        outcomes = (replace(self, baseline=()).ask(sources(path)) for path in paths)
        fixed = {rule.code for rule in self.rules if rule.locked}
        return tuple(
            known
            for subject, outcome in outcomes
            for known in of_findings(subject.name, outcome.findings)
            if known.code not in fixed
        )


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _changed(subject: Subject, path: Path, since: str) -> dict[str, frozenset[int]]:
    lines = changed_lines(path if path.is_dir() else path.parent, since)
    return {file: lines.get(Path(file).resolve(), frozenset()) for file in subject.document.lines}


def history_of(events: Path | None, pace: int | None) -> History:
    """The messages of a file that customers wrote. Raises UsageError for one that cannot be read or holds none."""
    if events is None:
        if pace is not None:
            raise UsageError("--pace goes with --events FILE; without messages there is nothing to answer")
        return NO_HISTORY
    from playbook_engine.runtime.incoming.intake import take_in
    from playbook_engine.runtime.incoming.outcomes import MESSAGES, Incoming, Sender

    try:
        with events.open("rb") as stream:
            taken = tuple(take_in(stream, Sender(may_send=MESSAGES), name=events.name))
    except OSError as error:
        raise UsageError(f"{events} cannot be read: {error.strerror}; name a file of events") from None
    found = [
        Arrival(each.at, account_id(each.channel, each.account), not each.public)
        for each in taken
        if isinstance(each, Incoming) and each.type == "message.received" and each.at is not None
    ]
    if not found:
        raise UsageError(f"{events} holds no message with a time; name a file of events")
    return History.of(found, pace or 0)
