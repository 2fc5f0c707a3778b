"""A mail server with bad days: keeps a line for each mail it took, and behaves as a file tells it to.

`ok` · `4xx` every mail later · `5xx <words>` never for recipients that contain the words · `hang` takes the mail and never says so.
Run as `python -m faults.sink <folder> <port>`.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

LONGER_THAN_ANYBODY_WAITS = 600


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail as the server took it."""

    recipient: str
    message_id: str
    subject: str
    topic: str
    attachments: int


class Sink:
    """What the tests see of the server: its folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lines, self.mood = folder / "taken.jsonl", folder / "mood"

    def behave(self, mood: str) -> None:
        self.mood.with_suffix(".new").write_text(mood)
        self.mood.with_suffix(".new").rename(self.mood)

    def taken(self) -> list[Taken]:
        """Every mail taken so far, copies too."""
        words = self.lines.read_text() if self.lines.exists() else ""
        return [Taken(**json.loads(line)) for line in words.splitlines()]

    def forget(self) -> None:
        self.lines.unlink(missing_ok=True)
        self.behave("ok")


class Keeper:
    """aiosmtpd's handler."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def _mood(self) -> tuple[str, str]:
        name, _, words = (self.sink.mood.read_text() if self.sink.mood.exists() else "ok").partition(" ")
        return name, words

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        name, words = self._mood()
        if name == "4xx":
            return "451 4.3.2 come back later"
        if name == "5xx" and words in address:
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.original_content or envelope.content)
        subject = str(make_header(decode_header(mail.get("Subject", ""))))
        files = sum(part.get_content_disposition() == "attachment" for part in mail.walk())
        taken = {"message_id": mail.get("Message-ID", ""), "subject": subject, "topic": mail.get("X-Topic", "")}
        with self.sink.lines.open("a") as out:
            for recipient in envelope.rcpt_tos:
                out.write(json.dumps({"recipient": recipient, "attachments": files, **taken}) + "\n")
        if self._mood()[0] == "hang":
            await asyncio.sleep(LONGER_THAN_ANYBODY_WAITS)
        return "250 kept"


def main(folder: str, port: str) -> None:
    controller = Controller(Keeper(Sink(Path(folder))), hostname="127.0.0.1", port=int(port))
    controller.start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
