"""What platforms allow in one post and in a stretch of time, as they published it on the date given with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from playbook_engine.policy.durations import DAY, HOUR, MINUTE


@dataclass(frozen=True)
class PostLength:
    """How long one post may be.

    `counts` says what is counted: `weighted` (letters beyond `SINGLE_WEIGHTS` count two) or `graphemes` (what a
    reader takes for one character). An address counts `address` whatever its length, 0: as long as it is.
    `most_bytes` bounds the UTF-8 form as well, 0: not bounded. `source` and `as_of` say where the figures come from.
    """

    most: int
    counts: str
    source: str
    as_of: str
    address: int = 0
    most_bytes: int = 0


POST_LENGTHS: Mapping[str, PostLength] = MappingProxyType(
    {
        "x": PostLength(
            most=280,
            counts="weighted",
            address=23,
            source="https://github.com/twitter/twitter-text/blob/master/config/v3.json",
            as_of="2026-11-20",
        ),
        "mastodon": PostLength(
            most=500,
            counts="graphemes",
            address=23,
            source="https://docs.joinmastodon.org/user/posting/#text (the default; each server may allow more)",
            as_of="2026-11-20",
        ),
        "bluesky": PostLength(
            most=300,
            counts="graphemes",
            most_bytes=3_000,
            source="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json",
            as_of="2026-11-20",
        ),
    }
)


@dataclass(frozen=True)
class SendRate:
    """How many messages a platform takes: `most` in any `within` ms, from one `account` or from one `app`.

    `of` is posts (a reply is one) or direct. `source` and `as_of` say where the figures come from.
    """

    platform: str
    of: str
    most: int
    within: int
    per: str
    source: str
    as_of: str


_X_RATES = "https://docs.x.com/x-api/fundamentals/rate-limits"
_MASTODON_RATES = "https://docs.joinmastodon.org/api/rate-limits (the default; each server may set others)"
_BLUESKY_RATES = "https://docs.bsky.app/docs/advanced-guides/rate-limits (5,000 points an hour, 35,000 a day, 3 a post)"

SEND_RATES = (
    SendRate("x", "posts", 100, 15 * MINUTE, "account", _X_RATES, "2026-11-20"),
    SendRate("x", "posts", 10_000, DAY, "app", _X_RATES, "2026-11-20"),
    SendRate("x", "direct", 15, 15 * MINUTE, "account", _X_RATES, "2026-11-20"),
    SendRate("x", "direct", 1_440, DAY, "account", _X_RATES, "2026-11-20"),
    SendRate("mastodon", "posts", 300, 5 * MINUTE, "account", _MASTODON_RATES, "2026-11-20"),
    SendRate("bluesky", "posts", 1_666, HOUR, "account", _BLUESKY_RATES, "2026-11-20"),
    SendRate("bluesky", "posts", 11_666, DAY, "account", _BLUESKY_RATES, "2026-11-20"),
)
"""A plugin may give others, which then stand in place of all of a platform's."""

SINGLE_WEIGHTS = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that count one on X; all others count two. Same source."""

_GENERIC = """
academy aero agency ai app art asia auto bank beauty beer best bike biz blog boutique build business cafe camp
capital car care careers cars cash cat center chat church city clinic clothing cloud club coach codes coffee
college com community company computer construction consulting contact cool coop dance data dating deals delivery
dental design dev diet digital direct directory dog domains earth edu education email energy engineering events
exchange expert fan farm fashion finance fish fit fitness flights florist football forsale foundation fun fund
furniture gallery games garden gift gifts global gold golf gov graphics green group guide guru hair health help
history holiday horse hospital host hosting hotel house how immo inc info ink institute insurance int
international investments irish island jewelry jobs kaufen kitchen law lawyer legal life lighting link live llc
loan lol love ltd luxury maison management market marketing mba media memorial men menu mil mobi moda moe mom
money motorcycles movie museum music name net network news ngo ninja nyc observer one online org page paris
parts party pet pharmacy photo photography photos pics pictures pink pizza place plumbing plus poker press pro
productions promo properties pub quest race radio realty recipes red rehab rent rentals repair report rest
restaurant review reviews rich rip rocks rodeo run sale salon school schule science security select services
sexy shoes shop shopping show singles site ski skin soccer social software solar solutions space sport spot
storage store stream studio style supplies supply support surf surgery swiss systems tattoo tax taxi team tech
technology tel tennis theater tickets tips tires today tokyo tools top tours town toys trade trading training
travel tube university vacations ventures vet viajes video villas vin vip vision vote voyage watch weather
website wedding wien wiki win wine work works world wtf xxx xyz yoga zone
"""

GENERIC_DOMAINS = frozenset(_GENERIC.split())
"""Generic top-level domains in common use, out of https://data.iana.org/TLD/tlds-alpha-by-domain.txt."""

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd
cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge
gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh
ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw
mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb
sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug
uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""

COUNTRY_DOMAINS = frozenset(_COUNTRIES.split())
"""Top-level domains of countries; same source."""
