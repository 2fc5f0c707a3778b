"""The words of letters, kept for the next one."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backoffice.audit import acting
from backoffice.audit.changes import check_unchanged
from backoffice.people.models import Person
from backoffice.refusals import Refused
from customers.mailings.models import LetterTemplate
from customers.mailings.wording import check_fields


def save_template(template: LetterTemplate, *, by: Person, version: int | None = None) -> LetterTemplate:
    """A new or changed template; its fields are known ones. C9"""
    check_fields(subject=template.subject, body=template.body)
    try:
        with transaction.atomic(), acting(by, step="save_letter_template"):
            if template.pk:
                check_unchanged(LetterTemplate.objects.select_for_update().get(pk=template.pk), version)
            template.save()
    except IntegrityError as error:
        raise Refused(_("There is a template with this name already."), code="taken", field="name") from error
    return template
