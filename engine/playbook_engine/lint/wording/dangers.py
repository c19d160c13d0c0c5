"""Words in names of facts and their values that speak of what only people should answer. Our own judgment."""

from __future__ import annotations

GRAVE = (
    *(
        "injury",
        "injured",
        "hurt",
        "safety",
        "danger",
        "legal",
        "lawyer",
        "lawsuit",
        "minor",
        "child",
        "press",
        "self-harm",
    ),
    *("怪我", "けが", "負傷", "安全", "危険", "法務", "法的", "弁護士", "訴訟", "未成年", "報道", "取材", "自傷"),
)
"""Injury, danger, law, minors, press and self-harm, as facts are called in English and Japanese."""
