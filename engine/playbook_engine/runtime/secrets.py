"""`${env:NAME}` and `${file:PATH}` in settings, resolved when something is delivered and kept nowhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from playbook_engine.errors import PlaybookError
from playbook_engine.hookspecs import Secret
from playbook_engine.text.scalars import shown

MOST_BYTES = 65_536

_REFERENCE = re.compile(r"\$\{(env|file):([^{}]+)\}")
_OPENED = re.compile(r"\$\{[^}]*\}?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def has_reference(value: object) -> bool:
    return isinstance(value, str) and "${" in value


def misspelt(text: str) -> str:
    """What is wrong with a text's references, "" when nothing is."""
    for found in _OPENED.findall(text):
        reference = _REFERENCE.fullmatch(found)
        if reference is None:
            return f"`{shown(found)}` is no reference to a secret; write `${{env:NAME}}` or `${{file:PATH}}`"
        if reference[1] == "env" and not _NAME.fullmatch(reference[2]):
            return f"`{shown(reference[2])}` is no name of a variable; it has letters, digits and `_`"
    return ""


def reveal(text: str, folder: Path, environ: Mapping[str, str] | None = None) -> str:
    """The text with its references replaced. Raises PlaybookError for one that leads nowhere.

    Files are meant from `folder`; the line break at the end of one is no part of the secret.
    """
    if wrong := misspelt(text):
        raise PlaybookError(wrong)
    variables = os.environ if environ is None else environ
    return _REFERENCE.sub(lambda found: _looked_up(found[1], found[2], folder, variables), text)


def revealed(value: object) -> Iterator[str]:
    """The text of every secret within a resolved value."""
    if isinstance(value, Secret):
        yield value.reveal()
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from revealed(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from revealed(each)


def _looked_up(kind: str, name: str, folder: Path, variables: Mapping[str, str]) -> str:
    if kind == "env":
        if name not in variables:
            raise PlaybookError(f"`${{env:{name}}}`: there is no such variable in the environment; set it")
        return variables[name]
    try:
        with (folder / name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file can be called so"
        raise PlaybookError(f"`${{file:{name}}}`: this file cannot be read: {why}") from None
    if len(content) > MOST_BYTES:
        raise PlaybookError(f"`${{file:{name}}}`: this file is larger than {MOST_BYTES} bytes; name another")
    try:
        return content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise PlaybookError(f"`${{file:{name}}}`: this file is not UTF-8; name another") from None
