"""What is due of orders, and when."""

from celery import shared_task
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import Minutes, day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from orders.models import Order
from orders.services import let_go, letting_go
from orders.services.folding import fold_sales


@job("fold_sales", every=Minutes(15), label=_("Fold the sums of sales"), catch_up=LATEST)
def fold(run: DueRun) -> None:
    run.result = gettext("%(number)s changes folded") % {"number": fold_sales()}


@job("held_orders", every=day, at="07:40", label=_("Held orders that nothing holds any more"), catch_up=LATEST)
def look_at_held(run: DueRun) -> None:
    """C2, C11: money came in, a limit was raised, the validity of a licence has begun."""
    free = let_go(Order.objects.all(), note=gettext("Nothing holds it any more."))
    run.result = gettext("%(number)s orders are checked again") % {"number": free}


@shared_task
def take_on(orders: list[int], note: str) -> None:
    """What `let_go` found, outside its transaction."""
    letting_go.take_on(orders, note=note)
