"""Lines of the log on stderr, for people or for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


def log_to_stderr(form: str) -> None:
    """`form` is text or json. What libraries say below a warning is left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines() if form == "json" else _Text("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("playbook_engine").setLevel(logging.INFO)


class _Text(logging.Formatter):
    """One line each; of an exception its type, as `_Lines` has it."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        return super().format(plain) + (f" ({kind.__name__})" if kind is not None else "")


class _Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname.lower(), "from": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            # The message of an exception may quote what a customer wrote; its type does not.
            said["error"] = record.exc_info[0].__name__
        return json.dumps(said, ensure_ascii=False)
