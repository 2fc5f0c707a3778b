"""Accounts: who works here, in which roles, and who may sign in. Only an administrator changes them."""

from datetime import timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.outbox.services import queue_mail
from backoffice.people.models import Person, Role
from backoffice.refusals import Refused

FIELDS = (
    "username", "name", "employee_no", "title", "email", "phone", "roles", "department", "region", "language", "is_active",
)  # fmt: skip

TRIES_KEPT_FOR = timedelta(days=90)


def save_person(person: Person | None, *, by: Person, given: dict[str, Any], version: int | None = None) -> Person:
    """Make an account or change one; a new one has no password, so that nobody can sign in with it yet."""
    check_administers(by)
    with transaction.atomic(), acting(by, step="save_person"):
        # Always the same rows in the same order: two administrators cannot unmake each other at once.
        others = set(Person.objects.with_role(Role.ADMINISTRATOR).order_by("pk").select_for_update().values_list("pk"))
        saved = Person.objects.select_for_update().get(pk=person.pk) if person else Person()
        if saved.is_system:
            raise Refused(_("The program's own account is not changed."), code="system")
        if person:
            check_unchanged(saved, version)
        check_keeps_administrators(saved, by=by, given=given, others={pk for (pk,) in others} - {saved.pk})
        for name in FIELDS:
            setattr(saved, name, given[name])
        if person is None:
            saved.set_unusable_password()
        saved.save()
        saved.serves.set(given["serves"])
        saved.serves_regions.set(given["serves_regions"])
        if not saved.is_active:
            end_sessions(saved)
        return saved


def send_password_link(person: Person, *, by: Person, lost_factor: bool = False) -> str:
    """Let somebody choose their password: a link that works once and for a day, by mail. No administrator ever knows a password.

    From now on the old password opens nothing. Returns the link where the person has no address, to be handed over.
    """
    check_administers(by)
    if person.is_system:
        raise Refused(_("Nobody signs in as the program itself."), code="system")
    if not person.is_active:
        raise Refused(_("This account is locked; open it first."), code="locked")
    why = _("The second factor was taken off, because the telephone is lost.") if lost_factor else ""
    with transaction.atomic(), acting(by, step="send_password_link", note=why):
        locked = Person.objects.select_for_update().get(pk=person.pk)
        locked.set_unusable_password()
        locked.save(update_fields=["password"])
        if lost_factor:
            Authenticator.objects.filter(user=locked).delete()
        end_sessions(locked)
        token = default_token_generator.make_token(locked)
        keys = {"uidb36": user_pk_to_url_str(locked), "key": token}
        link = settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=keys)
        mail = queue_mail(
            "password_link", token, to=locked, template="password_link", subject=gettext_lazy("Choose your password"),
            context={"link": link, "by": by, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600},
        )  # fmt: skip
    return "" if mail else link


def end_sessions(person: Person) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()


def tidy_sign_ins() -> None:
    """Forget sessions that ran out, and who tried to sign in more than three months ago."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    for kind in (AccessAttempt, AccessLog, AccessFailureLog):
        kind.objects.filter(attempt_time__lt=timezone.now() - TRIES_KEPT_FOR).delete()


def check_administers(person: Person) -> None:
    if not person.has_role(Role.ADMINISTRATOR):
        raise Refused(_("Only an administrator changes accounts."), code="role")


def check_keeps_administrators(person: Person, *, by: Person, given: dict[str, Any], others: set[int]) -> None:
    """Nobody locks themselves out, and somebody is always left who can let the others in."""
    if person.pk == by.pk and not given["is_active"]:
        raise Refused(_("You cannot lock your own account."), code="self", field="is_active")
    if person.pk == by.pk and Role.ADMINISTRATOR not in given["roles"]:
        raise Refused(_("Another administrator has to take this role from you."), code="self", field="roles")
    was = person.is_active and person.has_role(Role.ADMINISTRATOR)
    stays = given["is_active"] and Role.ADMINISTRATOR in given["roles"]
    if was and not stays and not others:
        raise Refused(_("This is the last administrator; name another one first."), code="last", field="roles")
