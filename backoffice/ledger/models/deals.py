"""How each entry moved the deals it touched, beside the lines (decision 19)."""

from decimal import Decimal

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from backoffice.database import read_only, trigger
from backoffice.ledger.models.books import AMOUNT, Entry, EntryLine
from backoffice.register.models import Dossier


class DealEntryQuerySet(models.QuerySet["DealEntry"]):
    def figures(self) -> dict[str, Decimal]:
        """What these come to: charged, billed, received."""
        none = Value(Decimal("0.00"), output_field=models.DecimalField(**AMOUNT))
        return self.aggregate(**{name: Coalesce(models.Sum(name), none) for name in ("charged", "billed", "received")})


@read_only
class DealEntry(models.Model):
    """What one entry did to one deal: charged to its customer, of that invoiced, money received; kept by a trigger."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+", verbose_name=_("dossier"))
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deals", verbose_name=_("entry"))
    posted_on = models.DateField(_("date"))
    charged = models.DecimalField(_("charged"), **AMOUNT)
    billed = models.DecimalField(_("invoiced"), **AMOUNT)
    received = models.DecimalField(_("received"), **AMOUNT)

    objects = DealEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal in the books")
        verbose_name_plural = _("deals in the books")
        constraints = [models.UniqueConstraint("entry", "dossier", name="deal_entry_once")]
        indexes = [
            models.Index(
                fields=["dossier"], include=["posted_on", "charged", "billed", "received"], name="deal_dossier"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.entry}: {self.charged} − {self.received}"


trigger(EntryLine, "line_deals", "AFTER INSERT", "ledger_deals_kept", new_rows="added")
