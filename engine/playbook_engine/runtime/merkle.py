"""Merkle trees as certificate logs have them: https://www.rfc-editor.org/rfc/rfc6962#section-2.1.

Leaves and nodes are hashed with different prefixes, so that no node can be passed off as a leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(entries: Sequence[bytes]) -> bytes:
    """The root over entries in order; of none it is SHA-256 of nothing."""
    if not entries:
        return sha256().digest()
    return _levels(entries)[-1][0]


def _levels(entries: Sequence[bytes]) -> list[list[bytes]]:
    """From the leaves up to the root. A node without a partner goes up as it is.

    That is the tree of the RFC, which splits n leaves at the largest power of two below n.
    """
    levels = [[leaf(entry) for entry in entries]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[len(pairs) * 2 :])
    return levels


def path(entries: Sequence[bytes], index: int) -> list[bytes]:
    """What is needed beside the entry at `index` to reach the root, from the leaf upwards."""
    needed = []
    for level in _levels(entries)[:-1]:
        partner = index ^ 1
        if partner < len(level):
            needed.append(level[partner])
        index //= 2
    return needed


def root_from(entry: bytes, index: int, size: int, needed: Sequence[bytes]) -> bytes | None:
    """The root of a tree of `size` entries with this one at `index`; None where the path is of another length.

    As https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2 has it.
    """
    found, last, rest = leaf(entry), size - 1, list(needed)
    if not 0 <= index <= last:
        return None
    while last:
        if index % 2 or index < last:
            if not rest:
                return None
            partner = rest.pop(0)
            found = node(partner, found) if index % 2 else node(found, partner)
        index, last = index // 2, last // 2
    return None if rest else found
