"""Where the locked holidays of a playbook lie; apart from what reads them, which takes longer to load."""

from __future__ import annotations

LOCK_FILE = "holidays.lock.yaml"
