"""Signs of markup, and the channels that show them as they stand.

Bluesky, Instagram, LINE, Mastodon, mail as plain text, SMS, Threads and X publish no markup for posts; Slack and
YouTube have their own. Seen in the platforms' documentation in November 2026.
"""

from __future__ import annotations

import re

PLAIN = frozenset(
    {
        "bluesky",
        "chat",
        "email",
        "facebook",
        "form",
        "instagram",
        "line",
        "mastodon",
        "review",
        "reviews",
        "sms",
        "threads",
        "x",
    }
)
"""Channels on which markup is read as it stands. Slack shows its own `*bold*`, YouTube too."""

BOLD = re.compile(r"\*\*(?=\S)(?P<text>[^*\n]+?)(?<=\S)\*\*|(?<!\w)__(?=\S)(?P<under>[^_\n]+?)(?<=\S)__(?!\w)")
LINK = re.compile(r"\[(?P<text>[^\]\n]+)\]\((?P<address>[^)\s]+|\{\{[^}]*\}\})\)")
HTML = re.compile(
    r"</?(?:b|strong|i|em|u|p|br|a|div|span|ul|ol|li|h[1-6]|font|img|table|tr|td)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|#[0-9]{2,5});")
HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
CODE = re.compile(r"```|`[^`\n]+`")
ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
