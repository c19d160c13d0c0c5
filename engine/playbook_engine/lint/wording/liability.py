"""Words by which a company says that it is liable, which its lawyers want to read first. Our own judgment.

An apology is not among them: in many places the law says that it admits nothing, as in section 2 of the Compensation
Act 2006 (England and Wales).
"""

from __future__ import annotations

from playbook_engine.lint.wording.phrase import phrases

_ADMITS = "admits liability"
_PAYS = "promises compensation"

ADMISSIONS = (
    *phrases(
        "en",
        _ADMITS,
        r"\b(?:is|was|were|through|due to|because of|by) our (?:own )?(?:fault|negligence|carelessness)\b",
        r"\bwe (?:were|have been|are) (?:negligent|careless|liable|at fault|to blame)\b",
        r"\bwe (?:accept|take|admit|bear) (?:full |all |complete |legal )*(?:liability|responsibility|blame|fault)\b",
        r"\bwe (?:broke|violated|breached) (?:the law|our (?:duty|contract|obligations?))\b",
        r"\bwe (?:caused|are the cause of) (?:your|the|this) (?:injur|accident|harm|damage)",
    ),
    *phrases(
        "en",
        _PAYS,
        r"\b(?:we(?:'ll| will)|you(?:'ll| will)) (?:fully )?(?:be )?compensated?\b",
        r"\bpay (?:your )?(?:damages|medical (?:bills|costs|expenses))\b",
    ),
    *phrases(
        "ja",
        _ADMITS,
        r"(?:弊社|当社|当店|私ども|私共)の(?:過失|責任|落ち度|不注意|手落ち|ミス)(?:で(?!は)|により|によって|です|でござい|が原因)",
        r"(?:全|法的)?責任(?:を|が)(?:認め|負い|負う|取り|とり|取ら|とら)",
        r"(?:全面的に|全て|すべて)(?:弊社|当社|当店)(?:に|の)(?:非|責任)",
        r"過失を認め",
    ),
    *phrases(
        "ja",
        _PAYS,
        r"(?:損害)?賠償(?:を)?(?:いた|致|し|させ|金)",
        r"(?:治療費|医療費|慰謝料|損害)(?:は|を|の)[^。]{0,10}(?:負担|お支払|補償|弁償|賠償)",
        r"補償(?:を)?(?:いたします|致します|させていただ)",
    ),
)

RESERVED = frozenset(
    {
        *("accident", "accidents", "court", "fire", "hurt", "injured", "injuries", "injury", "lawsuit", "lawyer"),
        *("legal", "liability", "litigation", "medical", "police", "safety", "sue"),
        *(
            "事故",
            "怪我",
            "けが",
            "ケガ",
            "訴訟",
            "弁護士",
            "法務",
            "法律",
            "安全",
            "健康被害",
            "火災",
            "警察",
            "裁判",
            "やけど",
        ),
    }
)
"""Names of facts' values that stand for matters which lawyers answer for."""
