"""Reports to be shown: one with every kind of thing in it, and one of a playbook that means harm.

They stand on files and rules of their own, so that what is kept of them changes only when a format does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from playbook_engine.lint.finding import Edit, Finding, Fix, Related
from playbook_engine.lint.report import Linted, Report, Suppressed
from playbook_engine.lint.rule import Rule
from playbook_engine.model.span import Span

SOCIAL = """\
playbook: suzuran
timezone: Asia/Tokyo
departments:
  お客様係: {name: お客様係, calendar: desk}
route:
  - {id: refund-small, when: {author.followers: {lte: 999}}, to: お客様係}
  - {id: refund-influencer, when: {author.followers: {gte: 1000}}, to: お客様係}
  - {id: 返金-vip, when: {vip: true}, to: suport}
  - {id: 🍵-tea, when: {text: {contains: 🍵🍵}}, to: tee}
"""
LADDERS = """\
escalations:
  standard:
    - {id: warn, at: 75%, notify: lead}
    - {id: lead, at: 100%, notify: warn}
templates:
  sorry: {ja: ご不便をおかけし、申し訳ありません。, en: We are sorry if you feel that way.}
  古い返事: {ja: ありがとうございます。}
"""

PAGE = """{title}

What it finds
A row of `route` that names a department which stands under no such name.

Why it matters
Messages would be given to nobody:
- no person is told,
- no promise is kept.

Avoid
```yaml
route:
  - {{id: rest, when: always, to: cera}}
```

Prefer
```yaml
route:
  - {{id: rest, when: always, to: care}}
```
"""


def rule(code: str, name: str, severity: str, title: str, **more: Any) -> Rule:
    return replace(Rule(code, name, severity, loads=(name,), doc=PAGE.format(title=title)), **more)


RULES = (
    rule("PB104", "unknown-department", "error", "A department that does not exist is named."),
    rule("PB110", "unused-definition", "warning", "Something is defined and never used.", tier="X"),
    rule("PB401", "escalation-loop", "error", "A ladder leads back to where it begins."),
    rule("PB503", "rule-shadowed", "error", "Rows before it take everything that a row takes.", confidence="proven"),
    rule("PB605", "non-apology", "warning", "An apology doubts the harm.", confidence="heuristic", profile="audit"),
    rule("PB803", "regex-in-disguise", "info", "A pattern is a text in disguise."),
    replace(Rule("acme-1", "tone-of-voice", "info", loads=("acme-1",)), origin="acme 1.0"),
)


def at(line: int, text: str, file: str = "social") -> Span:
    """Where a text stands in a line of a file."""
    column = (SOCIAL if file == "social" else LADDERS).splitlines()[line - 1].index(text) + 1
    return Span(f"suzuran/{file}.yaml", line, column, column + len(text))


def found(code: str, message: str, span: Span, **more: Any) -> Finding:
    """A finding of one of the rules."""
    of = next(each for each in RULES if each.code == code)
    said = Finding(code, of.name, of.severity, of.confidence, message, span)
    return replace(said, fingerprint=f"{code.lower().replace('-', ''):0<32}", **more)


FINDINGS = (
    found(
        "PB503",
        "row can never win: earlier rows take every event it matches",
        at(8, "返金-vip"),
        help="move it above `refund-small`",
        related=(
            Related(at(6, "refund-small"), "takes some of them", "route.refund-small"),
            Related(at(7, "refund-influencer"), "takes the rest", "route.refund-influencer"),
        ),
        path=("route", 2),
        node="route.返金-vip",
        owner="お客様係",
        evidence=("minimal blocking set: `refund-small`, `refund-influencer`; without either it can win",),
        fix=Fix(
            "move `返金-vip` above `refund-small`",
            (
                Edit(
                    "suzuran/social.yaml",
                    (6, 1),
                    (6, 1),
                    "  - {id: 返金-vip, when: {vip: true}, to: suport}\n",
                ),
                Edit("suzuran/social.yaml", (8, 1), (9, 1), ""),
            ),
            safe=False,
        ),
    ),
    found(
        "PB104",
        "no department is called `suport`",
        at(8, "suport"),
        help="write the name of a department",
        path=("route", 2, "to"),
        node="route.返金-vip",
        owner="community-lead",
        legal=("お客様係", "support-eu"),
        nearest="support-eu",
    ),
    found(
        "PB803",
        "`🍵🍵` needs no pattern",
        at(9, "🍵🍵"),
        node="route.🍵-tea",
        fix=Fix("write `tea`", (Edit("suzuran/social.yaml", (9, 41), (9, 43), "tea"),)),
    ),
    found(
        "PB104",
        "no department is called `tee`",
        at(9, "tee"),
        node="route.🍵-tea",
        related=(Related(at(9, "🍵-tea"), "in this row", "route.🍵-tea"),),
    ),
    found(
        "PB401",
        "the levels `warn` and `lead` tell each other",
        at(3, "warn", "ladders"),
        help="let one of them tell a person",
        related=(
            Related(at(4, "lead", "ladders"), "`warn` tells `lead`", "escalations.standard.lead"),
            Related(at(3, "warn", "ladders"), "`lead` tells `warn` again", "escalations.standard.warn"),
            Related(at(4, "お客様係"), "nobody of these is reached", "departments.お客様係"),
        ),
        node="escalations.standard.warn",
        owner="community-lead",
        evidence=("Fri 2026-12-25 17:00: `warn` tells `lead`", "Fri 2026-12-25 18:00: `lead` tells `warn`"),
        flow=True,
    ),
    found(
        "PB110",
        "the template `古い返事` is never used",
        at(7, "古い返事", "ladders"),
        help="use it, or take it out of `templates`",
        node="templates.古い返事",
        owner="community-lead",
        fix=Fix("take it out", (Edit("suzuran/ladders.yaml", (7, 1), (8, 1), ""),)),
    ),
)

NON_APOLOGY = found(
    "PB605",
    "“sorry if you feel” doubts the harm",
    at(6, "sorry if you feel", "ladders"),
    node="templates.sorry",
    owner="community-lead",
    evidence=("We are sorry if you feel that way.",),
)

SUPPRESSED = Suppressed(
    NON_APOLOGY,
    "Legal wording fixed, LEG-221",
    "j.ito",
    date(2026, 12, 4),
    at(5, "templates", "ladders"),
)

SAMPLE = Report(
    FINDINGS,
    {
        "suzuran/social.yaml": tuple(SOCIAL.splitlines()),
        "suzuran/ladders.yaml": tuple(LADDERS.splitlines()),
        "suzuran/empty.yaml": ("# nothing here yet",),
    },
    RULES,
    "audit",
    "0.1.0",
    (
        Linted(
            "suzuran",
            "4c1e8f2ab39d07c65e10a7f4d2c98b3650fe17ad4478c2be901d35a6ee7b0f42",
            ("suzuran/social.yaml", "suzuran/ladders.yaml", "suzuran/empty.yaml"),
        ),
    ),
    frozenset(each.code for each in RULES if each.code != "acme-1"),
    1_795_600_000_000,
    suppressed=(SUPPRESSED,),
)

EMPTY = replace(SAMPLE, findings=(), suppressed=())

HARMFUL = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)> | `tick` `` ``` **bold** [click](https://evil.example)"
    " @everyone #1 www.evil.example http://evil.example &lt; &#60; \"quoted\" 'single' ]]> --> <!-- %0A %s {0}"
    " \x1b[31mred \x07 \x00 \u202eesrever\u202c \u2066x\u2069 \ufeff \u2028 ::error::gotcha ::add-mask::x ##[error]y"
    " \r\n::error file=x::injected\n::stop-commands::now 🍵 \ud800 \ufffe"
)

HOSTILE = replace(
    SAMPLE,
    findings=tuple(
        replace(
            each,
            name=each.name,
            message=HARMFUL,
            help=HARMFUL,
            node=HARMFUL,
            owner=HARMFUL,
            evidence=(HARMFUL, "```\n</details>\n```"),
            legal=(HARMFUL,),
            nearest=HARMFUL,
            span=replace(each.span, file="a,b:c|<i>`.yaml"),
            related=(Related(Span("a,b:c|<i>`.yaml", 2), HARMFUL, HARMFUL),),
            fix=Fix(HARMFUL, (Edit("a,b:c|<i>`.yaml", (1, 1), (2, 3), HARMFUL),)),
        )
        for each in FINDINGS
    ),
    lines={"a,b:c|<i>`.yaml": tuple([f"x: {HARMFUL}".replace("\n", " ").replace("\r", " ")] * 9)},
    playbooks=(Linted(HARMFUL, "", ("a,b:c|<i>`.yaml",)),),
    suppressed=(replace(SUPPRESSED, reason=HARMFUL, by=HARMFUL),),
    show_suppressed=True,
)
