"""What people claim 费用报销 (E1): by kind of expense, which says on which account it is booked."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import defaults
from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.parties.models import Party
from backoffice.people.models import Department, Person, Role, below
from customers.visits.models import Reception
from expenses.lifecycle import CLAIM


@tracked()
class ExpenseKind(models.Model):
    """A kind of expense 费用类别 and the account of the ledger it belongs to."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("English name"), max_length=100)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    account = models.CharField(_("ledger account"), max_length=20)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["account", "code"]
        verbose_name = _("kind of expense")
        verbose_name_plural = _("kinds of expense")
        constraints = [
            models.CheckConstraint(condition=Q(account__startswith="6601."), name="expense_kind_selling"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("expenses:kind", args=[self.pk])

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


KINDS = (
    ("TRAVEL", "Travel", "差旅费", "6601.02"),
    ("ENTERTAIN", "Entertainment", "业务招待费", "6601.04"),
    ("PROMOTION", "Promotion", "业务宣传费", "6601.05"),
    ("OFFICE", "Office", "办公费", "6601.06"),
    ("POST", "Telephone and post", "邮电通讯费", "6601.07"),
    ("PRINT", "Printing and cards", "印刷费", "6601.08"),
    ("FAIR", "Fairs", "展览费", "6601.09"),
    ("VEHICLE", "Vehicles", "车辆费", "6601.10"),
    ("OTHER", "Other", "其他", "6601.99"),
)


@defaults
def usual_kinds_of_expense() -> None:
    """What a sales office spends money on, on the accounts of the chart."""
    for code, english, chinese, account in KINDS:
        ExpenseKind.objects.get_or_create(
            code=code, defaults={"name_en": english, "name_zh": chinese, "account": account}
        )


class ClaimQuerySet(DocumentQuerySet):
    def visible_to(self, person: Person) -> Self:
        """One's own; a manager those of the department; finance and the general manager all (F9)."""
        if person.sees_everything:
            return self
        rows = Q(author=person)
        if person.has_role(Role.MANAGER) and person.department_id:
            rows |= Q(author__department__in=below(Department, [person.department_id])) & ~Q(state="draft")
        return self.filter(rows)


class Claim(Document):
    """Money that somebody spent for the company and wants back 费用报销单 (E1)."""

    lifecycle = CLAIM
    movable: ClassVar[tuple[str, ...]] = ("paid_on",)

    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    title = models.CharField(_("purpose"), max_length=200)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    reception = models.ForeignKey(
        Reception,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        editable=False,
        verbose_name=_("reception"),
    )

    objects: ClassVar[Any] = ClaimQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("expense claim")
        verbose_name_plural = _("expense claims")
        indexes = [
            models.Index(fields=["-dated_on", "-id"], name="claim_newest"),
            models.Index(fields=["author", "-dated_on"], name="claim_author"),
            models.Index(fields=["state", "-dated_on", "-id"], name="claim_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="claim_amount"),
            models.UniqueConstraint(
                fields=["reception"], condition=~Q(state="cancelled"), name="claim_of_reception_once"
            ),
        ]


class ClaimLine(DocumentLine):
    """One receipt: what kind of expense, when, for which customer, how much."""

    document_field = "claim"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name=_("expense claim"))
    kind = models.ForeignKey(ExpenseKind, models.PROTECT, related_name="+", verbose_name=_("kind of expense"))
    spent_on = models.DateField(_("spent on"))
    description = models.CharField(_("description"), max_length=200)
    customer = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    class Meta(DocumentLine.Meta):
        verbose_name = _("line of a claim")
        verbose_name_plural = _("lines of a claim")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="claim_line_amount")]

    def __str__(self) -> str:
        return f"{self.position} {self.description}"
