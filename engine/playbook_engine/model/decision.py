"""What one event does to one incident."""

from __future__ import annotations

from msgspec import Struct

from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident


class Note(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that came about: what `run` sums up and a report counts.

    `kind` is one of `NOTE_KINDS`. Instants are ms UTC: `at` when it came about, `since` and `deadline` of
    the duty it speaks of. `after` (ms) is how long the customer had waited.
    """

    kind: str
    at: int
    step: str = ""
    round: int = 0
    department: str = ""
    since: int | None = None
    deadline: int | None = None
    after: int | None = None
    level: str = ""
    person: str = ""
    by: str = ""
    subject: str = ""
    because: str = ""


NOTE_KINDS = (
    "incident-opened",
    "incident-reopened",
    "incident-merged",
    "stage",
    "department",
    "duty-opened",
    "duty-tightened",
    "duty-moved",
    "duty-met",
    "duty-late",
    "duty-breached",
    "breach-withdrawn",
    "duty-waived",
    "duty-paused",
    "duty-resumed",
    "first-reply",
    "level",
    "delivery",
    "draft-asked",
    "draft-granted",
    "draft-refused",
    "draft-expired",
    "draft-stale",
    "draft-denied",
    "held",
    "released",
    "silent",
    "cancelled",
    "suppressed",
    "undecided",
    "remedy",
    "echo",
    "parked",
    "noted",
)


class Because(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What decided it: the ids of the rows that matched, first to last, and whether machines had to be silent."""

    ignore: str = ""
    reason: str = ""
    classify: tuple[str, ...] = ()
    facts: dict[str, FactValue] = {}
    route: str = ""
    target: str = ""
    respond: str = ""
    human_only: bool = False
    rules: tuple[str, ...] = ()


class Decision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The incident after the event, and everything that follows from it.

    `cancels` names deliveries that must not leave any more. `binds` are threads that lead to this incident
    from now on. `marks` are the modes this message counts for. `emits` are events of the engine's own for
    other incidents, taken in within the same transaction.
    """

    incident: Incident
    event: str
    type: str
    now: int
    policy: str = ""
    because: Because = Because()
    notes: tuple[Note, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    cancels: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    emits: tuple[Event, ...] = ()
