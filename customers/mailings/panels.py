"""What mailings and messages show elsewhere: navigation, the customer's page, «Tell the customer» on what they may see, what is due."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.database.queries import among
from backoffice.documents.models import Document
from backoffice.outbox.models import theirs
from backoffice.pages.lookups import Choice, Lookup
from backoffice.pages.page import Act
from backoffice.pages.paper import paper_of
from backoffice.pages.registry import Section, acts_on, looks_up, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from customers.mailings import services  # noqa: F401  (the gates are known from the start)
from customers.mailings.lifecycle import OFFICE
from customers.mailings.models import Mailing, News, NewsWish, OptOut, PrivateLink, Recipient
from customers.mailings.selectors import told_to
from customers.mailings.showing import is_shown
from customers.mailings.tables import READS
from customers.models import Customer
from customers.timeline import Entry, Source, tells

MOST = 8

nav(Section.CUSTOMERS, gettext_lazy("Mailings"), "mailings:list", icon="mail", roles=READS, order=45)
nav(Section.CUSTOMERS, gettext_lazy("Messages to customers"), "mailings:messages", icon="send", roles=READS, order=50)

names_act("save_letter_template", gettext_lazy("Letter template saved"))
names_act("opt_out", gettext_lazy("Wants no mailings"))
names_act("take_back_opt_out", gettext_lazy("Wants mailings again"))
names_act("keep_answer", gettext_lazy("Answer kept"))
names_act("make_private_link", gettext_lazy("Private link made"))
names_act("revoke_private_link", gettext_lazy("Private link revoked"))
names_act("tell_customer", gettext_lazy("Customer told"))
names_act("write_message", gettext_lazy("Message written"))
names_act("save_news_wish", gettext_lazy("Wish about news saved"))
names_act("hand_over_mailing", gettext_lazy("Letters handed over"))


@theirs
def written_to_customers(person):
    """What was written by hand, about no document, to a customer of theirs."""
    told = among(News.objects.visible_to(person), "news")
    return Q(record=None) & told if person.has_role(*READS) else Q(pk__in=[])


@panel(on=Customer, title=gettext_lazy("Letters and messages"), template="mailings/_of_customer.html", order=65, icon="send",
       roles=READS, name="told_to_customer")  # fmt: skip
def told_to_customer(customer, person):
    return told_to(customer.pk, person) | {"party": customer.party, "may_write": person.has_role(*OFFICE)}


@tells
class ToldToCustomer(Source):
    """News of goods and messages by hand on the timeline."""

    name, order, day, models = "news", 45, "on", (News, NewsWish, PrivateLink, OptOut)
    label = gettext_lazy("Messages")

    def rows(self, party, person):
        return News.objects.visible_to(person).filter(party=party).select_related("message", "told_by")

    def entry(self, row):
        return Entry(
            what=row.get_channel_display(),
            url=row.get_absolute_url(),
            text=row.message.subject,
            person=row.told_by,
            detail=row.message.recipient,
            at=row.at,
        )


@tells
class LettersToCustomer(Source):
    """Letters of mailings on the timeline."""

    name, order, day = "letter", 44, "on"
    label = gettext_lazy("Letters")

    def rows(self, party, person):
        return (
            Recipient.objects.visible_to(person)
            .filter(party=party, fate=Recipient.Fate.OUT)
            .select_related("mailing__author")
        )

    def entry(self, row):
        mailing = row.mailing
        return Entry(
            what=_("Mailing"),
            url=mailing.get_absolute_url(),
            text=mailing.title,
            person=mailing.author,
            detail=row.email or row.address,
            state=mailing,
        )


@acts_on(Document)
def tell_the_customer(document, person):
    """On everything whose state customers may see, or whose paper can be sent to them."""
    if document.party_id and person.has_role(*READS) and (is_shown(document) or paper_of(document, person)):
        yield Act(_("Tell the customer"), reverse("mailings:about", args=[document.pk]), icon="send")


@looks_up("mailing")
class Mailings(Lookup):
    """Mailings by number or occasion, for the filter of their recipients."""

    code = "number"

    def rows(self, person, given):
        return Mailing.objects.visible_to(person).exclude(number=None).order_by("-dated_on", "-pk")

    def matching(self, rows, typed):
        return rows.filter(number__icontains=typed) | rows.filter(title__icontains=typed)

    def find(self, typed, person, given):
        rows = self.rows(person, given)
        return [self.choice(row) for row in (self.matching(rows, typed) if typed else rows)[:20]]

    def choice(self, row):
        return Choice(row.pk, row.number or "", row.title, (str(row.dated_on),))


@due_today(
    "C9",
    gettext_lazy("Mailings that are written and not sent"),
    roles=OFFICE,
    order=70,
    icon="mail",
    all_url="/customers/mailings/?state=draft",
)
def drafts_of_mailings(person, on):
    for row in Mailing.objects.in_state("draft").filter(author=person).order_by("dated_on")[:MOST]:
        yield Due(row.title, row.get_absolute_url(), row.subject, row.dated_on)


@due_today("C10", gettext_lazy("Messages that did not reach the customer"), roles=OFFICE, order=38, icon="alert",
           all_url="/customers/mailings/messages/?state=dead")  # fmt: skip
def messages_given_up(person, on):
    """Of the last week, until somebody has told the customer another way: a later message to them."""
    rows = News.objects.visible_to(person).not_received(on).select_related("party", "message", "record")
    for row in rows[:MOST]:
        again = Act(_("Write a message"), reverse("mailings:message-new", args=[row.party_id]), "send")
        yield Due(
            str(row.party),
            row.get_absolute_url(),
            f"{row.message.subject} · {row.message.recipient}",
            row.at.date(),
            tone="bad",
            acts=(again,),
        )
