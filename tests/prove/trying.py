"""How often the properties of the prover are tried."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

COUNT = os.environ.get("PLAYBOOK_PROOFS", "")
"""`PLAYBOOK_PROOFS=5000 pytest tests/prove` tries every property on so many playbooks, drawn anew each time."""

TRIED = settings(max_examples=int(COUNT or 10), phases=[Phase.generate] if COUNT else list(Phase))
"""Without a count a few are tried, and a failure is made small; that takes minutes, which a long run does not have."""
