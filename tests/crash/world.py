"""The services outside, which outlive whoever calls them: what they were asked, and what they took.

The web service keeps a key that it has had before from counting twice, as the promise of `webhook` asks of it. Whether
a call meets a passing fault depends on its key and its instant alone, so that a run that is killed meets the same.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from outside import Answer, Asked, MailBox, WebServer, mail_server, web_server

SETTINGS = """
carry:
  - {{action: notify, channel: email, by: email}}
  - {{by: webhook}}
plugins:
  webhook: {{url: "{url}/taken", secret: whsec_c2VjcmV0}}
  email: {{host: 127.0.0.1, port: {port}, from: shop@example.com, tls: none}}
"""


def busy(key: str, second: int) -> bool:
    """Whether a call meets a passing fault: one that was asked for again ten seconds later does not."""
    return key.endswith("7") and second // 10 % 2 == 0


@dataclass
class World:
    """`taken` are the keys that the web service has acted on, `asked` every call; `letters` the mails it was given.

    `kill` is asked at each call whom to kill, with how many calls there were and whether this one is taken by now.
    `down` says which calls, by their number, meet a service that is down; each takes `pause` seconds.
    """

    web: WebServer
    box: MailBox
    taken: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    kill: Callable[[int, bool], int] = lambda number, taken: 0
    down: Callable[[int], bool] = lambda number: False
    pause: float = 0.0

    def begin(self) -> None:
        """Forgets what it was asked and given."""
        self.taken.clear()
        self.asked.clear()
        self.box.envelopes.clear()

    @property
    def settings(self) -> str:
        return SETTINGS.format(url=self.web.url, port=self.box.port)

    @property
    def letters(self) -> Counter[str]:
        return Counter(str(mail["Message-ID"]).strip("<>") for mail in self.box.messages)

    def answer(self, asked: Asked) -> Answer:
        key = asked.headers["webhook-id"]
        self.asked.append(key)
        number = len(self.asked)
        self._die(number, taken=False)
        time.sleep(self.pause)
        if self.down(number) or busy(key, int(asked.headers["webhook-timestamp"])):
            return Answer(503)
        if key not in self.taken:
            self.taken.append(key)
        self._die(number, taken=True)
        return Answer(200, json.dumps({"message": f"sent-{key}"}).encode())

    def _die(self, number: int, taken: bool) -> None:
        pid = self.kill(number, taken)
        if pid:
            os.kill(pid, signal.SIGKILL)


@contextmanager
def world() -> Iterator[World]:
    """A web service and a mail server on loopback."""
    made: list[World] = []
    with web_server(lambda asked: made[0].answer(asked)) as web, mail_server() as box:
        made.append(World(web, box))
        yield made[0]
