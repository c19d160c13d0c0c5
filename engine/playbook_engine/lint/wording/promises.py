"""Words that promise something to be done within a time. Our own judgment."""

from __future__ import annotations

from playbook_engine.lint.wording.phrase import phrases

_WHEN = (
    r"(?:within|in) (?:the next )?(?:[0-9]+|an?|one|two|three|five|seven|ten|few) (?:business |working )?"
    r"(?:minutes?|hours?|days?|weeks?)\b"
)
_WHEN_JA = r"[0-9０-９一二三四五六七八九十数]+(?:分|時間|日|営業日|週間)(?:以内|程度|ほど|中)?(?:に|で)"
_SAY = r"(?:call|contact|phone|ring|write|answer|reply|respond|get back|come back)"
_US = r"(?:we|someone|somebody|a person|a colleague)(?:'ll| will)"
MONEY, GOODS, WORD = "refund", "replacement", "answer"

PROMISES = (
    *phrases(
        "en",
        MONEY,
        rf"\brefund(?:ed|s)?\b[^.!?]{{0,40}} {_WHEN}",
        r"\b(?:we|you)(?:'ll| will)[^.!?]{0,20} (?:refund (?:you|it|the)|be refunded)\b",
        r"\byou(?:'ll| will)[^.!?]{0,20} receive (?:a|your) (?:full )?refund\b",
        r"\b(?:we|you)(?:'ll| will)[^.!?]{0,20} (?:pay you back|get your money back)\b",
    ),
    *phrases(
        "en",
        GOODS,
        rf"\b(?:send|ship|deliver|receive)[^.!?]{{0,20}} (?:replacement|new one)\b[^.!?]{{0,20}} {_WHEN}",
        r"\b(?:we|you)(?:'ll| will)[^.!?]{0,12} (?:send|ship|receive) (?:you )?(?:a|your) (?:replacement|new one)\b",
    ),
    *phrases(
        "en",
        WORD,
        rf"\b{_US}[^.!?]{{0,40}}{_SAY}[^.!?]{{0,30}} {_WHEN}",
        rf"\b{_SAY}[^.!?]{{0,30}} by \{{\{{ ?(?:reply|resolve)\.due ?\}}\}}",
    ),
    *phrases(
        "ja",
        MONEY,
        rf"{_WHEN_JA}[^。]{{0,12}}(?:返金|ご返金|払い戻|返還)(?:を)?(?:いた|致|し|させ)",
        r"(?:全額|代金)を?(?:ご)?(?:返金|払い戻)(?:し|い|)(?:いた|致|し|させて)?(?:します|いたします|ます)",
        r"(?:ご)?返金(?:を)?(?:いたします|致します|させていただきます)",
    ),
    *phrases(
        "ja",
        GOODS,
        r"(?:代替品|代わりの(?:商品|品)|新しい(?:商品|品))を[^。]{0,16}(?:お送り|お届け|発送)(?:いた|致|し)(?:します)?",
    ),
    *phrases(
        "ja",
        WORD,
        rf"{_WHEN_JA}[^。]{{0,16}}(?:ご連絡|お返事|ご返信|ご回答|お電話|お答え)(?:を)?(?:いた|致|し|差し上げ|申し上げ)",
        r"\{\{ ?(?:reply|resolve)\.due ?\}\}まで[^。]{0,30}(?:ご連絡|お返事|ご返信|ご回答|お電話|お答え)",
    ),
)
"""`why` is what is promised."""
