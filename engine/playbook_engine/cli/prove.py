"""`playbook prove`: what holds for every message, or a message for which it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playbook_engine.cli.loading import instant, load_policy
from playbook_engine.cli.output import FORMAT, moment, print_json
from playbook_engine.cli.prove_words import say_claim, say_head, say_sum, say_verdict
from playbook_engine.errors import UsageError
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.zones import load_zone
from playbook_engine.prove.case import Case
from playbook_engine.prove.certificate import as_json, certificate, first_difference, seal, written
from playbook_engine.prove.events_file import as_lines, unsaid
from playbook_engine.prove.proving import names, verdicts
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.prove.verdict import Verdict
from playbook_engine.text.nearest import nearest

if TYPE_CHECKING:
    from playbook_engine.prove.prover import Opinion

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("prove")
@click.argument("path", type=click.Path(path_type=Path), default=Path("."))
@click.option("--only", multiple=True, metavar="NAME", help="Only this property or claim; may be repeated.")
@click.option("--since", metavar="TIME", help="Where the year begins over which calendars are looked at; today.")
@click.option("--budget", type=click.IntRange(1), default=CONFLICTS, show_default=True, help="Conflicts a question.")
@click.option("--certificate", "file", type=_FILE, help="Write what was proved.")
@click.option("--check", type=_FILE, help="Prove a certificate again, and name the first difference.")
@click.option("--emit-events", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Write each example.")
@click.option("--cross-check", is_flag=True, help="Ask z3 everything too; needs the extra `prove`.")
@click.option("--details", is_flag=True, help="Print also what holds, part by part.")
@FORMAT
@click.pass_context
def command(
    context: click.Context,
    path: Path,
    only: tuple[str, ...],
    since: str | None,
    budget: int,
    file: Path | None,
    check: Path | None,
    folder: Path | None,
    cross_check: bool,
    details: bool,
    form: str,
) -> None:
    """Proves of a playbook, over all messages and a year of calendars, what must hold of each, and what it claims.

    Exit code 1 when something is broken, 5 when something is neither proved nor broken.
    """
    policy = load_policy(path)
    opinion = _second_opinion() if cross_check else None
    if check is not None:
        context.exit(_checked(policy, path, check, opinion))
    case = Case(policy, first_day(policy, since), budget, opinion)
    wanted = frozenset(_named(case, name) for name in only)
    if opinion is not None:
        _written_anew(case)
    found = list(_told(case, wanted, details) if form == "text" else verdicts(case, wanted))
    saved = list(_saved(found, folder)) if folder is not None else []
    if form == "json":
        print_json({"version": 1, "policy": policy.digest, "verdicts": [as_json(verdict) for verdict in found]})
    else:
        click.echo("\n".join([*saved, "", say_sum(found, case.prover.formulas.solver.work.questions)]))
    if file is not None:
        file.write_text(written(_certificate(case, path, found)), "utf-8")
    context.exit(_code(found))


def _code(found: list[Verdict]) -> int:
    kinds = {verdict.kind for verdict in found}
    return 1 if "broken" in kinds else 5 if "inconclusive" in kinds else 0


def _told(case: Case, wanted: frozenset[str], details: bool) -> Iterator[Verdict]:
    """The verdicts, each printed as soon as it is found."""
    click.echo(f"{say_head(case)}\n")
    for verdict in verdicts(case, wanted):
        click.echo("\n".join(say_verdict(case.policy, verdict, details)))
        yield verdict


def first_day(policy: Policy, since: str | None) -> int:
    """The beginning of that day in the playbook's zone, in ms UTC."""
    local = moment(instant(since, policy.timezone)).astimezone(load_zone(policy.timezone))
    return round(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def _named(case: Case, name: str) -> str:
    known = names(case)
    for each in known:
        if name.casefold() == each.casefold():
            return each
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(known)}"
    raise UsageError(f"no property and no claim is called `{name}`; {hint}")


# A second opinion.


def _second_opinion() -> type[Opinion]:
    """z3's. Raises UsageError where it is not installed."""
    if find_spec("z3") is None:
        raise UsageError("`--cross-check` needs the extra `prove`; install `playbook-engine[prove]`")
    from playbook_engine.prove.cross_check import SecondOpinion

    return SecondOpinion


def _written_anew(case: Case) -> None:
    from playbook_engine.prove.cross_check import compare

    rows = compare(case.prover)
    click.echo(f"z3 is asked every question too; all {rows} rows win alike when they are written anew", err=True)


# Certificates.


def _certificate(case: Case, path: Path, found: list[Verdict]) -> dict[str, object]:
    claims = {proof.id: say_claim(proof) for proof in case.policy.proofs}
    folder = path if path.is_dir() else path.parent
    return certificate(case, found, version("playbook-engine"), claims, folder.as_posix())


def _checked(policy: Policy, path: Path, file: Path, opinion: type[Opinion] | None) -> int:
    """Proves what a certificate says again, with its own span and budget; prints where the two part first."""
    theirs = _read(file)
    case = Case(policy, theirs["span"]["since"], theirs["solver"]["conflicts_per_question"], opinion)
    codes = frozenset(str(each["code"]) for each in theirs["verdicts"])
    unknown = codes.difference(names(case))
    found = list(verdicts(case, codes - unknown)) if codes - unknown else []
    apart = first_difference(theirs, _certificate(case, path, found))
    if seal(theirs) != theirs["seal"]:
        apart = "seal: the certificate was changed after it was sealed"
    if apart:
        click.echo(f"✗ {file} is not what is proved of {path}\n  {apart}")
        return 1
    click.echo(f"✓ {file}: all {len(found)} verdicts proved again, seal {theirs['seal'][:16]}…")
    return 0


def _read(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text("utf-8"))
        _ = said["span"]["since"] + said["solver"]["conflicts_per_question"]
        _ = [each["code"] for each in said["verdicts"]], said["seal"]
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}; name a file that --certificate wrote") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{file} is not a certificate; name a file that --certificate wrote") from None
    assert isinstance(said, dict)
    return said


# Examples as files.


def _saved(found: list[Verdict], folder: Path) -> Iterator[str]:
    """Writes the timelines of what is broken, each to a file of its own; a line on each."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}; name a folder for the examples") from None
    for verdict in found:
        replayed = [each for detail in verdict.of("broken") for each in detail.replayed]
        for number, each in enumerate(replayed, 1):
            file = folder / f"{verdict.code.lower()}-{number}.jsonl"
            file.write_text(as_lines(each), "utf-8")
            missing = "; ".join(unsaid(each))
            yield f"saved {file}" + (f", which cannot say {missing}" if missing else "")
