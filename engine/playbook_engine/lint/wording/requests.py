"""Words that ask a customer for what others should not read, and words that lead somewhere private.

Our own judgment.
"""

from __future__ import annotations

from playbook_engine.lint.wording.phrase import phrases

_DATA = (
    r"(?:(?:order|booking|reservation|account|customer|tracking|phone|telephone|mobile|ticket|membership|passport"
    r"|card) (?:number|no\.?|code|id|reference)|(?:e-?mail|postal|home|delivery|street) address|your address"
    r"|full name|date of birth|birthday|phone|postcode|zip code|booking reference|contact details|password)"
)
_GIVE = r"(?:send|tell|give|share|provide|reply with|post|let us (?:know|have)|confirm|include|state|message)"
_DATA_JA = (
    r"(?:ご?(?:注文|予約|会員|お客様|電話|携帯|受付|カード|追跡|伝票|口座)番号|お電話番号|ご?住所|メールアドレス"
    r"|お名前|ご?氏名|生年月日|郵便番号|ご?連絡先|パスワード|暗証番号)"
)
_GIVE_JA = (
    r"(?:お知らせ|お教え|教えて|お聞かせ|お送り|送って|ご記入|ご返信|ご連絡|ご提示|ご入力|お伝え|ご明記|記載して|ご記載)"
    r"(?:いただ|頂|くださ|下さ|願|をお願い|お願い|ませ)"
)

PERSONAL = phrases(
    "",
    "identifies a customer",
    _DATA,
    _DATA_JA,
    r"^(?:your |the |customer(?:'s)? |first |last |given )?(?:name|address|e-?mail)\b",
    r"\b(?:medical|bank details)\b",
    r"病(?!院)|口座|顔写真",
)
"""What `asks_for` may name that others should not read."""

REQUESTS = (
    *phrases(
        "en",
        "asks for what others should not read",
        rf"\b{_GIVE} (?:to )?(?:us |me )?(?:with )?(?:your|the|an?|their)? ?{_DATA}",
        rf"\b(?:what is|what's|may we have|may we ask for|could you|can you|could we|can we) [^.!?]{{0,24}}{_DATA}",
    ),
    *phrases(
        "ja",
        "asks for what others should not read",
        rf"{_DATA_JA}(?:と|や|、|・|を|も|について|など)[^。？?]{{0,24}}{_GIVE_JA}",
    ),
)

PRIVATE_WAYS = (
    *phrases(
        "",
        "leads to a direct message",
        r"(?<![A-Za-z])DMs?(?![A-Za-z])",
        r"ダイレクトメッセージ",
        r"\{\{ ?link[.\[]",
        r"https?://",
    ),
    *phrases(
        "en",
        "leads to a direct message",
        r"\b(?:direct|private) messages?\b",
        r"\bmessage us privately\b",
        r"\bin private\b",
        r"\bby (?:e-?mail|phone)\b",
        r"\bcall us\b",
    ),
    *phrases(
        "ja",
        "leads to a direct message",
        r"メッセージ(?:にて|で|を|から|機能)",
        r"メールにて",
        r"お電話(?:にて|で|を)",
        r"非公開",
    ),
)
