"""The language of a text, as far as its script tells: enough to answer in the customer's language.

A script that many languages share tells nothing: Latin letters give no language, and neither do Han characters
that both Chinese and Japanese write (`返金`).
"""

from __future__ import annotations

from playbook_engine.text.late import late

_READ = 2_000
"""Characters looked at."""

_UNTOLD = r"https?://[!-~]+|[@#][\w.\-]+"
"""Addresses, handles and tags are in no language."""

_TELLING = "[\u0370-\u11ff\u1780-\u17ff\u3041-\u318e\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f]"
_LATIN = "[A-Za-z\u00c0-\u024f]"
_HAN = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_KANA = "[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f]"
_FACES = "[ツヮヽノシﾉﾂｼ]"
"""Katakana that faces such as `¯\\_(ツ)_/¯` are made of."""

_CHINESE = (
    "[们你您吗呢吧这哪谁么说请谢钱货买卖问题订单还发为对时间东电话给让应该关态坏级过进运邮费员們嗎這麼說賣單讓壞沒]"
)
_JAPANESE = "[悪気円払戻対応発営県駅図込働枠壊広売読変検査遅効様価総辺歩毎験険録経済黒実転鉄帰続]"
"""Characters that only one of the two languages writes, the commonest of each."""

_SCRIPTS = {
    "ko": "[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]",
    "ru": "[\u0400-\u04ff]",
    "el": "[\u0370-\u03ff]",
    "hy": "[\u0531-\u058f]",
    "he": "[\u0591-\u05f4]",
    "ar": "[\u0600-\u06ff]",
    "hi": "[\u0900-\u097f]",
    "bn": "[\u0980-\u09ff]",
    "ta": "[\u0b80-\u0bff]",
    "te": "[\u0c00-\u0c7f]",
    "th": "[\u0e01-\u0e5b]",
    "lo": "[\u0e81-\u0edf]",
    "my": "[\u1000-\u109f]",
    "ka": "[\u10a0-\u10ff]",
    "km": "[\u1780-\u17ff]",
}
"""Scripts by the language that most people write in them."""

_CLOSER = (("ru", "uk", "[іїєґІЇЄҐ]"), ("ar", "fa", "[پچژگ]"))
"""Letters by which a neighbour in the same script is told."""


def detect(text: str) -> str:
    """An ISO 639-1 code, or "" where the script leaves it open.

    A Latin letter weighs a quarter of another, so that names of products do not hide the language around them.

    >>> detect("iPhone 15 Pro Maxが壊れた"), detect("환불해 주세요"), detect("Please refund"), detect("返金")
    ('ja', 'ko', '', '')
    """
    if text.isascii() or not late(_TELLING).search(text):
        return ""
    seen = late(_UNTOLD).sub(" ", text[:_READ])
    latin = len(late(_LATIN).findall(seen)) / 4
    kana = len(late(_KANA).findall(seen)) - (len(late(_FACES).findall(seen)) if latin else 0)
    han = len(late(_HAN).findall(seen))
    counts = {language: len(late(script).findall(seen)) for language, script in _SCRIPTS.items()}
    language = max(counts, key=lambda name: counts[name])
    if kana + han >= max(counts[language], 1):
        return _east_asian(seen, kana, han) if kana + han >= latin else ""
    return _closer(seen, language) if counts[language] >= max(latin, 1) else ""


def _east_asian(text: str, kana: int, han: int) -> str:
    if kana:
        return "ja"
    chinese, japanese = len(late(_CHINESE).findall(text)), len(late(_JAPANESE).findall(text))
    if chinese == japanese:
        return ""
    return "zh" if chinese > japanese else "ja"


def _closer(text: str, language: str) -> str:
    return next((near for own, near, letters in _CLOSER if own == language and late(letters).search(text)), language)
