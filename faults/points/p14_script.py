"""Script in every text that somebody can type, looked for on every page, in every mail, PDF and workbook; and what the browser's policy has to say."""

import io
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import openpyxl
import psycopg
from django.apps import apps
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection, models
from django.test.testcases import LiveServerThread
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import sync_playwright

from backoffice.outbox.models import MailWish, Message, Notification
from backoffice.outbox.notices import mail_digests
from backoffice.people.models import Person, Role
from orders.services import approve_order
from tests.access.addresses import views
from tests.making_contracts import running_contract
from tests.making_customers import submitted_change
from tests.making_invoices import confirmed_payment, issued_invoice, submitted_application
from tests.making_shipments import House, dispatched_shipment, make_house, reviewed_shipment, submitted_shipment
from tests.people_of_the_tests import make_person

from ..declare import Outcome, Run, fault
from ..desk import Desk
from .p05_approving import submitted

SCRIPTS = ("\"'></title><script>alert(1)</script><img src=x onerror=alert(1)>", "'\"><b onclick=a()>", "<b onx=1>")
LEFT_ALONE = {  # what the program reads and nobody types
    "kind", "state", "source", "target", "step", "table", "key", "job", "period", "stored_name", "sha256", "fingerprint", "digest", "content_type", "message_id",
    "dedupe_key", "path", "answer", "currency", "language", "password", "roles", "event", "measure", "prefix", "email", "recipient", "topic",
    "list_name", "query", "number", "book", "search", "username", "url",
}  # fmt: skip
ROLES = (
    Role.ASSISTANT,
    Role.SALESPERSON,
    Role.MANAGER,
    Role.FINANCE,
    Role.GM,
    Role.WAREHOUSE,
    Role.HR,
    Role.ADMINISTRATOR,
)
PAPER = {  # what would act by itself, by kind of file
    "application/pdf": re.compile(
        rb"/(JavaScript|JS|OpenAction|AA|Launch|SubmitForm|ImportData|EmbeddedFile)\b|\(\s*(javascript|file|data):",
        re.I,
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": re.compile(
        rb"<f[ >]|vbaProject|externalLink|ddeLink|TargetMode=.External|javascript:", re.I
    ),
}
NOT_FOLLOWED = ("/accounts/logout", "/accounts/2fa", "/static/", "/files/")
HERE: list[House] = []  # the company that is full of scripts


class Inspector(HTMLParser):
    """What in a page would run, and where it leads."""

    def __init__(self, *, is_mail: bool = False) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []
        self.is_mail = is_mail

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            text = (value or "").strip().lower()
            runs = name.startswith("on") or text.startswith(("javascript:", "vbscript:", "data:text"))
            if runs or (name == "style" and not self.is_mail):
                self.found.append(f"<{tag} {name}={text[:40]}>")
            if value and name in ("href", "hx-get"):
                self.links.append(value)
        given = dict(attrs)
        if tag == "script" and (self.is_mail or ("src" not in given and given.get("type") != "application/json")):
            self.found.append("<script>")
        if tag == "img" and given.get("src") == "x":
            self.found.append("<img src=x>")


def company() -> House:
    """Something of every kind."""
    house = make_house(on_hand=(1_000_000,))
    house.second = make_person(Role.MANAGER, Role.WAREHOUSE, department=house.manager.department)
    for _turn in range(2):
        dispatched_shipment(house)
    issued_invoice(house)
    confirmed_payment(house, 100)
    submitted_shipment(house)
    reviewed_shipment(house)
    submitted(house)
    dispatched_shipment(house)
    submitted_application(house)
    running_contract(house.customer)
    submitted_change(house.customer, by=house.finance)
    return house


def fill_with_scripts(owner: psycopg.Connection) -> int:
    """Every text of every table, past all rules; how many columns."""
    filled = 0
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ("django", "allauth", "axes") or model is Message:
            continue
        table = model._meta.db_table
        owner.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.FileField)
            if (
                is_text
                and not field.choices
                and field.name not in LEFT_ALONE
                and not field.primary_key
                and not field.remote_field
            ):
                filled += fill(owner, table, field)
        owner.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    return filled


def fill(owner: psycopg.Connection, table: str, field: models.Field) -> bool:
    """Longest script that fits; where it must be unique the row says which it is. A CHECK that refuses it is an answer too."""
    room = (field.max_length or 10_000) - 6
    script = next((script for script in SCRIPTS if len(script) <= room), "<b")
    unique = " || substr(md5(ctid::text), 1, 6)" if room >= len(script) and field.max_length else ""
    try:
        owner.execute(
            f'UPDATE "{table}" SET "{field.column}" = %s{unique} WHERE "{field.column}" IS NOT NULL', [script]
        )
    except psycopg.Error:
        return False
    return True


def acts_in(kind: str, content: bytes) -> list[str]:
    """What a PDF or a workbook would do by itself."""
    parts = [content]
    if not content.startswith(b"%PDF"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = [name.encode() + b" " + book.read(name) for name in book.namelist()]
    return [f"{kind.rpartition('.')[2]}: {hit[0]!r}" for part in parts for hit in PAPER[kind].finditer(part)]


def walk(person: Person, most: int) -> Iterator[tuple[str, list[str]]]:
    """Pages and papers this person comes to from the first one and from all addresses without a key: address, and what would run there."""
    desk, queue, seen = Desk(person), ["/"], {"/"}
    for name, (_view, keys) in views():
        if not keys:
            queue.append(reverse(name))
    shapes: dict[str, int] = {}
    while queue and most:
        address = queue.pop(0)
        answer = desk.client.get(address)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if answer.status_code == 200 and kind in PAPER:
            yield f"{kind} {address}", acts_in(kind, answer.getvalue())
        if answer.status_code != 200 or kind != "text/html":
            continue
        most -= 1
        inspector = Inspector()
        inspector.feed(answer.content.decode())
        policy = answer.headers.get("Content-Security-Policy", "")
        yield address, inspector.found + ([] if "script-src 'self'" in policy else ["no policy"])
        for link in inspector.links:
            there = urlsplit(urljoin(address, link))
            shape = "".join("#" if letter.isdigit() else letter for letter in there.path) + ("?" if there.query else "")
            is_ours = not there.netloc and there.path.startswith("/") and not there.path.startswith(NOT_FOLLOWED)
            target = f"{there.path}?{there.query}" if there.query else there.path
            if is_ours and target not in seen and shapes.get(shape, 0) < 3 and "export=csv" not in target:
                shapes[shape] = shapes.get(shape, 0) + 1
                seen.add(target)
                queue.append(target)


@contextmanager
def served() -> Iterator[str]:
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


REPORTED = "window.reported = []; addEventListener('securitypolicyviolation', e => reported.push(e.violatedDirective + ' ' + e.blockedURI))"


def in_the_browser(addresses: list[str], cookie: str) -> list[str]:
    """What a real browser reports against the policy, and whether anything ran."""
    found = []
    with served() as here, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], chromium_sandbox=False)
        context = browser.new_context()
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": here}])
        context.add_init_script(REPORTED)
        page = context.new_page()
        page.on("dialog", lambda dialog: (found.append(f"ran: {dialog.message}"), dialog.dismiss()))
        for address in addresses:
            page.goto(here + address, wait_until="networkidle")
            found += [f"{address}: {one}" for one in page.evaluate("window.reported")]
        browser.close()
    return found


def work_goes_on_there(_run: Run) -> None:
    """In the company that is full of scripts a new order is handed in and approved."""
    house = HERE[-1]
    approve_order(submitted(house), by=house.second)


def papers_that_act(_run: Run) -> Outcome:
    """The control: papers made to act are told from those that do not."""
    book, said = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["=1+1"])
    book.save(said)
    pdf, xlsx = PAPER
    made = [
        (pdf, b"%PDF-1.7 <</OpenAction 3 0 R>>"),
        (pdf, b"%PDF-1.7 <</S /URI /URI (javascript:x)>>"),
        (xlsx, said.getvalue()),
    ]
    return Outcome(len(made), sum(bool(acts_in(kind, content)) for kind, content in made))


@fault(
    14,
    "script in every text field runs on no page, in no mail, PDF or workbook; the browser reports nothing",
    short=40,
    full=600,
    budget=100,
    checks_books=False,
    progress=work_goes_on_there,
    control=papers_that_act,
)
def script_in_every_text(run: Run) -> Outcome:
    house = company()
    HERE.append(house)
    connection.close()
    with run.place.owner() as owner:
        columns = fill_with_scripts(owner)
    submitted_after(house)
    done, papers, found = 0, 0, []
    people = {
        Role.ASSISTANT: house.assistant,
        Role.SALESPERSON: house.salesperson,
        Role.MANAGER: house.manager,
        Role.FINANCE: house.finance,
    }
    for role in ROLES:
        for address, runs in walk(people.get(role) or make_person(role), run.times // len(ROLES)):
            done, papers = done + 1, papers + (not address.startswith("/"))
            found += [f"{address}: {one}" for one in runs[:1]]
    mails = list(Message.objects.values_list("html", flat=True))
    for html in mails:
        inspector = Inspector(is_mail=True)
        inspector.feed(html)
        found += [f"mail: {one}" for one in inspector.found[:1]]
    shown = ["/", "/orders/", "/customers/", f"/customers/{house.party.pk}/", "/invoices/", "/shipments/"]
    desk = Desk(house.manager)
    addresses = [address for address in shown if not desk.page(address).isdigit()]
    reported = in_the_browser(addresses if run.times > 100 else addresses[:2], desk.client.cookies["sessionid"].value)
    for words in [*found, *reported][:20]:
        print(f"    ! {words}", flush=True)
    words = f"{columns} columns, {done - papers} pages of {len(ROLES)} roles, {papers} PDFs and workbooks, {len(mails)} mails, {len(addresses)} pages in Chromium"
    return Outcome(done + len(mails), len(found) + len(reported), words)


def submitted_after(house: House) -> None:
    """What is told to people from now on carries the scripts."""
    house.customer.party.refresh_from_db()
    confirmed_payment(house, 5)
    submitted_shipment(house)
    Notification.objects.update(mail=MailWish.DAILY, mailed_at=None, read_at=None)
    mail_digests(timezone.now())
