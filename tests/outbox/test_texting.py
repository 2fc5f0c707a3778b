"""Text messages: the same outbox, lease and alarm as mails; a console and an HTTP gateway."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured
from structlog.testing import capture_logs

from backoffice.outbox import sending
from backoffice.outbox.gateways import ConsoleGateway, GatewayAway, HttpGateway, NotTaken, gateway_of_settings
from backoffice.outbox.models import Message, MessageState
from backoffice.outbox.services import queue_text, telephone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("C10")]


class Counter(HTTPServer):
    """A gateway that answers as it is told and keeps what it was given."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answer, self.given = 200, []


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.given.append((self.headers["Authorization"], self.headers["Idempotency-Key"], content))
        self.send_response(self.server.answer)
        self.end_headers()
        self.wfile.write(b"said the gateway")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def gateway(settings):
    server = Counter()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_URL, settings.SMS_KEY = f"http://127.0.0.1:{server.server_port}/send?v=1", "the-key"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def text(key="1", to="13957100001"):
    return queue_text("news", key, to=to, text="您的货物已发出")


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("139 5710 0001", "+8613957100001"), ("+86-139-5710-0001", "+8613957100001"), ("0086 13957100001", "+8613957100001"),
        ("+49 170 1234567", "+491701234567"), ("0571-88881234", ""), ("+86 571 88881234", ""), ("", ""), ("王芳", ""),
    ],
)  # fmt: skip
def test_a_mobile_telephone_is_told_from_any_other_number(typed, dialled):
    assert telephone(typed) == dialled


def test_the_http_gateway_gets_the_text_with_our_key_and_the_fixed_id(gateway):
    kept = text()
    assert sending.send_waiting() == 1
    [(key, identity, content)] = gateway.given
    assert key == "Bearer the-key" and identity == kept.message_id
    assert content == {"id": kept.message_id, "to": "+8613957100001", "text": "您的货物已发出"}
    kept.refresh_from_db()
    assert kept.state == MessageState.SENT and kept.sent_at


def test_the_same_text_is_written_once(gateway):
    assert text() == text() and Message.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "state", "goes_on"),
    [(400, "dead", True), (429, "waiting", True), (503, "waiting", True), (401, "waiting", False)],
)
def test_what_the_gateway_answers_decides_when_it_is_tried_again(gateway, monkeypatch, answer, state, goes_on):
    monkeypatch.setattr(sending, "ON_GIVEN_UP", [])
    gateway.answer = answer
    text(), text("2", "13957100002")
    sending.send_waiting()
    assert len(gateway.given) == (2 if goes_on else 1), "a key that is refused is refused for all"
    first = Message.objects.order_by("pk").first()
    assert first.state == state and "said the gateway" in first.error
    assert first.attempts == (1 if goes_on else 0)


def test_a_gateway_that_is_away_holds_no_mail_up_and_costs_no_attempt(settings, smtp, gm):
    settings.SMS_URL = "http://127.0.0.1:9/"
    waiting = text()
    sending.send_waiting()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("waiting", 0)


def test_the_console_gateway_says_what_it_would_send(settings):
    settings.SMS_URL = "console://"
    with capture_logs() as said:
        text()
        assert sending.send_waiting() == 1
    assert [line["to"] for line in said if line["event"] == "text_message"] == ["+8613957100001"]


def test_without_a_gateway_nothing_is_written_and_a_wrong_address_is_said(settings):
    settings.SMS_URL = ""
    assert gateway_of_settings() is None and text() is None
    settings.SMS_URL = "ftp://x"
    with pytest.raises(ImproperlyConfigured):
        gateway_of_settings()


def test_both_gateways_raise_in_words(gateway):
    ConsoleGateway().send("+8613957100001", "x", "1")
    gateway.answer = 422
    with pytest.raises(NotTaken, match="422 said the gateway"):
        HttpGateway(f"http://127.0.0.1:{gateway.server_port}").send("+86", "x", "1")
    with pytest.raises(GatewayAway):
        HttpGateway("http://127.0.0.1:9").send("+86", "x", "1")
