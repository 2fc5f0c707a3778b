"""What calls and visits owe and when."""

from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.cadence import day
from backoffice.jobs.models import DueRun
from backoffice.jobs.registry import LATEST, job
from backoffice.people.models import Person
from customers.visits.services import plan_rhythms


@job(
    "plan_visits",
    every=day,
    at="05:30",
    label=_("Calls and visits by the rhythm of each grade"),
    catch_up=LATEST,
    keep=timedelta(days=90),
)
def plan_visits(run: DueRun) -> None:
    """C3: before people come, every customer has the next call of their rhythm."""
    done = plan_rhythms(on=run.day, by=Person.objects.system())
    run.result = gettext("%(made)d planned, %(moved)d moved, %(dropped)d let go, %(handed)d handed on") % {
        "made": done.made, "moved": done.moved, "dropped": done.dropped, "handed": done.handed,
    }  # fmt: skip
