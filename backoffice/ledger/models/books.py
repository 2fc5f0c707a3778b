"""The books of money 总账 (I4, I8): chart of accounts, months, entries that never change, open items and what settled them."""

from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only, trigger
from backoffice.ledger.events import Event
from backoffice.parties.models import Party
from backoffice.people.models import Person
from backoffice.register.models import Dossier, Record

AMOUNT = {"max_digits": 18, "decimal_places": 2}


class Book(models.TextChoices):
    """A subsidiary book 明细账 that an account's lines are kept in, line by line."""

    NONE = "", _("none")
    RECEIVABLE = "receivable", _("receivable, by customer")
    PAYABLE = "payable", _("payable, by supplier")
    STAFF = "staff", _("by employee")


class BooksQuerySet(models.QuerySet):
    """Rows of the general ledger: finance and the general manager read all of it, the others none (F9)."""

    def visible_to(self, person: Person) -> "BooksQuerySet":
        return self if person.sees_everything else self.none()


class Account(models.Model):
    """An account of the chart 会计科目. Its code says where it belongs: 1122.01 is part of 1122."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("Assets")
        LIABILITY = "liability", _("Liabilities")
        EQUITY = "equity", _("Equity")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expenses")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("English name"), max_length=100)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    book = models.CharField(_("subsidiary book"), max_length=10, choices=Book, default=Book.NONE, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = BooksQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = pgettext_lazy("books", "account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    def get_absolute_url(self) -> str:
        return reverse("ledger:account", args=[self.code])

    @property
    def is_control(self) -> bool:
        """Every line on it belongs to an open item of a party."""
        return self.book in (Book.RECEIVABLE, Book.PAYABLE)

    @property
    def is_debit(self) -> bool:
        """Whether its balance stands on the debit side as a rule."""
        return self.kind in (self.Kind.ASSET, self.Kind.EXPENSE)


class PostingRule(models.Model):
    """One line of what an event posts (rules.md §7): the «marketing policy» of the books, as rows."""

    class Side(models.TextChoices):
        DEBIT = "debit", _("Debit")
        CREDIT = "credit", pgettext_lazy("books", "Credit")

    class Measure(models.TextChoices):
        """Which figure of the document a line takes."""

        NET = "net", _("net of tax")
        TAX = "tax", _("tax")
        GROSS = "gross", _("with tax")
        AMOUNT = "amount", _("the amount")
        EXPENSE = "expense", _("the expense, on the account of its kind")
        OWED = "owed", _("what is owed to the employee")
        PETTY = "petty", _("what petty cash covers")

    event = models.CharField(_("event"), max_length=40, choices=Event)
    position = models.PositiveSmallIntegerField(_("line number"))
    side = models.CharField(pgettext_lazy("books", "side"), max_length=6, choices=Side)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="rules", verbose_name=pgettext_lazy("books", "account")
    )
    measure = models.CharField(_("amount taken"), max_length=20, choices=Measure)

    objects = BooksQuerySet.as_manager()

    class Meta:
        ordering = ["event", "position"]
        verbose_name = _("posting rule")
        verbose_name_plural = _("posting rules")
        constraints = [models.UniqueConstraint("event", "position", name="posting_rule_once")]

    def __str__(self) -> str:
        return f"{self.get_event_display()} · {self.get_side_display()} {self.account.code} ({self.measure})"


class AccountingPeriod(models.Model):
    """A month of the books 会计期间. Closing and reopening are asked for by one person and done by another."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("books", "Open")
        CLOSING = "closing", _("Closing asked for")
        CLOSED = "closed", pgettext_lazy("books", "Closed")
        REOPENING = "reopening", _("Reopening asked for")

    LOCKED = (State.CLOSED, State.REOPENING)

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    requested_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by")
    )
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    entries_closed = models.PositiveIntegerField(_("entries at closing"), default=0)
    total_closed = models.DecimalField(_("total at closing"), default=0, **AMOUNT)
    fingerprint = models.CharField(_("fingerprint at closing"), max_length=64, blank=True)

    objects = BooksQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-month"]
        verbose_name = _("accounting period")
        verbose_name_plural = _("accounting periods")
        constraints = [
            models.UniqueConstraint("year", "month", name="period_once"),
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="period_month"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(requested_by__isnull=True)
                | ~Q(decided_by=F("requested_by"))
                | Q(state="reopening"),
                name="period_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("closed", "reopening")) | Q(decided_by__isnull=False, closed_at__isnull=False),
                name="period_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def get_absolute_url(self) -> str:
        return reverse("ledger:month", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        return self.state in self.LOCKED


@append_only
class Entry(models.Model):
    """A journal entry 凭证: what one event did to the accounts, in balance, made in the transaction of the step."""

    posted_on = models.DateField(_("date"))
    period = models.ForeignKey(AccountingPeriod, models.PROTECT, related_name="entries", verbose_name=_("period"))
    event = models.CharField(_("event"), max_length=40, choices=Event)
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="entries", verbose_name=_("document"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="entries", verbose_name=_("dossier"))
    memo = models.CharField(_("memo"), max_length=300, blank=True)
    amount = models.DecimalField(_("amount"), **AMOUNT)  # of either side; checked against the lines at commit
    posted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("posted by"))
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    posted_at = models.DateTimeField(_("posted at"), db_default=Func(function="transaction_timestamp"))
    xid = models.BigIntegerField(
        _("transaction"),
        db_default=Func(template="(pg_current_xact_id()::text)::bigint", output_field=models.BigIntegerField()),
    )

    objects = BooksQuerySet.as_manager()

    class Meta:
        ordering = ["-posted_on", "-pk"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(fields=["-posted_on", "-id"], name="entry_posted_on"),
            models.Index(fields=["record"], name="entry_record", condition=Q(record__isnull=False)),
            models.Index(fields=["xid"], name="entry_xid"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("ledger:entry", args=[self.pk])


@append_only
class EntryLine(models.Model):
    """One side of an entry 分录 on one account, with whom, for whom, and for which deal and document."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", verbose_name=_("entry"))
    position = models.PositiveSmallIntegerField(_("line number"))
    posted_on = models.DateField(_("date"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="lines", verbose_name=pgettext_lazy("books", "account")
    )
    debit = models.DecimalField(_("debit"), default=0, **AMOUNT)
    credit = models.DecimalField(pgettext_lazy("books", "credit"), default=0, **AMOUNT)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("party"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+", verbose_name=_("dossier"))
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+", verbose_name=_("document"))

    objects = BooksQuerySet.as_manager()

    class Meta:
        ordering = ["-posted_on", "-entry_id", "position"]
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        constraints = [
            models.UniqueConstraint("entry", "position", name="line_position"),
            models.CheckConstraint(condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="line_one_side"),
        ]
        indexes = [
            models.Index(fields=["account", "posted_on"], name="line_account"),
            models.Index(fields=["party", "posted_on"], name="line_party", condition=Q(party__isnull=False)),
            models.Index(fields=["dossier"], name="line_dossier", condition=Q(dossier__isnull=False)),
            models.Index(fields=["record"], name="line_record", condition=Q(record__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.account.code} {self.debit or -self.credit}"


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, person: Person) -> "ItemQuerySet":
        return self.filter(party__in=Party.objects.visible_to(person))

    def open(self) -> "ItemQuerySet":
        return self.filter(allocated__lt=F("amount"))

    def charges(self) -> "ItemQuerySet":
        return self.filter(kind=Item.Kind.CHARGE)

    def credits(self) -> "ItemQuerySet":
        return self.filter(kind=Item.Kind.CREDIT)

    def receivable(self) -> "ItemQuerySet":
        return self.filter(book=Book.RECEIVABLE)

    def oldest_first(self) -> "ItemQuerySet":
        return self.order_by(F("due_on").asc(nulls_last=True), "dated_on", "number", "pk")


class Item(models.Model):
    """An open item 往来明细: one line of a control account that waits to be settled.

    A charge is what the party owes us (payable: we them): an instalment of an invoice, goods dispatched and not yet
    invoiced. A credit settles charges: money, a credit note, the invoice that takes over what was dispatched. Made by
    posting only; `allocated` is kept by a trigger and can never pass `amount`.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", pgettext_lazy("books", "Charge")
        CREDIT = "credit", pgettext_lazy("books", "Credit")

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="items", verbose_name=_("entry"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="items", verbose_name=pgettext_lazy("books", "account")
    )
    book = models.CharField(pgettext_lazy("books", "book"), max_length=10, choices=Book)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    event = models.CharField(_("event"), max_length=40, choices=Event)
    party = models.ForeignKey(Party, models.PROTECT, related_name="items", verbose_name=_("party"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("salesperson"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="items", verbose_name=_("dossier"))
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="items", verbose_name=_("document"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    dated_on = models.DateField(_("date"))
    due_on = models.DateField(_("due on"), null=True)
    amount = models.DecimalField(_("amount"), **AMOUNT)
    allocated = models.DecimalField(_("allocated"), default=0, editable=False, **AMOUNT)
    allocated_on = models.DateField(_("last allocated on"), null=True, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["-dated_on", "-pk"]
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="item_amount"),
            models.CheckConstraint(condition=Q(allocated__gte=0, allocated__lte=F("amount")), name="item_allocated"),
        ]
        indexes = [
            models.Index(fields=["book", "party"], name="item_open", condition=Q(allocated__lt=F("amount"))),
            models.Index(fields=["book", "allocated_on"], name="item_settled", condition=Q(allocated=F("amount"))),
            models.Index(fields=["party", "dated_on"], name="item_party"),
            models.Index(fields=["record"], name="item_record", condition=Q(record__isnull=False)),
            models.Index(fields=["dossier"], name="item_dossier", condition=Q(dossier__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.get_event_display()} {self.dated_on}"

    @property
    def open_amount(self):
        return self.amount - self.allocated


@append_only
class Allocation(models.Model):
    """So much of a credit settles so much of a charge 核销, as of a day. Undone by a counter-row with the amount negative."""

    charge = models.ForeignKey(
        Item, models.PROTECT, related_name="settled_by", verbose_name=pgettext_lazy("books", "charge")
    )
    credit = models.ForeignKey(
        Item, models.PROTECT, related_name="settles", verbose_name=pgettext_lazy("books", "credit")
    )
    amount = models.DecimalField(_("amount"), **AMOUNT)
    on = models.DateField(_("date"))
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="allocations", verbose_name=_("entry"))
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("undoes")
    )
    note = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Func(function="transaction_timestamp"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, reverses__isnull=True) | Q(amount__lt=0, reverses__isnull=False),
                name="allocation_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["charge", "on"], name="allocation_charge"),
            models.Index(fields=["credit", "on"], name="allocation_credit"),
            models.Index(fields=["on"], name="allocation_on"),
        ]

    def __str__(self) -> str:
        return f"{self.credit} → {self.charge} {self.amount}"


@append_only
class Seal(models.Model):
    """A link of the hash chain over the entries: its place, and the hash of the link before together with this entry."""

    position = models.BigIntegerField(_("line number"), primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal", verbose_name=_("entry"))
    version = models.PositiveSmallIntegerField(_("version"))
    digest = models.CharField(_("digest"), max_length=64)
    horizon = models.BigIntegerField(_("sealed below transaction"))
    at = models.DateTimeField(_("at"), db_default=Func(function="transaction_timestamp"))

    class Meta:
        ordering = ["-position"]
        verbose_name = pgettext_lazy("books", "seal")
        verbose_name_plural = pgettext_lazy("books", "seals")

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"


for _model in (Account, PostingRule, AccountingPeriod):
    tracked()(_model)

trigger(AccountingPeriod, "period_in_order", "BEFORE INSERT", "ledger_period_in_order")
trigger(Entry, "entry_open", "BEFORE INSERT", "ledger_entry_open")
trigger(Entry, "entry_balanced", "AFTER INSERT", "ledger_entry_balanced", deferred=True)
trigger(EntryLine, "line_together", "AFTER INSERT", "ledger_line_together", new_rows="added")
trigger(Item, "item_fixed", "BEFORE UPDATE OR DELETE", "ledger_item_fixed")
trigger(Allocation, "allocation_kept", "AFTER INSERT", "ledger_allocation_kept", new_rows="added")
