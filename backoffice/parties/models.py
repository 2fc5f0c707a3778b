"""Whom we deal with 往来单位: one table for customers, suppliers and carriers.

Being a customer or a supplier is a role of a party, so that a merge, a contract and a set-off need one key.
"""

from collections.abc import Callable, Iterable

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.parties.search import fold, search_key
from backoffice.people.models import Department, Person, Region, Role, below

FOUND_BY: list[Callable[["Party"], Iterable[tuple[str, str]]]] = []


def found_by(tell: Callable[["Party"], Iterable[tuple[str, str]]]) -> Callable[["Party"], Iterable[tuple[str, str]]]:
    """A higher app says by which (name, telephone) a party is found besides its own: `@found_by` over a party that is saved."""
    FOUND_BY.append(tell)
    return tell


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, person: Person) -> "PartyQuerySet":
        """The rows this person may know of (F9, rules.md §2).

        Finance and the general manager see all; a salesperson their own; an assistant those of the people and
        regions they serve; a manager those of their department and region; purchasing the suppliers.
        """
        if person.sees_everything:
            return self
        rows = Q(pk__lt=1)  # nothing; said so that it is SQL even where nothing is added to it
        if person.has_role(Role.SALESPERSON):
            rows |= Q(owner=person)
        if person.has_role(Role.ASSISTANT):
            regions = person.serves_regions.through.objects.filter(person=person).values("region")
            rows |= Q(owner__in=person.serves.all()) | Q(region__in=below(Region, regions))
        if person.has_role(Role.MANAGER):
            if person.department_id:
                rows |= Q(owner__department__in=below(Department, [person.department_id]))
            if person.region_id:
                rows |= Q(region__in=below(Region, [person.region_id]))
        if person.has_role(Role.PURCHASING):
            rows |= Q(is_supplier=True)
        if person.has_role(Role.WAREHOUSE):
            rows |= Q(is_carrier=True)
        return self.filter(rows)

    def customers(self) -> "PartyQuerySet":
        return self.filter(is_customer=True)

    def by_code(self, codes: Iterable[str]) -> dict[str, "Party"]:
        """Code → party; an old code leads to whom its party was merged into."""
        rows = self.filter(code__in=set(codes)).select_related("merged_into", "owner")
        return {party.code: party.heir() for party in rows}

    def matching(self, typed: str) -> "PartyQuerySet":
        """Every word typed stands somewhere in the search key."""
        rows = self
        for word in fold(typed).split():
            rows = rows.filter(search__holds=word)
        return rows


class Party(models.Model):
    """A company or a person we deal with."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        HOSPITAL = "hospital", _("Hospital")
        DEALER = "dealer", _("Dealer")
        PERSON = "person", _("Individual")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COMPANY)
    is_customer = models.BooleanField(_("is a customer"), default=False)
    is_supplier = models.BooleanField(_("is a supplier"), default=False)
    is_carrier = models.BooleanField(_("is a carrier"), default=False)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="parties", verbose_name=_("salesperson")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="parties", verbose_name=_("region")
    )
    country = models.CharField(_("country"), max_length=80, blank=True)
    state = models.CharField(_("province"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    contact = models.CharField(_("contact person"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    tax_no = models.CharField(_("tax number"), max_length=40, blank=True)
    invoice_title = models.CharField(_("invoice title"), max_length=200, blank=True)
    bank_name = models.CharField(_("bank"), max_length=200, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=60, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    formerly = models.CharField(_("formerly"), max_length=600, blank=True, editable=False)
    search = models.TextField(_("search key"), blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        indexes = [
            GinIndex(OpClass("search", "gin_trgm_ops"), name="party_search"),
            models.Index(fields=["owner", "is_customer"], name="party_owner"),
            models.Index(fields=["region"], name="party_region"),
            models.Index(Collate(Upper("code"), "C"), name="party_code_upper"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(merged_into=None) | Q(is_active=False), name="merged_is_not_active"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        """The page that a higher app makes of the party, or of whom it was merged into; nothing for who has none."""
        return reverse("customers:customer", args=[self.merged_into_id or self.pk]) if self.is_customer else ""

    def heir(self) -> "Party":
        """Who stands for it today: itself, or whom it was merged into, over however many merges."""
        party = self
        while party.merged_into is not None:
            party = party.merged_into
        return party

    def former(self) -> list["Party"]:
        """Those that were merged into this one, and into them; what cannot change hands (history, old entries) is still theirs."""
        if not self.formerly:
            return []
        merged = list(Party.objects.filter(merged_into=self).order_by("pk"))
        return [one for party in merged for one in (party, *party.former())]

    def fill_search(self) -> None:
        """Bring the search key up to date; services call it before they save."""
        more = [each for tell in FOUND_BY for each in tell(self)] if self.pk else []
        names = dict.fromkeys([self.contact, *(name for name, _phone in more)])
        phones = dict.fromkeys(
            "".join(filter(str.isdigit, phone)) for phone in (self.phone, *(phone for _name, phone in more))
        )
        texts = search_key(self.code, self.name, self.short_name, *names, self.formerly)
        self.search = " ".join(filter(None, [texts, fold(self.tax_no), *phones]))
