"""The customer's role of a party: grade, credit, terms, contacts, addresses, notes; and changes that need two people."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import defaults, trigger
from backoffice.documents.models import Document
from backoffice.ledger.models import Item
from backoffice.money import Instalment
from backoffice.parties.models import Party, found_by
from backoffice.people.models import Person
from backoffice.register.models import Record
from customers.lifecycle import CUSTOMER_CHANGE


class Settlement(models.TextChoices):
    """How money comes 结算方式: agreed with the customer, and written on each payment."""

    TRANSFER = "transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    CASH = "cash", _("Cash")
    ACCEPTANCE = "acceptance", _("Bank acceptance")
    COMMERCIAL = "commercial", _("Commercial acceptance")
    CARD = "card", _("Card")
    ONLINE = "online", _("WeChat or Alipay")


@tracked()
class PaymentTerm(models.Model):
    """When a customer pays 付款条件. Orders copy what they need, so a later change touches no paper."""

    class Kind(models.TextChoices):
        PREPAID = "prepaid", _("Paid before dispatch")
        DEPOSIT = "deposit", _("Deposit, the rest later")
        CREDIT = "credit", _("On credit")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    deposit_rate = models.DecimalField(_("deposit"), max_digits=9, decimal_places=6, default=Decimal("0"))
    rest_before_dispatch = models.BooleanField(_("rest is due before dispatch"), default=False)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    end_of_month = models.BooleanField(_("from the end of the month"), default=False)
    day_of_month = models.PositiveSmallIntegerField(_("on the day of the month"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["kind", "days"]
        verbose_name = _("payment term")
        verbose_name_plural = _("payment terms")
        constraints = [
            models.CheckConstraint(condition=Q(deposit_rate__gte=0, deposit_rate__lte=1), name="term_deposit"),
            models.CheckConstraint(condition=Q(day_of_month=None) | Q(day_of_month__range=(1, 31)), name="term_day"),
        ]

    def __str__(self) -> str:
        return self.name

    def instalments(self) -> tuple[Instalment, ...]:
        """When an invoice falls due, for `money.dues`."""
        return (Instalment(days=self.days, end_of_month=self.end_of_month, day_of_month=self.day_of_month),)


TERMS: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("PREPAID", "款到发货", PaymentTerm.Kind.PREPAID, {}),
    ("DEP30", "30%定金，发货前付清", PaymentTerm.Kind.DEPOSIT, {"deposit_rate": Decimal("0.3"), "rest_before_dispatch": True}),
    ("DEP30N30", "30%定金，余款30天", PaymentTerm.Kind.DEPOSIT, {"deposit_rate": Decimal("0.3"), "days": 30}),
    ("EOM30", "月结30天", PaymentTerm.Kind.CREDIT, {"days": 30, "end_of_month": True}),
    ("EOM60", "月结60天", PaymentTerm.Kind.CREDIT, {"days": 60, "end_of_month": True}),
    ("N0", "货到付款", PaymentTerm.Kind.CREDIT, {}),
    ("N30", "30天", PaymentTerm.Kind.CREDIT, {"days": 30}),
    ("N45", "45天", PaymentTerm.Kind.CREDIT, {"days": 45}),
    ("N60", "60天", PaymentTerm.Kind.CREDIT, {"days": 60}),
    ("N90", "90天", PaymentTerm.Kind.CREDIT, {"days": 90}),
)  # fmt: skip


OPEN_AMOUNT = Case(When(kind=Item.Kind.CHARGE, then=F("amount") - F("allocated")), default=F("allocated") - F("amount"))


def owed_by(customers: models.QuerySet["Customer"]) -> Decimal:
    """What all of them together owe: one sum over the open items instead of one for each customer."""
    items = Item.objects.receivable().open().filter(party__in=customers.order_by().values("pk"))
    return items.aggregate(owed=Sum(OPEN_AMOUNT))["owed"] or Decimal("0.00")


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, person: Person) -> "CustomerQuerySet":
        """Those of visible parties, without whom was merged into another."""
        return self.filter(party__in=Party.objects.visible_to(person).filter(merged_into=None))

    def matching(self, typed: str) -> "CustomerQuerySet":
        return self.filter(party__in=Party.objects.matching(typed))

    def with_balance(self) -> "CustomerQuerySet":
        """`balance`: what each owes by the books (receivable less advances), from the open items."""
        items = Item.objects.receivable().open().filter(party=OuterRef("pk")).order_by()
        owed = Subquery(items.values("party").annotate(owed=Sum(OPEN_AMOUNT)).values("owed"))
        return self.annotate(balance=Coalesce(owed, Decimal("0.00"), output_field=models.DecimalField()))

    def with_last_order(self) -> "CustomerQuerySet":
        """`last_order_on`: the date of the newest order, from the register of documents."""
        newest = Record.objects.filter(party=OuterRef("pk"), kind="order").order_by("-dated_on").values("dated_on")[:1]
        return self.annotate(last_order_on=Subquery(newest))


@tracked(party="party_id")
class Customer(models.Model):
    """What a party is to us as a customer 客户档案 (C1, C11).

    No credit limit is unlimited credit, a limit of 0 is none; `overdue_tolerance` are the days a debt may be
    past due before goods on credit are refused.
    """

    class Grade(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"

    party = models.OneToOneField(
        Party, models.PROTECT, primary_key=True, related_name="customer", verbose_name=_("party")
    )
    grade = models.CharField(_("grade"), max_length=1, choices=Grade, default=Grade.C)
    term = models.ForeignKey(PaymentTerm, models.PROTECT, related_name="customers", verbose_name=_("payment term"))
    settlement = models.CharField(
        _("settlement method"), max_length=10, choices=Settlement, default=Settlement.TRANSFER
    )
    credit_limit = models.DecimalField(
        _("credit limit"), max_digits=18, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("Empty: unlimited. 0: no credit."),
    )  # fmt: skip
    overdue_tolerance = models.PositiveSmallIntegerField(_("days of tolerance"), default=0)
    source = models.CharField(_("source"), max_length=60, blank=True)
    tags = models.CharField(_("tags"), max_length=200, blank=True)
    note = models.TextField(_("remarks"), blank=True)
    since = models.DateField(_("customer since"), null=True, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["party__code"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_limit=None) | Q(credit_limit__gte=0), name="credit_limit_positive"
            )
        ]

    def __str__(self) -> str:
        return str(self.party)

    @property
    def tag_list(self) -> list[str]:
        """The tags, however they were parted."""
        return [tag for tag in re.split(r"[,，;；、\s]+", self.tags) if tag]

    def get_absolute_url(self) -> str:
        return reverse("customers:customer", args=[self.pk])


@tracked(party="party_id")
class Contact(models.Model):
    """Somebody at the customer's whom we talk to."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="contacts", verbose_name=_("party"))
    name = models.CharField(_("name"), max_length=100)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    is_main = models.BooleanField(_("main contact"), default=False)
    takes_mailings = models.BooleanField(_("takes mailings"), default=True)
    takes_messages = models.BooleanField(_("takes text messages"), default=True)

    class Meta:
        ordering = ["-is_main", "name"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name


@found_by
def names_of_contacts(party: Party) -> Iterable[tuple[str, str]]:
    """Whoever calls from there is found by name and telephone, not the main contact alone (X14)."""
    return Contact.objects.filter(party=party.pk).order_by("-is_main", "pk").values_list("name", "phone")


@tracked(party="party_id")
class Address(models.Model):
    """A place goods or papers go to."""

    class Use(models.TextChoices):
        DELIVERY = "delivery", _("Delivery")
        BILLING = "billing", _("Billing")

    party = models.ForeignKey(Party, models.PROTECT, related_name="addresses", verbose_name=_("party"))
    use = models.CharField(_("use"), max_length=10, choices=Use, default=Use.DELIVERY)
    text = models.CharField(_("address"), max_length=300)
    contact = models.CharField(_("contact person"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        ordering = ["-is_default", "pk"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return self.text


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, person: Person) -> "NoteQuerySet":
        return self.filter(party__in=Party.objects.visible_to(person))

    def open(self) -> "NoteQuerySet":
        """Notes with a follow-up that nobody has done yet."""
        return self.filter(due_on__isnull=False, done_at=None)

    def due(self, on: datetime.date) -> "NoteQuerySet":
        return self.open().filter(due_on__lte=on)


@tracked(party="party_id")
class Note(models.Model):
    """What is to be kept about a customer beside talks (C3) and cases (C4); `due_on` brings it back to the workbench.

    Calls and visits are those of a lead's time, before the customer was one.
    """

    class Kind(models.TextChoices):
        REMARK = "remark", _("Remark")
        CALL = "call", _("Call")
        VISIT = "visit", _("Visit")

    party = models.ForeignKey(Party, models.PROTECT, related_name="notes", verbose_name=_("party"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REMARK)
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    due_for = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="notes_due", verbose_name=_("follow-up by")
    )
    happened_on = models.DateField(_("date"))
    due_on = models.DateField(_("follow up on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = _("follow-up note")
        verbose_name_plural = _("notes")
        indexes = [
            models.Index(fields=["party", "-happened_on"], name="note_party"),
            models.Index(fields=["due_for", "due_on"], name="note_due", condition=Q(done_at=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_on=None) | Q(due_for__isnull=False), name="note_due_for_somebody")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CustomerChange(Document):
    """A change of billing data or credit, applied only when a second person agrees (C8, C11).

    `changes` maps a field (`party.tax_no`, `customer.credit_limit` …) to [before, after] as text.
    """

    lifecycle = CUSTOMER_CHANGE
    stays_with_party: ClassVar[bool] = True  # it is about that very file of the archive

    changes = models.JSONField(_("changes"), default=dict)
    reason = models.TextField(_("reason"))

    class Meta(Document.Meta):
        verbose_name = _("change of customer data")
        verbose_name_plural = _("changes of customer data")
        constraints = [
            models.UniqueConstraint(
                fields=["party"], name="one_open_customer_change", condition=Q(state__in=["draft", "submitted"])
            )
        ]

    def __str__(self) -> str:
        return self.number or f"{self.lifecycle.label}: {self.party}"


# What only an agreed CustomerChange may alter; `guard_customer_data` holds it for whatever writes.
GUARDED = {
    "party": ("invoice_title", "tax_no", "bank_name", "bank_account"),
    "customer": ("credit_limit", "term_id", "settlement", "grade", "overdue_tolerance"),
}
trigger(Party, "customer_guard", "BEFORE UPDATE", "guard_customer_data", "party", "id", *GUARDED["party"])
trigger(
    Customer, "customer_guard", "BEFORE UPDATE OR DELETE", "guard_customer_data", "customer", "party_id", *GUARDED["customer"]
)  # fmt: skip


@defaults
def usual_payment_terms() -> None:
    """The terms a trading company begins with 付款条件; finance adds others."""
    for code, name, kind, given in TERMS:
        PaymentTerm.objects.get_or_create(code=code, defaults={"name": name, "kind": kind, **given})
