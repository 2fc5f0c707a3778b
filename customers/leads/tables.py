"""The lists of leads and of offers."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.lists import bulk
from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.declared import List
from customers.leads import services
from customers.leads.models import Lead, Offer
from customers.leads.stages import SEES, WORKS


class LeadList(List):
    name = "leads"
    title = _("Leads")
    model = Lead
    columns = [
        c.Text("name", _("Company"), link=True, width=30),
        c.State("stage"),
        c.Text("contact"),
        c.Text("phone"),
        c.Text("city"),
        c.Choice("source"),
        c.Text("offer", path="offer__title", link="offer", hidden=True),
        c.Person("owner"),
        c.Date("came_on"),
        c.Date("next_on"),
        c.Date("first_call_on", hidden=True),
        c.Text("email", hidden=True),
        c.Text("business", hidden=True),
        c.Text("region", path="region__name", hidden=True),
        c.Date("ended_on", hidden=True),
        c.Text("lost_reason", hidden=True),
        c.Text("customer", path="customer__party__name", link="customer", hidden=True),
        c.Moment("consented_at", hidden=True),
    ]
    filters = [
        f.Choice("stage"), f.Choice("source"), f.OneOf("offer", Offer), f.PersonIs("owner"), f.RegionIs("region"), f.Contains("city"),
        f.DateRange("came_on"), f.DateRange("next_on"), f.DateRange("ended_on"), f.Contains("lost_reason"),
        f.Flag("underway", _("Under way"), lambda rows: rows.underway()),
        f.Flag("due", _("To be called"), lambda rows: rows.due(timezone.localdate())),
        f.Flag("nobodys", _("Nobody responsible"), lambda rows: rows.nobodys()),
    ]  # fmt: skip
    search = ["search", "email"]
    search_hint = _("Company, contact person, telephone, initials")
    default_order = "-came_on"
    views = [
        (_("To be called"), "due=1&o=next_on"),
        (_("Mine"), "underway=1&owner=me&o=next_on"),
        (_("Nobody responsible"), "underway=1&nobodys=1"),
        (_("Under way"), "underway=1"),
        (pgettext_lazy("lead", "Won"), "stage=won&o=-ended_on"),
        (pgettext_lazy("lead", "Given up"), "stage=lost&o=-ended_on"),
    ]
    bulk = [
        bulk.Act("take_lead", _("Make them mine"), WORKS, services.take_lead),
        bulk.Act("move_lead", _("One stage on"), WORKS, services.advance_lead),
        bulk.Act("give_up_lead", _("Give up"), WORKS, services.give_up_lead, needs_note=True, tone="danger"),
    ]
    roles = SEES
    new = ("leads:lead-new", _("New lead"), WORKS)
    empty = _("Leads appear here when somebody answers an offer, or is entered after a fair or a call.")

    def row_css(self, row):
        return "late" if row.is_underway and row.next_on and row.next_on < timezone.localdate() else ""


class OfferList(List):
    name = "offers"
    title = _("Offers to dealers")
    model = Offer
    columns = [
        c.Text("title", link=True, width=30),
        c.Bool("is_published", _("Published")),
        c.Text("area"),
        c.Date("ends_on"),
        c.Person("owner"),
        c.Moment("published_at"),
        c.Text("summary", width=50, hidden=True),
        c.Text("code", hidden=True),
    ]
    filters = [f.Bool("is_published", _("Published")), f.PersonIs("owner"), f.DateRange("ends_on"), f.Contains("area")]
    search = ["title", "code", "summary"]
    views = [(_("Published"), "is_published=1"), (_("Drafts"), "is_published=0")]
    roles = SEES
    new = ("leads:offer-new", _("New offer"), WORKS)
    empty = _("Write what you offer to dealers; once a manager has published it, anybody can read and answer it.")
