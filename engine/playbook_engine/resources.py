"""Where the shipped schemas and playbooks lie, in a wheel and in a checkout alike."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def shipped(name: str) -> Traversable:
    """The folder `schemas` or `playbooks`: in the wheel, else in the checkout."""
    inside = files("playbook_engine") / name
    return inside if inside.is_dir() else Path(__file__).parents[2] / name
