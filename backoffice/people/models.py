"""Who we are: people with their roles, departments and regions, and whose customers they serve.

A person is a user is an employee; one natural person has one account (rules.md §2).
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from backoffice.database import defaults


class Role(models.TextChoices):
    """What somebody is employed to do; the steps and pages name the roles they are for."""

    ASSISTANT = "assistant", _("Sales assistant")
    SALESPERSON = "salesperson", _("Salesperson")
    MANAGER = "manager", _("Sales manager")
    FINANCE = "finance", _("Finance")
    GM = "gm", _("General manager")
    WAREHOUSE = "warehouse", _("Warehouse")
    PURCHASING = "purchasing", _("Purchasing")
    HR = "hr", _("Human resources")
    ADMINISTRATOR = "administrator", _("Administrator")


SYSTEM = "system"


class Department(models.Model):
    """A part of the company 部门; a manager answers for theirs and the ones below it."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name

    def with_below(self) -> RawSQL:
        """This department and all below it, as a sub-query."""
        return below(Department, [self.pk])


class Region(models.Model):
    """A sales region 区域, in a tree (country, province, city …). Imported, never in code."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name


def below(model: type[models.Model], roots: list[int] | models.QuerySet) -> RawSQL:
    """The rows named and all below them in a tree of `parent` links, as a sub-query: `region__in=below(Region, [pk])`."""
    given: tuple[str, tuple] = ("SELECT unnest(%s::bigint[])", (roots,))
    sql, params = roots.query.sql_with_params() if isinstance(roots, models.QuerySet) else given
    table = model._meta.db_table
    tree = (
        f'SELECT id FROM "{table}" WHERE id IN ({sql}) '
        f'UNION SELECT c.id FROM "{table}" c JOIN tree ON c.parent_id = tree.id'
    )
    return RawSQL(f"WITH RECURSIVE tree AS ({tree}) SELECT id FROM tree", params)  # noqa: S611 (our own tables' names)


def above(model: type[models.Model], leaves: list[int]) -> RawSQL:
    """The rows named and all that hold them in a tree of `parent` links, as a sub-query."""
    table = model._meta.db_table
    tree = (
        f'SELECT id, parent_id FROM "{table}" WHERE id = ANY(%s::bigint[]) '
        f'UNION SELECT c.id, c.parent_id FROM "{table}" c JOIN tree ON c.id = tree.parent_id'
    )
    return RawSQL(f"WITH RECURSIVE tree AS ({tree}) SELECT id FROM tree", (leaves,))  # noqa: S611 (our own tables' names)


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """A new account. Without a password nobody can sign in with it."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """The first administrator, by `manage.py createsuperuser`; all others are made in the browser."""
        return self.create_user(username, password, **{"roles": [Role.ADMINISTRATOR]} | fields)

    def system(self) -> "Person":
        """The account of the program itself."""
        return self.get(username=SYSTEM)

    def with_role(self, *roles: str) -> models.QuerySet["Person"]:
        return self.filter(is_active=True, roles__overlap=list(roles))


class Person(AbstractBaseUser):
    """Somebody who works here 员工, and their account."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Language(models.TextChoices):
        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    employee_no = models.CharField(_("employee number"), max_length=30, unique=True, null=True, blank=True)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=list, blank=True, verbose_name=_("roles")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("region")
    )
    manager = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    serves = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="served_by", verbose_name=_("serves the salespeople")
    )
    serves_regions = models.ManyToManyField(
        Region, blank=True, related_name="served_by", verbose_name=_("serves the regions")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [GinIndex(fields=["roles"], name="person_roles")]

    def __str__(self) -> str:
        return self.name or self.username

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    @property
    def sees_everything(self) -> bool:
        """Finance and the general manager see every row of the business (F9); so do the program's own jobs."""
        return self.is_system or self.has_role(Role.FINANCE, Role.GM)

    @property
    def is_system(self) -> bool:
        """The account under which jobs act; nobody can sign in with it."""
        return self.username == SYSTEM

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


@defaults
def make_system_person() -> None:
    """The account under which jobs act."""
    Person.objects.get_or_create(username=SYSTEM, defaults={"name": "System", "is_active": False, "password": "!"})
