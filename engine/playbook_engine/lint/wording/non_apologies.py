"""Words that take an apology back, or argue instead of apologising.

The kinds are those of E. Battistella, Sorry About That (Oxford, 2014): apologies on a condition, for feelings, without
anybody who did it, with a justification. Which words stand here is our own judgment. What ordinary polite sentences say
is left out: `any inconvenience`, `ご了承ください`, `恐れ入りますが`.
"""

from __future__ import annotations

from playbook_engine.lint.wording.phrase import phrases

_IF = "is sorry on a condition, as if nothing had happened"
_FEEL = "is sorry for what the customer feels, not for what we did"
_BLAME = "puts it down to the customer"
_EXCUSE = "is an excuse"
_POLICY = "argues with our own rules"
_PASSIVE = "names nobody who did it"
_TALKS_DOWN = "talks down to the customer"
_SORRY = r"\b(?:sorry|apologi[sz]e|apologies|regret)"
_OF_US = r"(?:弊社|当社|当店|私ども|私共|我々|わたくしども)"
_THAN = r"(?:たら|なら|れば|とすれば|としたら|のであれば|場合は?)"
_SORRY_JA = r"[、,]?(?:大変|誠に|心より|心から|深く)?(?:申し訳|お詫び|おわび|すみません|ごめん|失礼)"

NON_APOLOGIES = (
    *phrases(
        "en",
        _IF,
        rf"{_SORRY},? if\b(?! you (?:need|want|would|wish|prefer)\b)",
        rf"{_SORRY} (?:to|for|about) (?:anyone|anybody|those|everyone) (?:who|that) (?:was|were|felt|feels?)\b",
        r"\bif (?:anyone|anybody|you) (?:was|were|felt|feels?|have been) (?:offended|upset|hurt|misled)\b",
    ),
    *phrases(
        "en",
        _FEEL,
        rf"{_SORRY} (?:that )?you(?:'re| are)? (?:feel|felt|feeling|think|thought|see it|saw it|find it|took)\b",
        rf"{_SORRY} (?:for|about) (?:the way you|how you|any offen[cs]e|(?:the|any) misunderstanding)\b",
    ),
    *phrases(
        "en",
        _BLAME,
        r"\byou (?:must|may|might) have misunderstood\b",
        r"\byou(?:'ve| have) misunderstood\b",
        r"\bmisunderstanding on your (?:part|side)\b",
        r"\byou (?:should|could) have (?:read|checked|known|told|contacted|noticed|asked|followed|kept)\b",
        r"\byou failed to\b",
        r"\bif you had (?:only )?(?:read|checked|followed|told|contacted)\b",
        r"\b(?:is|was) (?:entirely |purely )?your (?:own )?(?:fault|mistake|error)\b",
    ),
    *phrases(
        "en",
        _EXCUSE,
        r"\b(?:is|was)(?: not|n't) (?:entirely )?(?:our|my) fault\b",
        r"\bwe (?:are|were) not (?:to blame|at fault|responsible)\b",
        r"\bwe (?:did|have done) nothing wrong\b",
        r"\bnothing we could (?:have done|do)\b",
        r"\b(?:beyond|outside|out of) our control\b",
        r"\bout of our hands\b",
        r"\bforce majeure\b",
        r"\b(?:was|were) (?:never|not) (?:our|my) intention\b",
        r"\b(?:we|i) (?:did not|didn't|never) (?:intend|mean|meant) to (?:offend|upset|mislead|hurt)\b",
        rf"{_SORRY},? but (?:you|it's not|it is not|it was not|it wasn't|this is not|we cannot be|we can't be)\b",
    ),
    *phrases("en", _PASSIVE, r"\b(?:mistakes|errors) were made\b"),
    *phrases(
        "en",
        _POLICY,
        r"\b(?:as )?(?:stated|written|explained) in our (?:policy|policies|terms|conditions)\b",
        r"\bper our (?:policy|policies|terms)\b",
        r"\bour policy (?:clearly )?(?:states|says)\b",
        r"\bcompany policy\b",
    ),
    *phrases(
        "en",
        _TALKS_DOWN,
        r"\bas (?:we|i)(?:'ve| have)? (?:already|previously) (?:told|said|explained|mentioned|stated)\b",
        r"\bas (?:already|previously) (?:explained|mentioned|stated)\b",
        r"\bcalm down\b",
        r"\bwith all due respect\b",
        r"\byou (?:have to|must|need to) understand\b",
    ),
    *phrases("ja", "says that the customer misunderstood", r"誤解を(?:招|与え|生(?:む|み|ん|じ))"),
    *phrases(
        "ja",
        _IF,
        r"(?:不快|不愉快)(?:な思いを|に|と)?(?:思わ|感じ|お感じ|され)[^。]{0,6}(?:方|お客様|皆様)(?:が|に|へ)",
        rf"(?:気分|お気持ち|感情)を(?:害|損|傷つけ)[^。]{{0,8}}{_THAN}",
        rf"(?:不快|不愉快|ご迷惑|ご不便)[^。]{{0,12}}{_THAN}{_SORRY_JA}",
        rf"(?:もし|仮に)[^。！？!?]{{0,30}}{_THAN}{_SORRY_JA}",
    ),
    *phrases("ja", "regrets without apologising", r"遺憾(?:に|で)"),
    *phrases(
        "ja",
        _BLAME,
        r"お?客様(?:側)?の(?:ご)?(?:勘違い|思い違い|思い込み|誤解|誤操作|操作ミス|確認不足|不注意|責任|過失|ミス|せい)",
    ),
    *phrases(
        "ja",
        _EXCUSE,
        rf"{_OF_US}(?:に|には|の)(?:責任|落ち度|過失|非|ミス)(?:は|では|も)(?:一切|まったく|全く)?(?:な|あり|ござい)",
        r"(?:つもり|意図|悪気|悪意)(?:は|では)(?:まったく|全く|一切|決して)?(?:な[いくか]|ありま|ございま)",
        r"不可抗力",
        r"(?:やむを得(?:ない|ぬ)|やむをえない|致し方のない)(?:事情|理由)",
    ),
    *phrases(
        "ja",
        "passes the buck",
        r"(?:配送業者|運送会社|宅配業者|メーカー|製造元|委託先)(?:側)?の(?:責任|ミス|都合|せい|不手際)",
    ),
    *phrases(
        "ja", _POLICY, r"(?:規約|約款|規定|ポリシー)に(?:も)?(?:記載|明記|書いて|定めて)", r"(?:規約|規定|約款)上"
    ),
    *phrases(
        "ja",
        _TALKS_DOWN,
        r"(?:先日|先ほど|以前|前回|何度|再三)(?:も|にも)?(?:申し上げ|お伝え|ご説明)(?:し|いたし|致し)?(?:た|ました)?(?:とおり|通り)",
    ),
)
