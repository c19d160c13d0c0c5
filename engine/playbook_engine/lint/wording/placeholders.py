"""What people leave in a text to fill in later, and what nobody should ever be sent. Our own judgment."""

from __future__ import annotations

from playbook_engine.lint.wording.phrase import phrases

_LATER = "is a note to fill something in"
_BLANK = "is a blank that nobody filled in"
_SAMPLE = "is sample text"
_THINGS = (
    r"(?:your |the |customer(?:'s)? |first |last |company |agent )?(?:name|order(?: number)?|number|date|time|link|url"
    r"|company|product|department|reason|amount|email|phone)"
)

UNMISTAKABLE = (
    *phrases("", _LATER, r"(?-i:(?<![A-Za-z])(?:TODO|FIXME|TBC|TBD) ?[:：])", r"(?-i:(?<![A-Za-z])FIXME(?![A-Za-z]))"),
    *phrases("", _SAMPLE, r"\blorem ipsum\b", r"\basdf(?:asdf|jkl)?\b"),
    *phrases(
        "", _BLANK, r"[〇○◯]{2,}", rf"\[{_THINGS}\]", rf"<{_THINGS}>", r"\[insert [^\]]*\]", r"%(?:NAME|DATE|ORDER)%"
    ),
    *phrases("en", _LATER, r"(?-i:\bTODO\b)"),
    *phrases("ja", _LATER, r"(?-i:(?<![A-Za-z])TODO(?![A-Za-z]))"),
)
"""A customer could never be meant to read these."""

LIKELY = (
    *phrases("", _BLANK, r"[×✕✖]{2,}", r"[△▲□■●＿]{2,}", r"_{3,}", r"(?-i:\bX{3,}\b)", r"(?-i:\bx{3,}\b)"),
    *phrases(
        "en",
        _LATER,
        r"(?-i:\bTBD\b)",
        r"\bto be (?:written|decided|confirmed|filled in)\b(?= ?[.\])]|$)",
        r"\bplaceholder\b",
        r"\binsert here\b",
    ),
    *phrases("en", _SAMPLE, r"\b(?:dummy|sample) text\b", r"\bfoo ?bar\b"),
    *phrases(
        "ja",
        _LATER,
        r"(?-i:(?<![A-Za-z])TBD(?![A-Za-z]))",
        r"ここに[^。]{0,12}(?:記入|入力|挿入|書く|入れる)",
        r"(?:文面|文言|内容)(?:は)?(?:未定|検討中|調整中|要確認)",
        r"[（(【\[](?:仮|要確認|未定|後で)[）)】\]]",
    ),
    *phrases("ja", _SAMPLE, r"(?:ダミー|サンプル)(?:文|テキスト|の文)", r"ほげ"),
)
"""Nearly always left over."""
