"""Accounts: the list, one account, and the link by which somebody chooses a password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.control.accounts import save_person, send_password_link
from backoffice.control.books import AccountList
from backoffice.control.forms import AccountForm, PasswordForm
from backoffice.pages.list_page import ListPage
from backoffice.pages.views import Act, EditPage, Page
from backoffice.people.models import SYSTEM, Person, Role
from backoffice.refusals import Refused

CRUMBS = ((gettext_lazy("People"), "control:accounts"),)


class AccountsPage(ListPage):
    list = AccountList


class AccountEdit(EditPage):
    """One account; a new one goes on to its first password."""

    roles = (Role.ADMINISTRATOR,)
    model = Person
    form_class = AccountForm
    crumbs = CRUMBS
    template_name = "control/form.html"
    wide = True

    def get_queryset(self) -> QuerySet[Person]:
        return Person.objects.exclude(username=SYSTEM)

    def get_primary(self) -> Act | None:
        if self.object is None:
            return None
        return Act(_("New password"), reverse("control:account-password", args=[self.object.pk]), "key")

    def save(self, form: AccountForm) -> Person:
        return save_person(self.object, by=self.request.user, given=form.cleaned_data, version=self.version)

    def address_after(self, saved: Person) -> str:
        return reverse("control:accounts") if self.object else reverse("control:account-password", args=[saved.pk])


class PasswordPage(Page):
    """Whoever forgot their password, or has none yet, gets a link; they are signed out everywhere."""

    roles = (Role.ADMINISTRATOR,)
    template_name = "control/password.html"
    crumbs = CRUMBS

    def get_account(self) -> Person:
        return get_object_or_404(Person.objects.exclude(username=SYSTEM), pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return _("New password for %(name)s") % {"name": self.get_account()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "form": PasswordForm(person=self.request.user),
            "account": self.get_account(),
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        } | super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account, form = self.get_account(), PasswordForm(request.POST, person=request.user)
        if form.is_valid():
            try:
                link = send_password_link(account, by=request.user, lost_factor=form.cleaned_data["lost_factor"])
            except Refused as refusal:
                form.add_error(refusal.field or None, str(refusal))
            else:
                if link:
                    return self.render(form=form, link=link)
                messages.success(
                    request, _("A link to choose a password is on its way to %(address)s.") % {"address": account.email}
                )
                return redirect("control:accounts")
        return self.render(form=form, status=422)
