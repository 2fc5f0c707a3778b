"""Two years of trade of the demonstration company: every deal walks through the real steps, with seasons and debts."""

import datetime
from decimal import Decimal
from random import Random

from backoffice.ledger.models import Item
from backoffice.ledger.services.allocating import suggest
from backoffice.people.models import Person
from customers.models import Customer, PaymentTerm
from customers.services import write_note
from invoices import services as billing
from invoices.models import Payment
from orders.models import Order
from orders.services import Wanted, approve_order, save_order, submit_order
from reports.demo import names
from reports.demo.company import Company
from shipments import services as shipping

# Share of a year's deals by month: spring festival is quiet, autumn is not.
SEASON = (5, 4, 8, 8, 9, 9, 7, 7, 11, 11, 12, 9)
DEALS = 140


def days_of_deals(rng: Random, *, start: datetime.date, today: datetime.date) -> list[datetime.date]:
    """The days on which orders come in, thicker in the season and towards today."""
    span = (today - start).days
    weighted = [start + datetime.timedelta(n) for n in range(span + 1)]
    weights = [
        SEASON[day.month - 1] * (10 + 8 * n // max(1, span)) * (day.weekday() < 5) for n, day in enumerate(weighted)
    ]
    return sorted([*rng.choices(weighted, weights, k=DEALS), *recent(today)])


def recent(today: datetime.date) -> list[datetime.date]:
    """Some orders of the last two days, so that there is something to review, to ship and to mail."""
    return [today - datetime.timedelta(back) for back in (2, 2, 1, 1, 1, 0, 0, 0, 0, 0)]


class Trade:
    """Walks deals through the steps; how far a deal comes follows from its age and from chance."""

    def __init__(self, company: Company, rng: Random, *, today: datetime.date) -> None:
        self.company, self.rng, self.today = company, rng, today

    def deal(self, day: datetime.date) -> None:
        """One order and all that follows from it by now."""
        rng = self.rng
        customer = rng.choice(self.company.customers[: 20 if rng.random() < 0.6 else len(self.company.customers)])
        writer, reviewer = self.company.desk_of(customer)
        order = self.order(customer, day, writer)
        age = (self.today - day).days
        if age == 0 and rng.random() < 0.4:
            return
        order = submit_order(order, by=writer)
        if order.state != "submitted" or (age <= 1 and rng.random() < 0.5):
            return
        order = approve_order(order, by=reviewer)
        if order.state == "approved":
            self.ship(order, customer, writer, day)

    def order(self, customer: Customer, day: datetime.date, writer: Person) -> Order:
        rng = self.rng
        contract = self.company.contracts.get(customer.party_id)
        if contract is None or contract.dated_on > day or rng.random() < 0.2:
            contract, goods = None, rng.sample(self.company.products, rng.randrange(1, 6))
        else:
            goods = self.company.contracted(contract)[: rng.randrange(1, 6)]
        lines = [
            Wanted(
                product=product,
                quantity=Decimal(rng.choice((2, 5, 10, 20, 30)) if product.list_price < 600 else rng.randrange(1, 6)),
            )
            for product in goods
        ]
        header = {
            "party": customer.party, "contract": contract, "dated_on": day, "required_on": day + datetime.timedelta(7), "salesperson": customer.party.owner,
            "warehouse": self.company.warehouse, "term": customer.term, "delivery_address": f"{customer.party.city}{customer.party.address}",
            "delivery_contact": customer.party.contact, "delivery_phone": customer.party.phone,
        }  # fmt: skip
        return save_order(Order(), by=writer, header=header, lines=lines)

    def ship(self, order: Order, customer: Customer, writer: Person, day: datetime.date) -> None:
        """Two warehouse people look, the money is there where it must be, the goods leave and arrive."""
        leaves = self.later(day, 1, 4)
        if leaves is None:
            return
        if customer.term.kind != PaymentTerm.Kind.CREDIT:
            self.pay(customer, order.amount, leaves, writer, order=order)
        shipment = shipping.submit_shipment(shipping.ship_order(order, by=writer), by=writer)
        shipment = shipping.review_shipment(shipment, by=self.company.people["warehouse"])
        if (self.today - leaves).days <= 1 and self.rng.random() < 0.4:
            return
        shipment = shipping.review_shipment(shipment, by=self.company.warehouse2)
        if customer.term.kind != PaymentTerm.Kind.CREDIT:
            shipping.clear_shipment(shipment, by=self.company.finance2)
        number = f"YT{self.rng.randrange(10**11, 10**12)}"
        shipment = shipping.dispatch_shipment(
            shipment, by=self.company.people["warehouse"], dispatched_on=leaves, tracking_number=number
        )
        arrives = self.later(leaves, 1, 5)
        if arrives is not None:
            shipping.deliver_shipment(shipment, by=writer, delivered_on=arrives, received_by=customer.party.contact)
        self.bill(customer, writer, leaves)

    def bill(self, customer: Customer, writer: Person, left: datetime.date) -> None:
        """The office asks, finance invoices, two others agree; then the customer pays, or does not."""
        asked = self.later(left, 1, 6)
        if asked is None:
            return
        application = billing.submit_application(
            billing.make_application(customer.party, by=writer, on=asked), by=writer
        )
        if (self.today - asked).days <= 1 and self.rng.random() < 0.5:
            return
        invoice = billing.accept_application(application, by=self.company.finance).invoices.get()
        invoice = billing.submit_invoice(invoice, by=self.company.finance)
        billing.review_invoice(invoice, by=self.company.finance2)
        invoice = billing.review_invoice(invoice, by=self.company.manager)
        number = f"2644{self.rng.randrange(10**15, 10**16)}"
        invoice = billing.issue_invoice(invoice, by=self.company.finance, tax_invoice_no=number, issued_on=asked)
        if customer.term.kind == PaymentTerm.Kind.CREDIT:
            habit = self.rng.random()
            if habit < 0.9:  # most pay about when it is due, some late, some not at all
                paid = self.later(invoice.due_on, -5, 40 if habit > 0.7 else 6)
                if paid is not None and paid >= asked:
                    part = Decimal("0.5") if habit < 0.1 else Decimal(1)
                    self.pay(customer, (invoice.amount * part).quantize(Decimal("0.01")), paid, writer)
        self.allocate(customer)

    def pay(
        self, customer: Customer, amount: Decimal, day: datetime.date, writer: Person, order: Order | None = None
    ) -> None:
        slip = Payment(
            party=customer.party,
            order=order,
            amount=amount,
            dated_on=day,
            payer=customer.party.name[:60],
            bank="示例银行",
        )
        slip = billing.submit_slip(billing.save_payment(slip, by=writer), by=writer)
        if (self.today - day).days <= 1 and order is None and self.rng.random() < 0.6:
            return
        billing.confirm_payment(slip, by=self.company.finance, confirmed_on=day)

    def allocate(self, customer: Customer) -> None:
        """Finance set what came against what is owed, as suggested."""
        rows = Payment.objects.filter(party=customer.party, state="confirmed").order_by("confirmed_on", "pk")
        for payment in rows:
            credit = Item.objects.open().credits().filter(record_id=payment.pk).first()
            matches = suggest(credit) if credit else []
            if matches:
                shares = {match.charge: match.amount for match in matches}
                billing.allocate_payment(
                    payment, shares, on=max(match.on for match in matches), by=self.company.finance
                )

    def later(self, day: datetime.date, least: int, most: int) -> datetime.date | None:
        """Some days later; None when that is still to come."""
        found = day + datetime.timedelta(self.rng.randint(least, most))
        return found if found <= self.today else None

    def talk(self) -> None:
        """What the office keeps about its customers; some of it comes back today."""
        for number, customer in enumerate(self.company.customers):
            writer, _reviewer = self.company.desk_of(customer)
            for _note in range(self.rng.randrange(1, 4)):
                day = self.today - datetime.timedelta(self.rng.randrange(1, 200))
                write_note(customer.party, by=writer, text=self.rng.choice(names.NOTES), happened_on=day)
            if number % 8 == 0:
                due = self.today + datetime.timedelta(self.rng.randrange(-2, 3))
                day = self.today - datetime.timedelta(6)
                write_note(
                    customer.party,
                    by=writer,
                    text=self.rng.choice(names.FOLLOW_UPS),
                    happened_on=day,
                    due_on=due,
                )
