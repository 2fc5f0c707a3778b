"""Gateways of text messages 短信网关: how a text leaves the house is a setting (SMS_URL), nothing else knows of it.

`console://` writes each text into the log: for the demonstration and for trying. `https://…` posts JSON to a gateway, the common
denominator of those who offer one; a provider with another form gets a small program of its own before it. Empty: no texts.
"""

import http.client
import json
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

log = structlog.get_logger(__name__)
SECONDS = 15
BUSY = (408, 425, 429)
MOST_WORDS = 300


class GatewayAway(Exception):
    """The gateway cannot be reached, or its name and key are refused: no fault of the message."""


class NotTaken(Exception):
    """The gateway answered and did not take this message; `is_final` where no later try can help."""

    def __init__(self, words: str, *, is_final: bool) -> None:
        super().__init__(words)
        self.is_final = is_final


class Gateway(Protocol):
    def send(self, to: str, text: str, message_id: str) -> None:
        """Hand one text over, or raise. The same `message_id` twice is the same message."""


class ConsoleGateway:
    """Says what would be sent, one line each."""

    def send(self, to: str, text: str, message_id: str) -> None:
        log.info("text_message", to=to, text=text, message_id=message_id)


class HttpGateway:
    """POST {"id", "to", "text"} with the key as bearer. 2xx is taken, 4xx is never, busy and 5xx is later, 401 and 403 is our own key."""

    def __init__(self, url: str, key: str = "") -> None:
        self.url, self.key = urlsplit(url), key

    def send(self, to: str, text: str, message_id: str) -> None:
        status, words = self._post({"id": message_id, "to": to, "text": text})
        if status in (401, 403):
            raise GatewayAway(f"{status} {words}")
        if status >= 300:
            raise NotTaken(f"{status} {words}", is_final=status < 500 and status not in BUSY)

    def _post(self, content: dict[str, str]) -> tuple[int, str]:
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        connection = kind(self.url.hostname or "", self.url.port, timeout=SECONDS)
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": content["id"]}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        target = self.url.path or "/"
        try:
            connection.request(
                "POST",
                f"{target}?{self.url.query}" if self.url.query else target,
                json.dumps(content).encode(),
                headers,
            )
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_WORDS).decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise GatewayAway(str(error) or type(error).__name__) from error
        finally:
            connection.close()


def gateway_of_settings() -> Gateway | None:
    """The gateway that SMS_URL names; None where the company sends no texts."""
    url = settings.SMS_URL
    if not url:
        return None
    scheme = urlsplit(url).scheme
    if scheme == "console":
        return ConsoleGateway()
    if scheme in ("http", "https"):
        return HttpGateway(url, settings.SMS_KEY)
    raise ImproperlyConfigured("SMS_URL begins with console://, http:// or https://, or is empty.")
