"""How hard the tests on hostile input try: a little with every run, for as long as one likes with `PLAYBOOK_FUZZ`."""

from __future__ import annotations

import os

EXAMPLES = int(os.environ.get("PLAYBOOK_FUZZ", "50"))
"""Examples of each property."""
