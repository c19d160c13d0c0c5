"""More replies are promised than the platform takes.

What it finds
`limits` of `send` that let an account, or all accounts of a platform together, send more in some stretch of time than
the platform takes by its published figures. A plugin may give other figures. Direct messages have limits of their own,
which a playbook's `limits` cannot tell from posts; only posts are compared.

Why it matters
What is over the platform's limit is refused on the day on which everybody writes at once, and people who want to answer
by hand are refused with it.

Avoid
```yaml
limits:
  - {id: one-account, of: send, per: account, max: 200, in: 15m, then: hold}
```

```yaml
limits:
  - {id: one-platform, of: send, per: platform, max: 500, in: 1h, then: hold}
```

Prefer
```yaml
limits:
  - {id: one-account, of: send, per: account, max: 80, in: 15m, then: hold}
  - {id: one-platform, of: send, per: platform, max: 8000, in: 1d, then: hold}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.platforms import SendRate
from playbook_engine.policy.policy import Limit

WIDE = ("platform", "all")


def check(subject: Subject) -> Iterator[Found]:
    limits = [each for each in enumerate(subject.policy.limits) if each[1].action == "send"]
    by_platform: dict[str, int] = {}
    for account in subject.policy.accounts.values():
        by_platform[account.platform] = by_platform.get(account.platform, 0) + 1
    for platform, accounts in by_platform.items():
        for rate in subject.rates:
            if rate.platform == platform and rate.of == "posts":
                yield from _over(platform, rate, limits, accounts)


def _over(platform: str, rate: SendRate, limits: list[tuple[int, Limit]], accounts: int) -> Iterator[Found]:
    """At the limit that lets through the least, where even that is more than the platform takes."""
    together = accounts if rate.per == "app" else 1
    bounds = [
        (allowed(limit, rate.within) * (together if limit.per == "account" else 1), limit.per not in WIDE, index, limit)
        for index, limit in limits
        if limit.per in ("account", *WIDE)
    ]
    if not bounds or min(bounds)[0] <= rate.most:
        return
    most, _, index, limit = min(bounds, key=lambda bound: bound[:3])
    span = say_duration(rate.within)
    who = f"{accounts} accounts on {platform} together" if together > 1 else f"one account on {platform}"
    whose = "from one app" if rate.per == "app" else "from one account"
    per = "account" if rate.per == "account" else "platform"
    yield Found(
        ("limits", index, "max"),
        f"`{limit.id}` lets {who} send {most} in {span}; {platform} takes {rate.most} {whose}",
        f"lower it, or add a limit `of: send, per: {per}` with at most {rate.most} in {span}",
        evidence=(f"{platform}: {rate.most} posts in {span} {whose}, as of {rate.as_of}: {rate.source}",),
    )


def allowed(limit: Limit, within: int) -> int:
    """The most that a limit lets through in any stretch of `within` ms."""
    return limit.most * max(1, -(-within // limit.within))


RULE = Rule("PB712", "more-than-platform-allows", "warning", check, tier="X")
