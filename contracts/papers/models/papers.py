"""Papers that go along with goods 随货文件: quality reports, certificates, registrations; and the rules that ask for them (K6)."""

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import defaults
from backoffice.database.queries import among
from backoffice.documents.lines import DocumentLine
from backoffice.documents.models import Document, DocumentQuerySet
from backoffice.parties.models import Party
from backoffice.people.models import Person, Role
from backoffice.register.models import Record
from backoffice.stock.models import Category, Product
from contracts.models import Contract
from contracts.papers.lifecycle import ISSUED, PAPER


@tracked()
class PaperKind(models.Model):
    """A kind of paper 随货文件种类: put on file as it came, or printed from its own wording."""

    class Made(models.TextChoices):
        UPLOADED = "uploaded", _("Put on file as it came")
        CERTIFICATE = "certificate", _("Printed as a certificate")
        REPORT = "report", _("Printed as a report of tests")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    made = models.CharField(_("how it is made"), max_length=12, choices=Made, default=Made.UPLOADED)
    is_per_product = models.BooleanField(_("one for each product"), default=True)
    text = models.TextField(_("wording"), blank=True)
    items = models.TextField(_("what is tested"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("kind of paper")
        verbose_name_plural = _("kinds of paper")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("papers:kind", args=[self.pk])

    @property
    def tests(self) -> list[tuple[str, str]]:
        """(what is tested, what is required), one a line of `items`, parted by a bar."""
        pairs = (line.replace("｜", "|").partition("|") for line in self.items.splitlines() if line.strip())
        return [(what.strip(), required.strip()) for what, _bar, required in pairs]


# code, name, how it is made, one for each product, wording, what is tested
KINDS = (
    ("CERT", "产品合格证", PaperKind.Made.CERTIFICATE, True, "兹证明{product}（规格 {specification}，批号 {batch}，数量 {quantity}）经检验符合标准要求，准予出厂。", ""),
    ("QUALITY", "质量检验报告", PaperKind.Made.REPORT, True, "本报告仅对所检批次负责。", "外观 | 无破损、无污染\n包装标识 | 名称、批号、效期清晰完整\n数量 | 与送货单一致"),
    ("REGISTER", "产品注册证", PaperKind.Made.UPLOADED, True, "", ""),
    ("BUSINESS", "商务文件", PaperKind.Made.UPLOADED, False, "", ""),
)  # fmt: skip


@defaults
def usual_kinds_of_paper() -> None:
    """What customers ask for most; a company words its own."""
    for code, name, made, is_per_product, text, items in KINDS:
        given = {"name": name, "made": made, "is_per_product": is_per_product, "text": text, "items": items}
        PaperKind.objects.get_or_create(code=code, defaults=given)


class PaperRuleQuerySet(models.QuerySet["PaperRule"]):
    def visible_to(self, person: Person) -> "PaperRuleQuerySet":
        """What a rule says of a customer or a contract is known to whoever may know those."""
        if person.sees_everything:
            return self
        of_party = Q(party=None) | among(Party.objects.visible_to(person), "party")
        of_contract = Q(contract=None) | among(Contract.objects.visible_to(person), "contract")
        return self.filter(of_party & of_contract)


@tracked()
class PaperRule(models.Model):
    """What must go along 随货要求: with goods of a contract, to a customer, of a product or product line; empty is any."""

    paper_kind = models.ForeignKey(PaperKind, models.PROTECT, related_name="rules", verbose_name=_("kind of paper"))
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="paper_rules", verbose_name=_("contract")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product line")
    )
    note = models.CharField(_("remarks"), max_length=200, blank=True)

    objects = PaperRuleQuerySet.as_manager()

    class Meta:
        ordering = ["paper_kind__code", "pk"]
        verbose_name = _("rule for papers")
        verbose_name_plural = _("rules for papers")
        constraints = [
            models.UniqueConstraint(
                fields=["paper_kind", "contract", "party", "product", "category"], nulls_distinct=False,
                name="paper_rule_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.paper_kind}: {self.because}"

    def get_absolute_url(self) -> str:
        return reverse("papers:rule", args=[self.pk])

    @property
    def because(self) -> str:
        """Where it applies, in words."""
        named = [str(row) for row in (self.contract, self.party, self.product, self.category) if row]
        return " · ".join(named) or gettext("all goods")


class PaperQuerySet(DocumentQuerySet):
    """The vocabulary of papers."""

    def visible_to(self, person: Person) -> Self:
        """As every document; what goes along with a product whoever buys it is everybody's once it is issued."""
        if person.sees_everything:
            return self
        return super().visible_to(person) | self.filter(party=None).exclude(state="draft")

    def valid(self, on: datetime.date) -> Self:
        return self.in_state(ISSUED).filter(Q(valid_until=None) | Q(valid_until__gte=on))


class Paper(Document):
    """One paper that goes along (K6): with one delivery or contract (`goes_with`), or with a product whoever buys it.

    What is printed (names, wording, tests) is copied when it is issued, so that the same paper is printed ever after.
    """

    lifecycle = PAPER
    roles_see_all = {Role.WAREHOUSE: ("draft",)}

    party = models.ForeignKey(  # type: ignore[assignment]
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    paper_kind = models.ForeignKey(PaperKind, models.PROTECT, related_name="papers", verbose_name=_("kind of paper"))
    goes_with = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="papers_along", verbose_name=_("goes with")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    party_name = models.CharField(_("customer's name"), max_length=200, blank=True, editable=False)
    product_name = models.CharField(_("name of the product"), max_length=200, blank=True, editable=False)
    spec = models.CharField(_("specification"), max_length=200, blank=True, editable=False)
    unit = models.CharField(_("unit"), max_length=20, blank=True, editable=False)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3, null=True, blank=True)
    produced_on = models.DateField(_("produced on"), null=True, blank=True)
    tested_on = models.DateField(_("tested on"), null=True, blank=True)
    valid_until = models.DateField(_("valid to"), null=True, blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=200, blank=True)
    wording = models.TextField(_("wording"), blank=True, editable=False)

    objects: ClassVar[Any] = PaperQuerySet.as_manager()

    class Meta(Document.Meta):
        verbose_name = _("paper to go along")
        verbose_name_plural = _("papers to go along")
        indexes = [
            models.Index(fields=["goes_with"], name="paper_goes_with"),
            models.Index(fields=["product", "paper_kind"], name="paper_product"),
            models.Index(fields=["state", "-dated_on", "-id"], name="paper_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity=None) | Q(quantity__gt=0), name="paper_quantity"),
            models.CheckConstraint(condition=Q(goes_with=None) | Q(party__isnull=False), name="paper_of_somebody"),
        ]


class PaperItem(DocumentLine):
    """One test of a report: what, what is required, what was found."""

    document_field = "paper"

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="lines", verbose_name=_("paper to go along"))
    what = models.CharField(_("what is tested"), max_length=100)
    required = models.CharField(_("requirement"), max_length=200, blank=True)
    found = models.CharField(_("found"), max_length=200, blank=True)

    class Meta(DocumentLine.Meta):
        verbose_name = _("test")
        verbose_name_plural = _("tests")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"], name="paper_item_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.what
