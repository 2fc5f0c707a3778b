"""Lists of what customers were written and told."""

from django.utils.translation import gettext_lazy as _

from backoffice.lists import columns as c
from backoffice.lists import filters as f
from backoffice.lists.bulk import Act
from backoffice.lists.declared import List
from backoffice.parties.models import Party
from backoffice.people.models import Role
from customers.mailings import services
from customers.mailings.lifecycle import OFFICE
from customers.mailings.models import LetterTemplate, Mailing, News, OptOut, PrivateLink, Recipient

READS = (*OFFICE, Role.GM, Role.FINANCE)


class MailingList(List):
    name = "mailings"
    title = _("Mailings")
    model = Mailing
    columns = [
        c.Text("number", link=True),
        c.Text("title", link=True, width=36),
        c.State(),
        c.Choice("way"),
        c.Date("dated_on"),
        c.Moment("send_at", hidden=True),
        c.Person("author"),
        c.Count("reached", _("Letters")),
        c.Count("delivered", _("Delivered to their server")),
        c.Count("failed", _("Not delivered")),
        c.Text("subject", hidden=True, width=40),
    ]
    filters = [f.Choice("state"), f.Choice("way"), f.DateRange("dated_on"), f.PersonIs("author"), f.Contains("subject")]
    search = ["number", "title", "subject"]
    search_hint = _("Number, occasion, subject")
    default_order = "-dated_on"
    views = [(_("Drafts"), "state=draft"), (_("Leave by themselves"), "state=planned"), (_("My own"), "author=me")]
    roles = READS
    new = ("mailings:mailing-new", _("New mailing"), OFFICE)
    empty = _("A letter to many customers: choose them by a filter, write once, see what became of each.")

    def rows(self, person):
        return super().rows(person).with_results()


class RecipientList(List):
    name = "mailing_recipients"
    title = _("Recipients of mailings")
    model = Recipient
    columns = [
        c.Text("mailing", path="mailing__number", link="mailing", width=18),
        c.Text("title", _("Occasion"), path="mailing__title", width=30),
        c.Text("party_name", link="party", width=32),
        c.Text("contact"),
        c.Text("email", width=28),
        c.Text("address", hidden=True, width=40),
        c.Choice("fate"),
        c.Choice("message_state", _("Mail"), path="message__state"),
        c.Text("error", _("Error"), path="message__error", hidden=True, width=40),
        c.Moment("sent_at", _("Sent"), path="message__sent_at"),
        c.Moment("opted_out_at", hidden=True),
        c.Text("answer", width=30),
    ]
    filters = [
        f.Related("mailing", Mailing, lookup="mailing"), f.Related("party", Party, lookup="customer"), f.Choice("fate"),
        f.Choice("message_state", _("Mail"), path="message__state"),
        f.Flag("opted", _("Opted out by this letter"), lambda rows: rows.filter(opted_out_at__isnull=False)),
        f.Flag("answered", _("Answered"), lambda rows: rows.exclude(answer="")),
    ]  # fmt: skip
    search = ["party_name", "contact", "email", "party__search"]
    default_order = "-pk"
    views = [(_("Not delivered"), "message_state=dead"), (_("Opted out"), "opted=1"), (_("Answered"), "answered=1")]
    bulk = [Act("keep_answer", _("Keep their answer"), OFFICE, services.keep_answer, needs_note=True)]
    roles = READS
    empty = _("Everybody whom a mailing went to stands here, with what became of the letter.")

    def href(self, row):
        return row.get_absolute_url() or row.mailing.get_absolute_url()


class TemplateList(List):
    name = "letter_templates"
    title = _("Letter templates")
    model = LetterTemplate
    columns = [c.Text("name", link=True, width=30), c.Choice("use"), c.Text("subject", width=40), c.Bool("is_active")]
    filters = [f.Choice("use"), f.Bool("is_active")]
    search = ["name", "subject"]
    search_hint = _("Name, subject")
    default_order = "name"
    roles = READS
    new = ("mailings:template-new", _("New letter template"), OFFICE)
    empty = _("Words that are written again and again, with fields for the customer's name, contact and salesperson.")


class OptOutList(List):
    name = "opt_outs"
    title = _("Opt-outs")
    model = OptOut
    columns = [
        c.Text("email", width=30),
        c.Party(link="party"),
        c.Moment("at"),
        c.Text("letter", _("After the letter"), path="recipient__mailing__number", link="recipient__mailing"),
        c.Person("told_to"),
        c.Text("reason", width=30),
    ]
    filters = [f.Related("party", Party, lookup="customer"), f.MomentRange("at"), f.PersonIs("told_to")]
    search = ["email", "party__search"]
    search_hint = _("E-mail, customer")
    default_order = "-at"
    bulk = [Act("take_back_opt_out", _("Take back"), OFFICE, services.take_back_opt_out, needs_note=True)]
    roles = READS
    new = ("mailings:opt-out-new", _("New opt-out"), OFFICE)
    empty = _("Who wants no mailings stands here, by the link in a letter or told to somebody. They get none.")

    def href(self, row):
        return row.party.get_absolute_url()


class NewsList(List):
    name = "customer_messages"
    title = _("Messages to customers")
    model = News
    columns = [
        c.Moment("at"),
        c.Party(link="party"),
        c.Choice("kind"),
        c.Choice("channel"),
        c.Text("subject", _("Subject"), path="message__subject", link=True, width=44),
        c.Text("recipient", _("Recipient"), path="message__recipient", width=26),
        c.Choice("state", _("State"), path="message__state"),
        c.Text("record", _("Document"), path="record__number"),
        c.Person("told_by"),
        c.Text("contact", hidden=True),
        c.Text("error", _("Error"), path="message__error", hidden=True, width=40),
    ]
    filters = [
        f.Choice("kind"), f.Choice("channel"), f.Choice("state", _("State"), path="message__state"), f.MomentRange("at"),
        f.Related("party", Party, lookup="customer"), f.PersonIs("told_by"), f.Contains("number", _("Document"), path="record__number"),
    ]  # fmt: skip
    search = ["message__subject", "message__recipient", "record__number", "party__search"]
    search_hint = _("Subject, address, number, customer")
    default_order = "-at"
    views = [(_("Not delivered"), "state=dead"), (_("By hand"), "kind=message")]
    roles = READS
    empty = _(
        "What customers are told stands here: of goods sent and arrived by itself, everything else from their page."
    )


class LinkList(List):
    name = "private_links"
    title = _("Private links")
    model = PrivateLink
    columns = [
        c.Moment("made_at"),
        c.Text("record", _("Document"), path="record__number", link=True),
        c.Party(link="party"),
        c.Text("told", width=26),
        c.Person("made_by"),
        c.Moment("expires_at"),
        c.Moment("revoked_at"),
        c.Count("visited", _("Times opened")),
        c.Moment("last_visit", _("Last opened")),
    ]
    filters = [
        f.MomentRange("made_at"), f.MomentRange("expires_at"), f.Related("party", Party, lookup="customer"), f.PersonIs("made_by"),
        f.Contains("number", _("Document"), path="record__number"),
        f.Flag("alive", _("Still open"), lambda rows: rows.alive()),
    ]  # fmt: skip
    search = ["record__number", "told", "party__search"]
    default_order = "-made_at"
    views = [(_("Still open"), "alive=1")]
    bulk = [
        Act(
            "revoke_private_link",
            _("Revoke"),
            OFFICE,
            lambda row, *, by, note: services.revoke_link(row, by=by),
            tone="danger",
        )
    ]
    roles = READS
    empty = _(
        "A link shows a customer the state of an order, a contract or a shipment without a login, until it runs out."
    )

    def rows(self, person):
        return super().rows(person).with_visits()
