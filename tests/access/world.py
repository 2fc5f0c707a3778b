"""Two companies' worth of people and papers in one program, and for every address with a key: whose paper to ask for.

`papers(house)` hangs on a customer and is seen by whom that customer concerns; `personal(person)` is somebody's own;
`common()` belongs to nobody.
"""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils import timezone

from backoffice.files.services import keep
from backoffice.jobs.models import DueRun, Work
from backoffice.jobs.registry import JOBS
from backoffice.ledger.models import AccountingPeriod, Entry, Item
from backoffice.outbox.models import Attachment, Message, Notification
from backoffice.people.models import Department, Person, Region, Role
from backoffice.register.models import Record
from backoffice.review.policies import ask_policy_change
from backoffice.sheets.models import Batch
from backoffice.stock.models import Unit, Warehouse
from contracts.bids.models import Competitor
from contracts.bids.services import save_competitor
from contracts.models import ContractTemplate
from contracts.papers.models import Formality, FormalityStep, PaperKind
from contracts.papers.services import add_formality, save_step
from customers.handing import hand_over
from customers.licences.models import LicenceKind
from customers.mailings.models import LetterTemplate
from customers.market.services import send_brief
from customers.models import Address, Contact, HandOver
from customers.services import save_address, save_contact, write_note
from customers.visits.services import save_wish
from expenses.models import ExpenseKind
from invoices.services import allocate_payment
from reports.services.daily import issue_daily
from shipments.models import Shipment
from tests.making import CategoryFactory, ProductFactory
from tests.making_bids import draft_bid
from tests.making_cases import category, opened_case
from tests.making_contracts import amendment_of, draft_contract, running_contract
from tests.making_customers import draft_change, draft_merge, make_customer
from tests.making_expenses import computed_sheet, draft_claim, make_plan
from tests.making_invoices import confirmed_payment, entered_slip, issued_invoice, shipped_house
from tests.making_leads import new_lead, published_offer
from tests.making_licences import draft_licence
from tests.making_mailings import draft_mailing, secret_of, sent_mailing, with_contact
from tests.making_market import make_competitor, market_note
from tests.making_papers import ask_for, draft_paper
from tests.making_quotations import enquiry
from tests.making_shipments import approved_order, draft_shipment, reviewed_shipment, submitted_shipment
from tests.making_supply import asked_request
from tests.making_visits import draft_reception, hosted_reception, planned_visit, running_plan
from tests.people_of_the_tests import make_person
from tests.sheets.books import workbook

Keys = dict[str, dict[str, Any]]
OF_THE_HOUSE = ("assistant", "salesperson", "manager", "finance", "warehouse")


@dataclass
class World:
    """The people asked, one of each role, and the keys each of them and a stranger would use."""

    people: dict[str, Person]
    own: dict[str, Keys]
    anothers: Keys


def make_world() -> World:
    mine, theirs = shipped_house(), shipped_house()
    elsewhere = Department.objects.create(code="EAST", name="East")
    for person in (theirs.salesperson, theirs.assistant, theirs.manager):
        person.department = elsewhere
        person.save()
    people = {name: getattr(mine, name) for name in OF_THE_HOUSE}
    people |= {str(role): make_person(role) for role in Role if role not in people}
    everybodys = common()
    of_house = papers(mine) | everybodys
    return World(
        people=people,
        own={role: of_house | personal(person) for role, person in people.items()},
        anothers=everybodys | papers(theirs) | personal(theirs.assistant),
    )


def papers(house) -> Keys:
    """What hangs on the customer of a house, in states in which something can still be done with it."""
    return (
        archive(house)
        | talks(house)
        | attention(house)
        | goods(house)
        | money(house)
        | writing(house)
        | bids(house)
        | quotations(house)
        | along(house)
    )


def archive(house) -> Keys:
    contract = draft_contract(house.customer, by=house.assistant)
    amendment = amendment_of(running_contract(house.customer), by=house.assistant, header={"title": "amended"})
    change = draft_change(house.customer, by=house.assistant)
    contact = save_contact(Contact(party=house.party, name="王芳"), by=house.assistant)
    address = save_address(Address(party=house.party, text="文三路 1 号"), by=house.assistant)
    note = write_note(house.party, by=house.assistant, text="asked", due_on=timezone.localdate())
    twin, twins = make_customer(house.salesperson), make_customer(house.salesperson)
    merge = draft_merge(twin, twins, by=house.assistant)
    later = timezone.localdate() + datetime.timedelta(days=9)
    hand_over([twin], to=make_person(Role.SALESPERSON), by=house.manager, note="later", on=later)
    customer, party = {"customer": house.party.pk}, {"pk": house.party.pk}
    request = asked_request(house)
    at_contract = (
        "archive-place",
        "contract",
        "contract-edit",
        "contract-pdf",
        "performance",
        "performance-customer",
        "performance-pdf",
        "performance-xlsx",
    )
    return {
        **{f"contracts:{name}": {"pk": amendment.pk} for name in ("amendment", "amendment-edit", "amendment-pdf")},
        "contracts:amendment-new": {"contract": contract.pk},
        "contracts:edition": {"pk": contract.pk, "number": 1},
        **{f"contracts:{name}": {"pk": contract.pk} for name in at_contract},
        **{f"supply:{name}": {"pk": request.pk} for name in ("supply_request", "supply_request-edit", "supply_request-pdf")},
        "contracts:performance-parts": {"pk": contract.pk, "figure": "shipped"},
        **{f"customers:contact-{name}": customer | {"pk": contact.pk} for name in ("edit", "remove")},
        **{f"customers:address-{name}": customer | {"pk": address.pk} for name in ("edit", "remove")},
        **{f"customers:{name}": customer for name in ("contact-new", "address-new", "note-new", "hand-over", "customer_change-new", "merge-other")},
        **{f"customers:{name}": party for name in ("customer", "customer-edit", "files", "timeline")},
        **{f"customers:{name}": {"pk": change.pk} for name in ("customer_change", "customer_change-edit")},
        **{f"customers:{name}": {"pk": merge.pk} for name in ("customer_merge", "customer_merge-edit")},
        "customers:customer_merge-new": {"customer": twin.pk, "merged": twins.pk},
        "customers:hand-over-cancel": {"pk": HandOver.objects.get(party=twin.pk).pk},
        "customers:note-done": {"pk": note.pk},
        "pages:panel": {"name": "contracts_of_customer", "pk": house.party.pk},
    }  # fmt: skip


def talks(house) -> Keys:
    """Calls, receptions and market notes of a customer."""
    visit = {"pk": planned_visit(house.party, by=house.assistant).pk}
    wish = save_wish(house.party, by=house.assistant, way="visit", days=30)
    reception = {"pk": draft_reception(house.party, by=house.assistant).pk}
    note = {"pk": market_note(house.assistant, party=house.party).pk}
    held = hosted_reception(house.party, by=house.assistant, manager=house.manager)
    return {
        "expenses:claim-of-reception": {"reception": held.pk},
        **{f"visits:{name}": visit for name in ("visit", "make", "put-off", "drop")},
        **{f"visits:{name}": {"customer": house.party.pk} for name in ("talk", "visit-new", "wish-new")},
        **{f"visits:{name}": reception for name in ("reception", "reception-edit")},
        **{f"market:{name}": note for name in ("note", "note-edit")},
        "visits:wish-edit": {"pk": wish.pk},
    }


def attention(house) -> Keys:
    """What a customer complains of, and who may become one."""
    case, lead = {"pk": opened_case(house.customer, by=house.assistant).pk}, {"pk": new_lead(house.salesperson).pk}
    return {
        **{f"cases:{name}": case for name in ("case", "case-edit", "entry-new")},
        **{f"leads:{name}": lead for name in ("lead", "lead-edit", "lead-hand", "lead-lost", "lead-move", "lead-win", "call-new")},
    }  # fmt: skip


def goods(house) -> Keys:
    order, on_its_way = approved_order(house), Shipment.objects.get(party=house.party)
    draft, waiting = draft_shipment(house, approved_order(house)), submitted_shipment(house, approved_order(house))
    reviewed = reviewed_shipment(house, approved_order(house))
    scan = keep("paper.txt", b"paper", "text/plain", by=house.assistant, record=order, label="other")
    return {
        **{f"orders:{name}": {"pk": order.pk} for name in ("order", "order-edit", "order-pdf")},
        **{f"shipments:{name}": {"pk": draft.pk} for name in ("shipment", "shipment-edit", "delivery-note")},
        **{f"shipments:{name}": {"pk": reviewed.pk} for name in ("clear", "release", "release-papers")},
        "shipments:ship-order": {"pk": order.pk},
        "shipments:track": {"pk": on_its_way.pk},
        "pages:document": {"pk": order.pk},
        "pages:review": {"pk": waiting.pk},
        "pages:step": {"pk": order.pk, "step": "cancel_order"},
        "files:upload": {"record": order.pk},
        "files:download": {"key": scan.stored_name},
        "files:remove": {"key": scan.stored_name},
    }


def along(house) -> Keys:
    """Licences, what goes along with goods, and formalities."""
    licence = draft_licence(house.customer, by=house.assistant)
    paper = draft_paper("CERT", by=house.assistant, party=house.party, product=house.goods[0])
    report = draft_paper("QUALITY", by=house.assistant, party=house.party, product=house.goods[0])
    rule = ask_for("CERT", by=house.assistant, party=house.party)
    contract = draft_contract(house.customer, by=house.assistant)
    given = {"name": "印花税申报", "owner": house.assistant, "due_on": timezone.localdate()}
    formality = add_formality(Formality(contract=contract, **given), by=house.assistant)
    return {
        **{f"licences:{name}": {"pk": licence.pk} for name in ("licence", "licence-edit")},
        **{f"papers:{name}": {"pk": paper.pk} for name in ("paper", "paper-edit", "paper-pdf")},
        **{f"papers:{name}": {"pk": rule.pk} for name in ("rule", "rule-remove")},
        **{f"papers:{name}": {"pk": formality.pk} for name in ("formality", "formality-finish")},
        "papers:report-edit": {"pk": report.pk},
        "papers:make-certificates": {
            "record": Shipment.objects.filter(party=house.party, state="reviewed").latest("pk").pk
        },
    }


def money(house) -> Keys:
    invoice = issued_invoice(house)
    slip, payment = entered_slip(house, 10), confirmed_payment(house, 50)
    charge = Item.objects.filter(party=house.party, record=invoice.pk).charges().get()
    allocation = allocate_payment(payment, {charge.pk: Decimal(20)}, on=timezone.localdate(), by=house.finance)[0]
    application = {"pk": invoice.application_id}
    return {
        **{f"invoices:{name}": {"pk": invoice.pk} for name in ("invoice", "invoice-pdf")},
        **{f"invoices:{name}": {"pk": slip.pk} for name in ("payment", "payment-edit")},
        **{f"invoices:{name}": application for name in ("billing_application", "billing_application-edit")},
        "invoices:account": {"pk": house.party.pk},
        "invoices:allocate": {"pk": payment.pk},
        "invoices:undo-allocation": {"pk": allocation.pk},
    }


def writing(house) -> Keys:
    order = Record.objects.filter(party=house.party, kind="order").exclude(number=None).first()
    with_contact(house.customer, f"p{house.party.pk}@jia.example.com", by=house.assistant)
    gone, draft = sent_mailing(house.assistant), draft_mailing(house.assistant)
    secret = secret_of(order, by=house.assistant)
    link = {"pk": order.private_links.get().pk}
    return {
        **{f"mailings:{name}": {"pk": draft.pk} for name in ("mailing", "mailing-edit", "preview", "looks", "test", "labels", "letters")},
        **{f"mailings:{name}": {"customer": house.party.pk} for name in ("message-new", "wish")},
        **{f"mailings:{name}": link for name in ("visits", "revoke")},
        "mailings:about": {"pk": order.pk},
        "mailings:message-about": {"record": order.pk},
        "told:state": {"key": secret},
        "told:opt-out": {"key": gone.lines.out().first().secret},
    }  # fmt: skip


def bids(house) -> Keys:
    draft = draft_bid(house.customer, by=house.assistant, deposit_way="money", deposit=Decimal(100))
    competitor = save_competitor(Competitor(bid=draft, name="东方器械"), by=house.assistant)
    of_bid = {"bid": draft.pk}
    return {
        **{f"bids:{name}": {"pk": draft.pk} for name in ("bid", "bid-edit", "goods-edit", "papers-edit", "prices", "prices-xlsx", "make-contract")},
        **{f"bids:{name}": of_bid for name in ("deadline", "competitor-new", "deposit-paid", "deposit-back", "deposit-expected")},
        "bids:competitor-edit": of_bid | {"pk": competitor.pk},
        "bids:tick": {"pk": draft.papers.first().pk},
    }  # fmt: skip


def quotations(house) -> Keys:
    asked = enquiry(house.customer, by=house.assistant)
    of_one = {f"quotations:{name}": {"pk": asked.pk} for name in ("quotation", "quotation-edit", "quotation-pdf")}
    return of_one | {"quotations:version-new": {"previous": asked.pk}}


def personal(person: Person) -> Keys:
    """What is somebody's own, whatever their role."""
    claim = draft_claim(person)
    regions = workbook(("Region Code", "区域名称"), ("HD", "华东"))
    scan = keep("regions.xlsx", regions, "application/octet-stream", by=person, label="other")
    batch = Batch.objects.create(kind="regions", file=scan, table="Sheet1", sha256=scan.sha256, uploaded_by=person)
    work = Work.objects.create(kind="export_list", by=person, title="Export")
    notice = Notification.objects.create(person=person, topic="note", text="Look")
    mail = Message.objects.create(
        topic="note", dedupe_key=str(uuid.uuid4()), person=person, recipient=person.email, language="en",
        subject="Look", html="<p>Look</p>", text="Look",
    )  # fmt: skip
    session = UserSession.objects.create(user=person, ip="192.0.2.1", session_key=uuid.uuid4().hex, user_agent="-")
    attached = Attachment.objects.create(message=mail, file=scan)
    return {
        **{f"expenses:{name}": {"pk": claim.pk} for name in ("claim", "claim-edit")},
        **{f"control:{name}": {"pk": work.pk} for name in ("work", "work-progress", "work-stop")},
        **{f"control:{name}": {"pk": mail.pk} for name in ("mail", "mail-looked", "mail-again")},
        **{f"sheets:{name}": {"pk": batch.pk} for name in ("mapping", "marked")},
        "control:session-end": {"pk": session.pk},
        "control:mail-file": {"pk": mail.pk, "attachment": attached.pk},
        "control:notification": {"pk": notice.pk},
        "sheets:group": {"group": batch.group},
    }


def common() -> Keys:
    """What belongs to nobody: whoever may open the address finds it."""
    goods = {"pk": ProductFactory().pk}
    account = {"pk": make_person(Role.ASSISTANT).pk}
    plan, sheet = {"pk": make_plan().pk}, {"pk": computed_sheet().pk}
    issued = {"pk": issue_daily(on=timezone.localdate(), at=timezone.now()).pk}
    asked = ask_policy_change(
        "approve_order",
        amount_from=Decimal(900000),
        needed=2,
        roles=["manager"],
        reason="large",
        by=make_person(Role.GM),
    )
    call_plan = {"pk": running_plan(by=make_person(Role.ASSISTANT)).pk}
    competitor = {"pk": make_competitor(make_person(Role.ASSISTANT)).pk}
    brief = {"pk": send_brief(on=timezone.localdate(), at=timezone.now(), by=Person.objects.system()).pk}
    offer = published_offer(make_person(Role.MANAGER))
    now = timezone.now()
    run = DueRun.objects.create(job=next(iter(JOBS)), period="2026-01-01", due_at=now, watermark=now)
    job = {"name": run.job}
    return {
        **{f"leads:{name}": {"pk": offer.pk} for name in ("offer", "offer-edit", "offer-publish")},
        **{f"offers:{name}": {"code": offer.code} for name in ("offer", "thanks")},
        **{f"stock:{name}": goods for name in ("product", "product-edit")},
        **{f"contracts:{name}": {"pk": ContractTemplate.objects.first().pk} for name in ("template", "template-edit")},
        **{f"control:{name}": account for name in ("account", "account-password")},
        **{f"control:{name}": job for name in ("job", "job-last")},
        **{f"expenses:{name}": plan for name in ("commission_plan", "commission_plan-edit")},
        **{f"expenses:{name}": sheet for name in ("commission_sheet", "commission_sheet-excel")},
        **{f"visits:{name}": call_plan for name in ("call_plan", "call_plan-edit", "plan-add", "plan-close")},
        **{f"market:{name}": competitor for name in ("competitor", "competitor-edit")},
        "market:brief": brief,
        "control:job-again": job | {"period": run.period},
        "control:department": {"pk": Department.objects.first().pk},
        "control:region": {"pk": Region.objects.create(code="HD", name="华东").pk},
        "expenses:kind": {"pk": ExpenseKind.objects.first().pk},
        "control:policy-decide": {"pk": asked.pk},
        "cases:category": {"pk": category().pk},
        "licences:kind": {"pk": LicenceKind.objects.first().pk},
        "papers:kind": {"pk": PaperKind.objects.first().pk},
        "papers:step": {"pk": save_step(FormalityStep(name="备案"), by=make_person(Role.FINANCE)).pk},
        "stock:category": {"pk": CategoryFactory().pk},
        "stock:unit": {"pk": Unit.objects.first().pk},
        "stock:warehouse": {"pk": Warehouse.objects.first().pk},
        "ledger:account": {"code": "1002"},
        "ledger:entry": {"pk": Entry.objects.first().pk},
        "ledger:month": {"pk": AccountingPeriod.objects.first().pk},
        "reports:issued-report": issued,
        "reports:issued-revise": issued,
        "reports:issued-file": issued | {"what": "excel"},
        "mailings:template-edit": {
            "pk": LetterTemplate.objects.get_or_create(name="新品", defaults={"subject": "x", "body": "x"})[0].pk
        },
        "pages:lookup": {"name": "product"},
        "sheets:template": {"kind": "products"},
    }
