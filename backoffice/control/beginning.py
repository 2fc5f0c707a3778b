"""What an administrator does first: the parts of the company, its people, and enough of them for every review."""

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.control.words import step_words
from backoffice.pages.beginning import begins_with
from backoffice.people.models import Department, Person, Region, Role
from backoffice.review.models import Policy
from backoffice.review.policies import DECIDES

NAMED = 3
SEE_ALL = (Role.FINANCE, Role.GM)


@begins_with(gettext_lazy("The company's name on its papers"), "control:status", order=5)
def company_name() -> str:
    return "" if settings.COMPANY_NAME else _("COMPANY_NAME in the server's settings; contracts and notes carry it.")


@begins_with(gettext_lazy("Departments"), "control:department-new", order=10)
def departments() -> str:
    return "" if Department.objects.exists() else _("A manager sees the work of their department.")


@begins_with(gettext_lazy("Sales regions"), "control:region-new", order=15)
def regions() -> str:
    return "" if Region.objects.exists() else _("Customers lie in regions; an assistant may serve a whole region.")


@begins_with(gettext_lazy("People with their roles"), "control:account-new", order=20)
def people() -> str:
    """Every review finds the people that its policy asks for."""
    for policy in Policy.objects.all():
        there = Person.objects.with_role(*policy.roles).count()
        if there < policy.needed:
            labels = "、".join(str(Role(role).label) for role in policy.roles)
            given = {"step": step_words(policy.step), "needed": policy.needed, "roles": labels, "there": there}
            return _("«%(step)s» needs %(needed)s of: %(roles)s; there are %(there)s.") % given
    return ""


@begins_with(gettext_lazy("A second person who decides with you"), "control:account-new", order=25)
def second_person() -> str:
    if Person.objects.with_role(*DECIDES).count() > 1:
        return ""
    return _("Review policies and past documents need two: name a general manager or another administrator.")


@begins_with(gettext_lazy("Passwords"), "control:accounts", order=30)
def passwords() -> str:
    without = Person.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    names = [person.name for person in without[: NAMED + 1]]
    shown = "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    return _("%(names)s cannot sign in yet.") % {"names": shown} if names else ""


@begins_with(gettext_lazy("Whom the assistants serve"), "control:accounts", order=60)
def served() -> str:
    """An assistant sees the customers of those they serve, else none (F9)."""
    alone = Person.objects.with_role(Role.ASSISTANT).exclude(roles__overlap=[Role.MANAGER, *SEE_ALL])
    names = [person.name for person in alone.filter(serves=None, serves_regions=None)[: NAMED + 1]]
    return _("%(names)s serve nobody and see no customer.") % {"names": "、".join(names)} if names else ""
