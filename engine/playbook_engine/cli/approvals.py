"""`playbook approvals`: drafts that wait for a person, and what people say to them."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from playbook_engine.cli.desk import AS, STORE, WAIT, known, notes_on, opened, playbook_of, request, taken_in
from playbook_engine.cli.output import FORMAT, moment, print_json, table
from playbook_engine.errors import UsageError
from playbook_engine.model.delivery import Draft
from playbook_engine.model.incident import Incident
from playbook_engine.runtime.requests import leave_request
from playbook_engine.runtime.store import Store, transaction

DRAFT = click.argument("name", metavar="DRAFT")

_SAID = {
    "draft-granted": "approved: it leaves now, byte for byte as approved",
    "draft-refused": "refused: nothing leaves, and the step is left to people",
    "not-an-approver": "you are not among those who are asked; `list` says who is",
    "four-eyes": "you wrote or changed it yourself; somebody else has to approve it",
    "unfinished": "it has a part that only you can write; give the whole text with --text",
    "stale": "it changed since you saw it, or the customer wrote again; look at it and approve it anew",
    "": "it waits no longer: somebody was faster, or it was taken back",
}


class Approvals(click.Group):
    """`playbook approvals STORE` is `playbook approvals list STORE`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not (set(args) & set(context.help_option_names)):
            args = ["list", *args]
        return super().parse_args(context, args)


@click.group("approvals", cls=Approvals)
def command() -> None:
    """Drafts that wait for a person: lists those of a STORE, shows one, and takes in a person's yes or no.

    STORE is what `run --store` was given, or the file; `playbook approvals STORE` lists. DRAFT is the key of one, or
    as much of its beginning as no other has. What would be sent is shown by `show --personal` only. Yes and no go to
    the engine as events: it decides who may, and records them.
    """


@command.command("list")
@STORE
@FORMAT
def listed(url: str, form: str) -> None:
    """Lists what waits, whatever expires first before the rest."""
    with closing(opened(url)) as store:
        found = waiting(store)
    if form == "json":
        print_json([_as_json(incident, draft) for incident, draft in found])
    else:
        _print_list(found)


@command.command("show")
@STORE
@DRAFT
@click.option("--personal", is_flag=True, help="Also what would be sent, and to whom.")
@FORMAT
def show(url: str, name: str, personal: bool, form: str) -> None:
    """Shows one draft."""
    with closing(opened(url)) as store:
        incident, draft = _found(store, name)
    shown = _as_json(incident, draft)
    if personal:
        shown |= {"action": draft.delivery.action, "parameters": draft.delivery.parameters}
    if form == "json":
        print_json(shown)
    else:
        click.echo(table([(name, _plain(value)) for name, value in shown.items()]))


@command.command("approve")
@STORE
@DRAFT
@AS
@click.option("--text", help="The text to be sent in place of the draft's; what a person must finish needs one.")
@WAIT
@click.pass_context
def approve(context: click.Context, url: str, name: str, person: str, text: str | None, wait: float) -> None:
    """Approves a draft as it is, or with another text; where four eyes are demanded, a second person follows."""
    said = {"text": text} if text is not None else {}
    context.exit(_say(url, "approval.granted", name, person, said, wait))


@command.command("refuse")
@STORE
@DRAFT
@AS
@click.option("--because", required=True, metavar="REASON", help="Why; it is recorded.")
@WAIT
@click.pass_context
def refuse(context: click.Context, url: str, name: str, person: str, because: str, wait: float) -> None:
    """Refuses a draft: nothing is sent."""
    context.exit(_say(url, "approval.refused", name, person, {"because": because}, wait))


def waiting(store: Store) -> list[tuple[Incident, Draft]]:
    """What waits, whatever expires first before the rest."""
    found = [(incident, draft) for incident in store.incidents() for draft in incident.drafts]
    return sorted(found, key=lambda pair: (pair[1].expires_at or 1 << 62, pair[1].asked_at, pair[1].key))


def _found(store: Store, name: str) -> tuple[Incident, Draft]:
    found = [pair for pair in waiting(store) if pair[1].key.startswith(name)]
    exact = [pair for pair in found if pair[1].key == name]
    if len(exact or found) != 1:
        why = "more than one draft begins so; write more of its key" if found else "no draft with that key waits"
        raise UsageError(f"`{name}`: {why}; `playbook approvals STORE` lists them")
    return (exact or found)[0]


def _say(url: str, type: str, name: str, person: str, said: dict[str, Any], wait: float) -> int:
    """Leaves the person's word for the engine and says what it decided."""
    with closing(opened(url)) as store:
        known(playbook_of(store).get("people", {}), person, "person")
        incident, draft = _found(store, name)
        named = {"draft": draft.key, "digest": draft.digest, "messages": draft.messages, **said}
        asked = request(type, person, incident=incident.id, data=named)
        with transaction(store):
            leave_request(store, asked)
        if not taken_in(store, asked, wait):
            click.echo("left for the engine, which has not taken it in yet; it does so when it runs")
            return 0
        notes = [note for note in notes_on(store, asked) if note.subject == draft.key]
    decided = next((note for note in notes if note.kind in ("draft-granted", "draft-refused")), None)
    if decided is not None:
        click.echo(_SAID[decided.kind])
        return 0
    against = next((note for note in notes if note.kind in ("draft-denied", "draft-stale")), None)
    if against is not None:
        click.echo(_SAID[against.because], err=True)
        return 1
    again = next((note.person for note in notes if note.kind == "draft-asked"), "")
    click.echo(f"changed as you wrote it; {again or 'a second person'} is asked to approve it")
    return 0


def _as_json(incident: Incident, draft: Draft) -> dict[str, Any]:
    return {
        "draft": draft.key,
        "incident": incident.id,
        "department": incident.department,
        "step": draft.delivery.step,
        "action": draft.delivery.action,
        "channel": draft.delivery.channel,
        "for": draft.person,
        "expires": moment(draft.expires_at).isoformat() if draft.expires_at else None,
        "then": list(draft.others),
        "because": draft.reason,
        "to_finish": draft.to_finish,
        "edited_by": list(draft.editors),
        "asked": moment(draft.asked_at).isoformat(),
    }


def _print_list(found: list[tuple[Incident, Draft]]) -> None:
    if not found:
        click.echo("no draft waits")
        return
    rows = [("draft", "for", "expires", "then", "what", "because")]
    for _, draft in found:
        expires = f"{moment(draft.expires_at):%Y-%m-%d %H:%M:%SZ}" if draft.expires_at else "never"
        what = " ".join(filter(None, (draft.delivery.action, draft.delivery.step)))
        rows.append((draft.key, draft.person, expires, ", ".join(draft.others), what, draft.reason))
    click.echo(table(rows))


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {held}" for name, held in value.items())
    return "-" if value in ("", None) else str(value).lower() if isinstance(value, bool) else str(value)
