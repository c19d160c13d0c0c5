"""The first message of a story of signs, as the small shop of `story.py` gets it."""

from __future__ import annotations

from playbook_engine.model.event import Author, Event
from story import at


def opening(text: str) -> Event:
    """A customer writes in public, on Monday at ten."""
    when = at("mon 10:00")
    return Event(
        source="test",
        id="e0",
        type="message.received",
        at=when,
        seen_at=when,
        text=text,
        channel="x",
        account="shop",
        person="cleo",
        lang="en",
        author=Author(handle="cleo", name="Cleo"),
    )
