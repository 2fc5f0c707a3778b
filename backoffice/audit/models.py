"""The book of changes 变更记录 (C8, X20): every change of every tracked row, whoever or whatever made it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.database import append_only, read_only, trigger
from backoffice.parties.models import Party
from backoffice.people.models import Department, Person, Region


@read_only
@append_only
class Event(models.Model):
    """One change of one row. `changed` maps a field to [before, after], amounts as text."""

    class Operation(models.TextChoices):
        INSERT = "I", _("made")
        UPDATE = "U", _("changed")
        DELETE = "D", _("deleted")

    table = models.CharField(_("table"), max_length=63)
    row = models.BigIntegerField(_("row"))
    record_id = models.BigIntegerField(_("document"), null=True)
    party_id = models.BigIntegerField(_("party"), null=True)
    operation = models.CharField(_("operation"), max_length=1, choices=Operation)
    changed = models.JSONField(_("changes"), default=dict)
    person = models.ForeignKey(
        Person, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, verbose_name=_("by")
    )
    step = models.CharField(_("step"), max_length=60, blank=True)
    note = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"))
    xid = models.BigIntegerField(_("transaction"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["record_id", "-id"], name="event_record", condition=models.Q(record_id__isnull=False)),
            models.Index(fields=["party_id", "-id"], name="event_party", condition=models.Q(party_id__isnull=False)),
            models.Index(fields=["table", "row", "-id"], name="event_row"),
            models.Index(fields=["person", "-id"], name="event_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {self.table} {self.row}"


for _model in (Person, Department, Region, Person.serves.through, Person.serves_regions.through):
    trigger(_model, "audit", "AFTER INSERT OR UPDATE OR DELETE", "audit_row", "", "", "last_login,password")
trigger(Party, "audit", "AFTER INSERT OR UPDATE OR DELETE", "audit_row", "", "id", "search,version")
trigger(Person, "password", "AFTER UPDATE", "audit_password")
