"""What secrets look like: the shapes that well-known services publish, and the names that people give them.

The shapes are those that the services document: https://docs.github.com/code-security/secret-scanning,
https://docs.gitlab.com/security/tokens/, https://docs.stripe.com/keys, the unique identifiers of AWS IAM,
https://docs.slack.dev/authentication/tokens, RFC 7468 and RFC 7519. The names and the bound of entropy are our own.
"""

from __future__ import annotations

import re

_SHAPES = {
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})",
    "a GitLab token": r"\bgl(?:pat|dt|rt|ptt|soat)-[A-Za-z0-9_-]{20,}",
    "a Slack token": r"\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bxapp-[0-9]-[A-Za-z0-9-]{10,}",
    "a Slack webhook": r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    "a Discord webhook": r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[0-9]{10,}/[A-Za-z0-9_-]{20,}",
    "a Teams webhook": r"https://[\w.-]+\.webhook\.office\.com/\S{30,}",
    "a Stripe key": r"\b[sr]k_live_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{24,}",
    "a Google API key": r"\bAIza[A-Za-z0-9_-]{35}",
    "a Twilio key": r"\bSK[0-9a-f]{32}\b",
    "a SendGrid key": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}",
    "a Telegram bot's token": r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}",
    "an X bearer token": r"\bAAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{40,}",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "an OpenAI or Anthropic key": r"\bsk-(?=[A-Za-z_-]*[0-9])(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{32,}",
    "a signed web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a password in an address": r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'{}$]+:[^\s/@\"'{}$]+@",
}

SHAPES = re.compile("|".join(f"(?P<s{number}>{shape})" for number, shape in enumerate(_SHAPES.values())))
"""Any of the shapes; the name of the group that matched gives its place in `KINDS`."""

KINDS = tuple(_SHAPES)
"""What each shape is, in the order of the groups of `SHAPES`."""

SECRET_KEYS = re.compile(
    r"(?:^|[_\-.])(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key"
    r"|client[_-]?secret|authorization|bearer|credentials?)$|^(?:パスワード|暗証番号|秘密鍵)$",
    re.IGNORECASE,
)
"""Names of keys whose value is a secret."""

SECRET_QUERY = re.compile(
    r"[?&](?:[a-z_\-]*(?:token|secret|apikey|api_key|password|sig|signature))=([^&\s${}]{8,})", re.IGNORECASE
)
"""A parameter of an address whose value is a secret; the group is the value."""

DENSE = re.compile(r"[A-Za-z0-9+/=_\-]{32,}")
"""A long run without spaces, as keys are."""

LEAST_ENTROPY = 4.2
"""Bits a character: random base64 of 32 characters has about 4.4, names and paths in English below 4."""
