"""What licences show elsewhere: navigation, the customer's page, what a reviewer compares, what is due today."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice.files.models import File
from backoffice.pages.page import Act, may_open
from backoffice.pages.registry import Section, checks, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from customers.licences.lifecycle import OFFICE, VERIFIES
from customers.licences.models import Licence
from customers.licences.selectors import ending, standing_of
from customers.licences.tables import READS
from customers.licences.words import stated_rows
from customers.models import Customer

MOST = 10

nav(
    Section.CUSTOMERS, gettext_lazy("Licences"), "licences:list", icon="shield", roles=READS, order=60,
    waits=lambda person: Licence.objects.waiting_for(person),
)  # fmt: skip
names_act("save_licence_kind", gettext_lazy("Kind of licence saved"))


@panel(
    on=Customer,
    title=gettext_lazy("Licences"),
    template="licences/_of_customer.html",
    order=45,
    icon="shield",
    roles=READS,
)
def licences_of_customer(customer, person):
    """Each kind with what is on file, and what is on its way."""
    mine = Licence.objects.visible_to(person).filter(party=customer.pk).select_related("licence_kind")
    return {
        "standing": standing_of(customer.party, on=timezone.localdate()),
        "on_their_way": mine.in_state("draft", "submitted").order_by("-pk"),
        "may_write": may_open(person, OFFICE),
        "customer": customer,
    }


@checks(on=Licence, template="licences/_check.html")
def licence_beside_scan(licence, person):
    """What was typed, the scan, and what the archive says of the customer."""
    files = File.objects.of(licence).filter(label=File.Label.CERTIFICATE)
    return {"licence": licence, "scans": files, "stated": stated_rows(licence), "renews": licence.replaces}


@due_today(
    "C2",
    gettext_lazy("Licences to verify"),
    roles=VERIFIES,
    order=38,
    icon="shield",
    all_url="/customers/licences/?state=submitted",
)
def to_verify(person, on):
    rows = Licence.objects.waiting_for(person).select_related("party", "licence_kind").order_by("submitted_at")
    for licence in rows[:MOST]:
        review = Act(_("Verify"), reverse("pages:review", args=[licence.pk]), "eye")
        yield Due(str(licence.party), licence.get_absolute_url(), named(licence), licence.dated_on, acts=(review,))


@due_today(
    "C2",
    gettext_lazy("Licences that lapse"),
    roles=OFFICE,
    order=48,
    icon="shield",
    all_url="/customers/licences/?lapsing=1",
)
def about_to_lapse(person, on):
    for licence in ending(visible_to=person, on=on)[:MOST]:
        renew = Act(pgettext("licence", "Renew"), f"{reverse('licences:licence-new')}?renews={licence.pk}", "refresh")
        tone = "bad" if licence.valid_until < on else ""
        yield Due(
            str(licence.party),
            licence.get_absolute_url(),
            named(licence),
            licence.valid_until,
            tone=tone,
            acts=(renew,),
        )


def named(licence):
    return f"{licence.licence_kind} {licence.external_number}".strip()
