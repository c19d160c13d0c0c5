"""A `#` cuts a text off.

What it finds
A text that is not in quotes and is followed by a blank and a word with `#`: a hashtag to people, a comment to YAML.

Why it matters
The customer would get the text up to the hash. Nothing else shows it: what is left is a whole sentence often enough.

Avoid
```yaml
templates:
  thanks:
    ja: 写真は #すずらん でお寄せください。
    en: Thank you for your picture.
```

Prefer
```yaml
templates:
  thanks: {ja: "写真は #すずらん でお寄せください。", en: "Thank you, friend."}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB007", "hash-truncation", "error", loads=("hash-truncation",), profile="draft")
