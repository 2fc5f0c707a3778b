"""复核规则: how many people of which roles agree to a step; one person asks for a change, another decides."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.control.forms import PolicyForm
from backoffice.control.words import step_words
from backoffice.pages.views import Act, EditPage, Page
from backoffice.people.models import Role
from backoffice.refusals import Refused
from backoffice.review.models import Policy, PolicyChange
from backoffice.review.policies import DECIDES, ask_policy_change, decide_policy_change

DECIDED_LATELY = 20


class PoliciesPage(Page):
    """What holds now, what somebody asks for, what was decided."""

    roles = DECIDES
    title = gettext_lazy("Review policies")
    template_name = "control/policies.html"

    def get_primary(self) -> Act | None:
        return Act(_("Ask for a change"), reverse("control:policy-ask"), "plus", key="n")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = PolicyChange.objects.select_related("asked_by", "decided_by")
        return super().get_context_data(**kwargs) | {
            "policies": [in_words(policy) for policy in Policy.objects.all()],
            "waiting": [in_words(change) for change in changes.filter(decided_by=None)],
            "decided": [in_words(change) for change in changes.exclude(decided_by=None)[:DECIDED_LATELY]],
        }


class PolicyAsk(EditPage):
    """Ask for another number, other roles or a new bound; `?policy=` begins with a row as it stands."""

    roles = DECIDES
    model = PolicyChange
    form_class = PolicyForm
    title = gettext_lazy("Ask for a change of policy")
    crumbs = ((gettext_lazy("Review policies"), "control:policies"),)
    template_name = "control/form.html"
    save_label = gettext_lazy("Ask for it")
    saved_message = gettext_lazy("Asked for. It holds as soon as a second person agrees.")
    wide = True

    def get_title(self) -> str:
        return self.title

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("policy", "")
        policy = (
            Policy.objects.filter(pk=int(asked)).first()
            if asked.isascii() and asked.isdigit() and len(asked) < 10
            else None
        )
        return PolicyForm.as_it_stands(policy) if policy else {"amount_from": 0, "needed": 1}

    def save(self, form: PolicyForm) -> str:
        ask_policy_change(by=self.request.user, **form.cleaned_data)
        return reverse("control:policies")


class PolicyDecide(Page):
    """A second person agrees or refuses."""

    roles = DECIDES
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        change = get_object_or_404(PolicyChange, pk=pk)
        agree = request.POST.get("agree") == "1"
        try:
            decide_policy_change(change, agree=agree, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Agreed: the policy holds from now on.") if agree else _("Refused: nothing changes.")
            )
        return redirect("control:policies")


def in_words(row: Policy | PolicyChange) -> dict[str, Any]:
    labels = dict(Role.choices)
    return {"row": row, "step": step_words(row.step), "roles": [labels.get(role, role) for role in row.roles]}
