"""Which hosts a plugin may call, so that no playbook and no customer can send us anywhere else.

A host that an operator wrote may be called: in the plugin's own settings, in `allow_hosts`, or named by the plugin's
code. See https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from playbook_engine.hookspecs import Secret, Undelivered
from playbook_engine.text.scalars import shown

_PORTS = {"http": 80, "https": 443}

# Whatever two readers of an address could take for different hosts is refused before either reads it.
_PLAIN = re.compile(r"https?://(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][!-\[\]-~]*)?")
_URL = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True)
class Hosts:
    """`exact` are (host, port); `named` are hosts at the usual ports; `below` are suffixes such as `.example.com`."""

    exact: frozenset[tuple[str, int]] = frozenset()
    named: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()

    def check(self, url: str) -> None:
        """Raises Undelivered for an address that must not be called."""
        host, port = place_of(url)
        usual = port in _PORTS.values()
        if (host, port) in self.exact or (usual and (host in self.named or host.endswith(self.below))):
            return
        said = f"{host}:{port}" if not usual else host
        raise Undelivered("failed", f"`{shown(said)}` is in no setting; add it to `allow_hosts` if it may be called")


def hosts_of(settings: object, allowed: Iterable[str] = ()) -> Hosts:
    """Every address in a plugin's settings, secrets included, and the hosts that are allowed besides."""
    exact = {place_of(url) for url in _urls(settings) if _is_plain(url)}
    named, below = set(), []
    for entry in allowed:
        name = entry.strip().casefold().rstrip(".")
        host, colon, port = name.rpartition(":")
        if name.startswith("*."):
            below.append(name[1:])
        elif colon and port.isdigit():
            exact.add((host, int(port)))
        else:
            named.add(name)
    return Hosts(frozenset(exact), frozenset(named), tuple(sorted(below)))


def place_of(url: str) -> tuple[str, int]:
    """Host and port of an address. Raises Undelivered for one that is not plain http or https."""
    if not _is_plain(url):
        scheme = url.partition("://")[0][:20]
        raise Undelivered(
            "failed", f"an address that begins with `{shown(scheme)}` cannot be called; see `allow_hosts`"
        )
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or _PORTS[parts.scheme]


def _is_plain(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or not _PLAIN.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _urls(value: object) -> Iterator[str]:
    """The part of each address that fields of a template cannot change: scheme, host and port."""
    if isinstance(value, Secret):
        value = value.reveal()
    if isinstance(value, str) and _URL.match(value):
        scheme, _, rest = value.partition("://")
        yield f"{scheme.lower()}://{re.split('[/?#]', rest, maxsplit=1)[0]}"
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _urls(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _urls(each)
