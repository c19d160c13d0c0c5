"""A real `playbook serve` in a process of its own, on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60.0


@dataclass
class Served:
    """`url` has no slash at its end; `log` holds what the process has said."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._ask(urllib.request.Request(self.url + path, content, dict(headers or {}), method="POST"))

    def get(self, path: str) -> tuple[int, Any]:
        return self._ask(urllib.request.Request(self.url + path))

    def figure(self, name: str) -> float:
        """One figure of `/metrics`, its labels included in the name; 0 where it is not told."""
        _, text = self.get("/metrics")
        found = re.search(rf"^playbook_{re.escape(name)} (\S+)$", str(text), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def until(self, said: str) -> None:
        """Waits for a line of the log."""
        end = time.monotonic() + PATIENCE
        while said not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.02)

    def _ask(self, request: urllib.request.Request) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, _value(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, _value(refused.read())


@contextmanager
def served(
    folder: Path, *options: str, secrets: Mapping[str, str] | None = None, name: str = "log"
) -> Iterator[Served]:
    log = folder / f"{name}.txt"
    command = [
        sys.executable,
        "-m",
        "playbook_engine",
        "serve",
        str(folder / "playbook.yaml"),
        "--listen",
        "127.0.0.1:0",
    ]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*command, *options],
            stderr=said,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, **(secrets or {})},
        )
    one = Served("", process, log)
    try:
        one.until("; hooks: ")
        found = re.search(r"http://127\.0\.0\.1:\d+", one.said())
        assert found is not None
        one.url = found[0]
        yield one
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _value(body: bytes) -> Any:
    text = body.decode()
    try:
        return json.loads(text)
    except ValueError:
        return text
