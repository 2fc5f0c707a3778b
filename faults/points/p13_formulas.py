"""Formulas out of every export: evil text in every field that takes it, taken out as Excel and CSV, opened again by real readers."""

import csv
import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import openpyxl
from django.apps import apps
from django.db import Error, transaction
from django.db.models import CharField, Model, TextField
from django.utils import timezone
from django.utils.translation import override

from backoffice import periods
from backoffice.lists.declared import REGISTRY
from backoffice.lists.exports import export
from backoffice.lists.workbook import write_workbook
from backoffice.people.models import Person, Role
from backoffice.sheets.marked import marked
from backoffice.sheets.models import Batch
from backoffice.sheets.services import check_group, upload
from reports.management.commands.report import REPORTS
from tests.making_invoices import confirmed_payment, issued_invoice
from tests.making_shipments import dispatched_shipment, make_house
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

from ..declare import Outcome, Run, fault

BEGINNINGS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠", "x;=", "x,@", "x\t+", "<r>=", '"=')
EVIL = 'HYPERLINK("http://evil/")</r>'
# a field that a spreadsheet would calculate, also after one of its own separators
CALCULATED = re.compile(r"(^|[;,\t\r\n])\s*[=+\-@＝＋－＠]")
A_NUMBER = re.compile(r"-?\d+(\.\d+)?$")
OURS = {"audit", "auth", "contenttypes", "sessions", "axes", "account", "mfa", "socialaccount"}
READERS = [path for path in map(shutil.which, ("soffice", "libreoffice")) if path]
EVERYTHING = (Role.GM, Role.FINANCE, Role.MANAGER, Role.ADMINISTRATOR, Role.ASSISTANT, Role.WAREHOUSE, Role.HR)


def poison() -> int:
    """Every text of every row becomes evil, as far as the database lets it: what is fixed, unique or a choice stays."""
    count, beginning = 0, cycle(BEGINNINGS)
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            continue
        for field in model._meta.concrete_fields:
            if (
                isinstance(field, CharField | TextField)
                and not field.choices
                and not field.unique
                and not field.primary_key
            ):
                count += sum(
                    turned(model, key, field, next(beginning))
                    for key in model._base_manager.values_list("pk", flat=True)[:20]
                )
    return count


def turned(model: type[Model], key: object, field: CharField | TextField, beginning: str) -> bool:
    text = f"{beginning}{EVIL}"[: field.max_length or 200]
    try:
        with transaction.atomic():
            return bool(model._base_manager.filter(pk=key).update(**{field.attname: text}))
    except Error:
        return False


def exports(person: Person) -> Iterator[tuple[str, str, bytes]]:
    """(name, format, content) of everything that leaves: every list with all its columns, every report, a marked workbook."""
    for name, declared in sorted(REGISTRY.items()):
        every = ",".join(declared(person, "").allowed)
        for form in ("xlsx", "csv"):
            yield name, form, export(declared(person, f"c={every}"), form)[1].read()
    period = periods.parse(f"{timezone.localdate():%Y-%m}")
    for name, make in REPORTS.items():
        yield f"report {name}", "xlsx", write_workbook(make(period, person), by=person, title=f"={EVIL}")
    rows = [(f"{beginning}{EVIL}", f"{beginning}{EVIL}", f"{beginning}{EVIL}") for beginning in BEGINNINGS]
    done = upload(
        [
            (
                "=evil.xlsx",
                workbook(
                    ("Customer No", "Customer Name", "Credit Limit"), *rows, options={"strings_to_formulas": False}
                ),
            )
        ],
        by=person,
    )
    check_group(done.group)
    yield "marked workbook", "xlsx", marked(Batch.objects.get(group=done.group), only_wrong=False)


def calculated(form: str, content: bytes) -> list[str]:
    """Cells that a spreadsheet would take for a formula."""
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return [
            f"{page.title}!{c.coordinate}"
            for page in book
            for row in page.iter_rows()
            for c in row
            if c.data_type == "f"
        ]
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [f"{text[:20]!r}" for line in lines for text in line if CALCULATED.search(text) and not A_NUMBER.match(text)]


def opened(files: list[tuple[str, str, bytes]]) -> list[str]:
    """The same, as LibreOffice understands it when somebody opens the files; nothing where it is not installed."""
    if not READERS:
        return []
    with tempfile.TemporaryDirectory() as folder:
        for number, (_name, form, content) in enumerate(files):
            Path(folder, f"{number}.{form}").write_bytes(content)
        paths = sorted(str(path) for path in Path(folder).iterdir())
        subprocess.run(
            [READERS[0], f"-env:UserInstallation=file://{folder}/home", "--headless", "--convert-to", "fods", "--outdir", f"{folder}/out", *paths],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        made = {path.stem: path.read_text("utf-8") for path in Path(folder, "out").glob("*.fods")}
    missing = [
        f"{name}.{form} could not be opened" for number, (name, form, _c) in enumerate(files) if str(number) not in made
    ]
    return missing + [f"{files[int(stem)][:2]} calculates" for stem, text in made.items() if "table:formula" in text]


def without_the_quote(run: Run) -> Outcome:
    """The same reader on what was not made harmless: it must see that this calculates."""
    files = [("raw", "csv", f'a,b\n"{text}",2\n'.encode()) for text in ("=1+1", "=B2", "=SUM(B2)")]
    wrong = opened(files) if READERS else [name for name, form, content in files if calculated(form, content)]
    return Outcome(len(files), len(wrong), "; ".join(wrong))


@fault(
    13,
    "evil text in every field, out of every list, report and marked workbook as Excel and CSV: no cell calculates, not in openpyxl and not in LibreOffice",
    short=1,
    full=1,
    budget=240,
    control=without_the_quote,
    checks_books=False,
)
def no_export_carries_a_formula(run: Run) -> Outcome:
    house = make_house()
    turned_before = poison()
    dispatched_shipment(house)
    issued_invoice(house)
    confirmed_payment(house, "100.00")
    turned_after = poison()
    person = make_person(*EVERYTHING, name=f"={EVIL}")
    with override("en"):
        files = list(exports(person))
    wrong = [f"{name}.{form}: {cells[:3]}" for name, form, content in files if (cells := calculated(form, content))]
    wrong += opened(files)
    reader = "LibreOffice" if READERS else "openpyxl only, LibreOffice is not installed"
    words = (
        f"{turned_before + turned_after} texts made evil; {len(files)} files; read by {reader}. {'; '.join(wrong[:5])}"
    )
    return Outcome(len(files), len(wrong), words)
