"""What papers and formalities show elsewhere: navigation, the contract's page, what is due today."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from backoffice.pages.page import Act, may_open
from backoffice.pages.registry import Section, names_act, nav, panel
from backoffice.pages.workbench import Due, due_today
from contracts.models import Contract
from contracts.papers import handlers  # noqa: F401  (formalities begin with contracts' steps)
from contracts.papers.models import Formality, PaperRule
from contracts.papers.models.formalities import ALARM_BEFORE
from contracts.papers.selectors import goods_with, wanted_of
from contracts.papers.services import KEEPS
from contracts.papers.services.formalities import ARRANGES
from contracts.papers.tables import READS, SEES_FORMALITIES

MOST = 10

nav(Section.GOODS, gettext_lazy("Papers to go along"), "papers:list", icon="files", roles=READS, order=28)
nav(
    Section.SALES, gettext_lazy("Formalities"), "papers:formalities", icon="check-double", roles=SEES_FORMALITIES, order=78,
    waits=lambda person: Formality.objects.due(timezone.localdate() + ALARM_BEFORE).filter(owner=person)
)  # fmt: skip
for name, words in (
    ("save_paper_kind", gettext_lazy("Kind of paper saved")), ("save_paper_rule", gettext_lazy("Rule for papers saved")),
    ("start_formalities", gettext_lazy("Formalities begun")), ("remove_paper_rule", gettext_lazy("Rule for papers removed")), ("add_formality", gettext_lazy("Formality added")),
    ("change_formality", gettext_lazy("Formality changed")), ("finish_formality", gettext_lazy("Formality done")),
    ("waive_formality", gettext_lazy("Formality waived")), ("save_formality_step", gettext_lazy("Checklist changed")),
):  # fmt: skip
    names_act(name, words)


@panel(
    on=Contract,
    title=gettext_lazy("Papers to go along"),
    template="papers/_of_contract.html",
    order=40,
    icon="files",
    roles=READS,
)
def papers_of_contract(contract, person):
    """What the contract itself asks for, and everything that will have to go along with its goods."""
    leaving = goods_with("contract", contract.pk)
    rules = PaperRule.objects.filter(contract=contract).select_related("paper_kind", "party", "product", "category")
    return {
        "contract": contract, "rules": rules, "may_keep": may_open(person, KEEPS),
        "wanted": wanted_of([leaving], on=timezone.localdate())[contract.pk] if leaving else [],
    }  # fmt: skip


@panel(
    on=Contract, title=gettext_lazy("Formalities"), template="papers/_formalities.html", order=42, icon="check-double",
    roles=SEES_FORMALITIES,
)  # fmt: skip
def formalities_of_contract(contract, person):
    rows = Formality.objects.filter(contract=contract).select_related("owner", "done_by", "proof")
    return {
        "contract": contract, "formalities": rows.order_by("position", "due_on", "pk"), "today": timezone.localdate(),
        "may_arrange": may_open(person, ARRANGES), "person": person,
    }  # fmt: skip


@due_today(
    "K7", gettext_lazy("Formalities to see through"), order=46, icon="check-double", all_url="/contracts/papers/formalities/?open=1&owner=me"
)  # fmt: skip
def to_see_through(person, on):
    rows = Formality.objects.due(on + ALARM_BEFORE).filter(owner=person).select_related("contract__party")
    for row in rows[:MOST]:
        done = Act(pgettext("act", "Done"), reverse("papers:formality-finish", args=[row.pk]), "check")
        title = f"{row.contract} · {row.contract.party}"
        yield Due(
            title, row.get_absolute_url(), row.name, row.due_on, tone="bad" if row.due_on < on else "", acts=(done,)
        )


@due_today(
    "K7", gettext_lazy("Formalities overdue with others"), roles=("manager", "gm"), order=47, icon="alert",
    all_url="/contracts/papers/formalities/?late=1",
)  # fmt: skip
def late_with_others(person, on):
    rows = Formality.objects.visible_to(person).open().filter(due_on__lt=on).exclude(owner=person)
    for row in rows.select_related("contract__party", "owner")[:MOST]:
        look = Act(_("Look"), row.get_absolute_url(), "eye")
        yield Due(
            f"{row.contract} · {row.contract.party}",
            row.get_absolute_url(),
            f"{row.name} · {row.owner}",
            row.due_on,
            tone="bad",
            acts=(look,),
        )
