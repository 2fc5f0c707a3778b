"""A mail server that sends nothing on: each message becomes a file. Runs inside the program's environment."""

import re
import sys
import time
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Keeper:
    """Writes `<time>_<recipient>_<subject>.eml`, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        content = envelope.original_content or envelope.content
        subject = str(make_header(decode_header(message_from_bytes(content).get("Subject", ""))))
        self.count += 1
        words = "_".join((f"{datetime.now():%Y%m%d-%H%M%S}-{self.count:04}", envelope.rcpt_tos[0], subject))
        path = self.folder / (re.sub(r"[^\w@.-]+", "-", words)[:80] + ".eml")
        beside = path.with_suffix(".part")
        beside.write_bytes(content)
        beside.rename(path)
        return "250 kept"


def main(folder: str, port: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    controller = Controller(Keeper(Path(folder)), hostname="127.0.0.1", port=int(port))
    controller.start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
