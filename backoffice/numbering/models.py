"""Numbers of documents 单据编号: without gaps, without doubles, given in the transaction that fixes the document."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backoffice.audit import tracked
from backoffice.database import append_only, trigger


@tracked()
class Series(models.Model):
    """How documents of one kind are numbered: `<prefix>-<year>-<6 digits>`."""

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    prefix = models.CharField(_("prefix"), max_length=10, unique=True)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return self.prefix


class Counter(models.Model):
    """The last number given, a row per series and year; locked last, for the rest of the transaction."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="counters", verbose_name=_("number series"))
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        ordering = ["series", "-year"]
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


@append_only
class Given(models.Model):
    """The log of numbers given; check_books looks for holes in it."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="given", verbose_name=_("number series"))
    year = models.PositiveSmallIntegerField(_("year"))
    place = models.PositiveIntegerField(_("place"))
    at = models.DateTimeField(_("given at"), auto_now_add=True)

    class Meta:
        verbose_name = _("number given")
        verbose_name_plural = _("numbers given")
        constraints = [models.UniqueConstraint(fields=["series", "year", "place"], name="number_once")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.place:06d}"


trigger(Given, "follows", "AFTER INSERT", "number_follows")
trigger(Counter, "goes_up", "BEFORE UPDATE OR DELETE", "counter_goes_up")
trigger(Counter, "was_used", "AFTER INSERT OR UPDATE", "counter_was_used", deferred=True)
