"""The register of documents: one row for every document of any kind, and the dossier that binds a deal together.

A document and its register row share one primary key, so that a review, a file, a ledger line or a mail can
point at «a document» by a real foreign key. Search, the chain strip and the customer's timeline read only this
table. Triggers keep it; the program cannot write it.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only, read_only
from backoffice.database.queries import among
from backoffice.parties.models import Party
from backoffice.people.models import Department, Person, Role, below


class DocumentIdField(models.BigAutoField):
    """A primary key drawn from the one sequence of all documents."""

    sequence = "document_id"

    def db_type_suffix(self, connection: object) -> str:
        return f"DEFAULT nextval('{self.sequence}')"


class Dossier(models.Model):
    """The file of one deal 联号: every document that follows from a contract or an order carries it."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="dossiers", verbose_name=_("party"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")

    def __str__(self) -> str:
        return f"DS-{self.pk:06d}"


@append_only
class Opening(models.Model):
    """A take-over of past documents when a company goes live: checked by one person, applied by another.

    Documents that carry an opening arrived in their final state and have no reviews of their own; the pair of
    people here answers for them. The CHECK holds for imports, commands and the shell alike.
    """

    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    applied_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("applied by"))
    source = models.CharField(_("source"), max_length=300)
    sha256 = models.CharField(_("fingerprint of the file"), max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("take-over")
        verbose_name_plural = _("take-overs")
        constraints = [
            models.CheckConstraint(condition=~Q(uploaded_by=models.F("applied_by")), name="opening_two_people"),
        ]

    def __str__(self) -> str:
        return self.source


class RecordQuerySet(models.QuerySet["Record"]):
    # What a role may see of documents whose party it does not know.
    KINDS_OF_ROLE = {
        Role.WAREHOUSE: ("order", "shipment", "return", "supply_request", "paper"),
        Role.PURCHASING: ("purchase_order", "supply_request"),
        Role.HR: ("commission_sheet",),
        Role.MANAGER: ("commission_sheet",),
    }

    # Kinds that are everybody's where they belong to no party: papers that go along with a product, whoever buys it.
    OPEN_WITHOUT_PARTY = ("paper",)

    def visible_to(self, person: Person) -> "RecordQuerySet":
        if person.sees_everything:
            return self
        rows = among(Party.objects.visible_to(person), "party") | Q(author=person)
        rows |= Q(kind__in=self.OPEN_WITHOUT_PARTY, party=None) & ~Q(state="draft")
        for role, kinds in self.KINDS_OF_ROLE.items():
            if person.has_role(role):
                rows |= Q(kind__in=kinds) & ~Q(state="draft")
        if person.has_role(Role.MANAGER) and person.department_id:
            of_mine = Q(author__department__in=below(Department, [person.department_id]))
            rows |= Q(kind__in=("claim", "mailing")) & of_mine & ~Q(state="draft")
        return self.filter(rows)

    def matching(self, typed: str) -> "RecordQuerySet":
        return self.filter(Q(number__icontains=typed) | Q(external_number__icontains=typed))


@read_only
class Record(models.Model):
    """The register row of one document. Same id as the document itself."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=40)
    number = models.CharField(_("number"), max_length=60, null=True)
    external_number = models.CharField(_("their number"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=30)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="records", verbose_name=_("party"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="records", verbose_name=_("dossier"))
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("author"))
    salesperson = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("salesperson"))
    dated_on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True)
    changed_at = models.DateTimeField(_("changed at"))
    xid = models.BigIntegerField(_("made in transaction"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-dated_on", "-pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(fields=["party", "-dated_on", "-id"], name="record_party"),
            models.Index(fields=["dossier"], name="record_dossier"),
            models.Index(fields=["kind", "state"], name="record_kind_state"),
            models.Index(fields=["author", "state"], name="record_author"),
            models.Index(fields=["amount"], name="record_amount"),
            GinIndex(OpClass(Upper("number"), "gin_trgm_ops"), name="record_number"),
            GinIndex(OpClass(Upper("external_number"), "gin_trgm_ops"), name="record_external"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.kind} {self.pk}"


tracked(party="party_id")(Dossier)
