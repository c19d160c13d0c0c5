"""Tones that do not fit a fault, and signs of laughter. Our own judgment; `tone` is a free word of the playbook."""

from __future__ import annotations

from playbook_engine.lint.wording.phrase import phrases

LIGHT = frozenset(
    {
        *("breezy", "casual", "cheerful", "cheery", "comic", "excited", "festive", "flippant", "fun", "funny", "gif"),
        *("humor", "humorous", "humour", "ironic", "jokey", "joking", "light", "lighthearted", "light-hearted", "meme"),
        *("party", "playful", "sarcastic", "silly", "snarky", "witty"),
        *("明るい", "明るく", "陽気", "軽い", "軽快", "カジュアル", "ユーモア", "冗談", "お茶目", "楽しい", "くだけた"),
        *("フランク", "ゆるい", "元気", "皮肉"),
    }
)
"""Words of `tone`."""

LAUGHTER = (
    *phrases(
        "",
        "laughs",
        "[\U0001f600-\U0001f60e\U0001f61b-\U0001f61d\U0001f638\U0001f639\U0001f923\U0001f92a\U0001f973]",
        "[\U0001f389\U0001f38a\U0001f37b\U0001f382\U0001f57a\U0001f483]",
        r"[（(]笑[）)]",
        r"\b(?:lol|lmao|rofl|(?:ha){2,}|(?:he){2,})\b",
        r"[:;]-?[)D](?!\w)",
        r"\bwww+\b(?!\.)",
        r"\^_\^|\^\^",
    ),
    *phrases("en", "jokes", r"\b(?:oops(?:ie)?|whoops(?:ie)?|uh-oh|yikes|my bad)\b"),
    *phrases("ja", "jokes", r"てへ(?:ぺろ)?", r"(?:やっちゃ|うっかりしちゃ)", r"笑笑", r"草(?:。|！|!|$)"),
)
