"""Words by which a message apologises: evidence for the apologise step. SEMANTICS 5.3.

What only regrets politely on the way to a request is left out: `恐れ入ります`, `excuse me`, `pardon my ...`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from playbook_engine.policy.fold import fold

APOLOGIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ja": (
            "申し訳",
            "申しわけ",
            "もうしわけ",
            "お詫び",
            "おわび",
            "詫び申し",
            "謝罪",
            "陳謝",
            "すみません",
            "すいません",
            "ごめん",
            "失礼いたしました",
            "失礼致しました",
            "失礼しました",
            "ご迷惑をおかけし",
            "ご迷惑をお掛けし",
            "ご迷惑おかけし",
            "ご不便をおかけし",
            "ご不便をお掛けし",
        ),
        "en": (
            "sorry",
            "apologise",
            "apologises",
            "apologised",
            "apologising",
            "apologize",
            "apologizes",
            "apologized",
            "apologizing",
            "apology",
            "apologies",
            "regret",
            "regrets",
            "forgive us",
            "forgive me",
        ),
        "de": (
            "entschuldigung",
            "entschuldigen",
            "entschuldige",
            "tut uns leid",
            "tut mir leid",
            "tut es uns leid",
            "tut uns sehr leid",
            "tut mir sehr leid",
            "bedauern",
            "bedaure",
            "verzeihung",
            "verzeihen",
            "sorry",
        ),
        "fr": (
            "désolé",
            "désolée",
            "désolés",
            "désolées",
            "excuses",
            "excusez-nous",
            "excusez-moi",
            "navré",
            "navrée",
            "navrés",
            "navrées",
            "regrettons",
            "regrette",
            "pardon",
        ),
        "es": (
            "lo siento",
            "lo sentimos",
            "sentimos mucho",
            "disculpa",
            "disculpas",
            "disculpe",
            "disculpen",
            "perdón",
            "perdone",
            "perdona",
            "lamentamos",
            "lamento",
        ),
        "zh": ("抱歉", "对不起", "對不起", "道歉", "致歉", "歉意", "不好意思", "见谅", "見諒", "请原谅", "請原諒"),
        "ko": ("죄송", "미안", "사과드", "사과 드", "사과의 말씀", "사과 말씀", "사과합니다", "송구", "용서"),
    }
)
"""By language, each in its folded form. Scripts without spaces and Korean are searched for anywhere, others for
whole words."""

_ANYWHERE = ("ja", "zh", "ko")


@cache
def _searcher(languages: tuple[str, ...]) -> re.Pattern[str]:
    whole = "|".join(re.escape(word) for name in languages if name not in _ANYWHERE for word in APOLOGIES[name])
    inside = "|".join(re.escape(word) for name in languages if name in _ANYWHERE for word in APOLOGIES[name])
    parts = [rf"(?<![^\W_])(?:{whole})(?![^\W_])"] if whole else []
    return re.compile("|".join([*parts, inside] if inside else parts))


def apologises(text: str, lang: str = "") -> bool:
    """Whether the text has a word of apology of its language; of any language where its own has no list.

    `lang` is a language tag: of `de-AT` the list of `de` is taken.

    >>> apologises("ご不便をおかけし、申し訳ございません", "ja"), apologises("恐れ入りますが", "ja")
    (True, False)
    """
    own = lang.partition("-")[0].casefold()
    return _searcher((own,) if own in APOLOGIES else tuple(APOLOGIES)).search(fold(text)) is not None
