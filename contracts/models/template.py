"""Templates of contracts 合同范本: clauses with places that fill themselves, terms, a plan of payments; one or more for each kind (K1)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import defaults
from backoffice.people.models import Person
from contracts.standard import TEMPLATES
from customers.models import PaymentTerm


class Category(models.TextChoices):
    """The kinds of contracts that the ledger keeps (K2)."""

    SALES = "sales", _("Sales contract")
    FRAMEWORK = "framework", _("Framework contract")
    DISTRIBUTION = "distribution", _("Distribution agreement")
    PURCHASE = "purchase", _("Purchase contract")


class InvoiceRule(models.TextChoices):
    DELIVERED = "delivered", _("What has been delivered is invoiced")
    ORDERED = "ordered", _("Invoiced first, delivered later")


class ContractTemplateQuerySet(models.QuerySet["ContractTemplate"]):
    def visible_to(self, person: Person) -> "ContractTemplateQuerySet":
        """Templates hold nothing of any customer; who may open their pages is the pages' business."""
        return self.all()

    def active(self) -> "ContractTemplateQuerySet":
        return self.filter(is_active=True)


@tracked()
class ContractTemplate(models.Model):
    """A contract that is drafted from it begins with its title, clauses and terms, and may depart from them."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    category = models.CharField(_("kind of contract"), max_length=12, choices=Category, default=Category.SALES)
    title = models.CharField(_("title of the contract"), max_length=200)
    clauses = models.TextField(_("clauses"))
    payment_plan = models.TextField(_("payment plan"), blank=True)
    term = models.ForeignKey(
        PaymentTerm, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("payment term")
    )
    invoice_rule = models.CharField(_("invoicing"), max_length=10, choices=InvoiceRule, default=InvoiceRule.DELIVERED)
    months = models.PositiveSmallIntegerField(_("runs for (months)"), default=12)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ContractTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["category", "name"]
        verbose_name = _("contract template")
        verbose_name_plural = _("contract templates")
        constraints = [models.CheckConstraint(condition=Q(months__range=(1, 120)), name="template_months")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("contracts:template", args=[self.pk])


@defaults
def usual_templates() -> None:
    """One for each kind to begin with; where a company has any of its own, nothing is added."""
    if not ContractTemplate.objects.exists():
        ContractTemplate.objects.bulk_create(
            ContractTemplate(name=name, category=category, title=title, clauses="\n".join(clauses), payment_plan=plan)
            for name, category, title, clauses, plan in TEMPLATES
        )
