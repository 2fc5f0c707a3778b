"""Salespeople and their managers as accounts that nobody can sign in with until an administrator gives a password."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from backoffice.people.models import Department, Person, Region, Role
from backoffice.sheets.declared import Row, Run, Sheet, imports
from backoffice.sheets.fields import Field
from backoffice.sheets.words import rows_of

Keep = Callable[..., None]
KEEPERS: dict[str, Keep] = {}
LEADS = ("manager", "president", "director", "head", "vp", "经理", "总监", "主管", "总裁", "总经理")
ROLES = {
    "业务员": Role.SALESPERSON, "销售": Role.SALESPERSON, "Salesperson": Role.SALESPERSON, "Sales Rep": Role.SALESPERSON,
    "销售经理": Role.MANAGER, "经理": Role.MANAGER, "Manager": Role.MANAGER, "内勤": Role.ASSISTANT, "销售内勤": Role.ASSISTANT,
    "Assistant": Role.ASSISTANT,
}  # fmt: skip
PLAIN = ("name", "title", "email", "phone")


def also_reads(field: Field) -> Callable[[Keep], Keep]:
    """A column that a higher app wants from the sheet of salespeople: `(pairs of person and value, *, by)` keeps it there."""

    def register(keep: Keep) -> Keep:
        Salespeople.fields = (*Salespeople.fields, field)
        KEEPERS[field.name] = keep
        return keep

    return register


@imports("salespeople")
class Salespeople(Sheet):
    """业务员. Who leads others, or is called manager, becomes a sales manager; the others salespeople."""

    title = _("Salespeople")
    order = 5
    key = ("employee_no",)
    by = (Role.ADMINISTRATOR, Role.HR, Role.MANAGER)
    fields: tuple[Field, ...] = (
        Field("employee_no", _("Employee number"), ("Salesperson No", "Employee No", "工号", "员工编号", "业务员编号", "编号"), required=True, max_length=30),
        Field("name", _("Name"), ("Name", "姓名", "业务员", "员工姓名", "Salesperson"), required=True, max_length=100),
        Field("title", _("Job title"), ("Job Title", "职务", "职位", "岗位", "Title"), max_length=100),
        Field("email", _("E-mail"), ("Email", "E-mail", "邮箱", "电子邮件"), max_length=254),
        Field("phone", _("Telephone"), ("Phone", "电话", "手机", "手机号", "联系电话"), max_length=40),
        Field("department", _("Department"), ("Department", "部门", "Office", "办事处"), max_length=100, refers=rows_of(Department, makes=True)),
        Field("region", _("Region"), ("Region", "Territory", "区域", "大区", "销售区域", "片区"), max_length=100, refers=rows_of(Region, makes=True)),
        Field("manager", _("Manager"), ("Manager No", "上级工号", "主管工号", "经理工号", "上级"), max_length=30),
        Field("role", _("Role"), ("Role", "角色"), kind="choice", choices=ROLES),
    )  # fmt: skip

    def check(self, rows: Sequence[Row], run: Run) -> None:
        numbers: dict[str, int] = {}
        there = set(Person.objects.exclude(employee_no=None).values_list("employee_no", flat=True))
        for row in rows:
            if (first := numbers.setdefault(row["employee_no"], row.number)) != row.number:
                run.problem(
                    row,
                    "employee_no",
                    _("«%(key)s» stands in row %(first)s already."),
                    key=row["employee_no"],
                    first=first,
                )
        for row in rows:
            if row.get("manager") and row["manager"] not in numbers and row["manager"] not in there:
                row.values["manager"] = None  # the head of the sheet reports to nobody whom we know

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        leaders = {row["manager"] for row in rows if row.get("manager")}
        departments, regions = named(Department, "department", rows), named(Region, "region", rows)
        there = {p.employee_no: p for p in Person.objects.filter(employee_no__in=[row["employee_no"] for row in rows])}
        names = set(Person.objects.values_list("username", flat=True))
        for row in rows:
            person = there.get(row["employee_no"])
            if person is None:
                roles = [row.get("role") or (Role.MANAGER if leads(row, leaders) else Role.SALESPERSON)]
                person = Person(
                    employee_no=row["employee_no"],
                    username=free_name(row, names),
                    roles=roles,
                    password=make_password(None),
                )
                there[row["employee_no"]] = person
            before = None if person.pk is None else dict(vars(person))
            write(person, row, departments, regions)
            self.save(person, before, run)
        for row in rows:
            if row.get("manager") and there[row["employee_no"]].manager != there.get(row["manager"]):
                there[row["employee_no"]].manager = there.get(row["manager"]) or Person.objects.get(
                    employee_no=row["manager"]
                )
                there[row["employee_no"]].save(update_fields=["manager"])
        for name, keep in KEEPERS.items():
            keep([(there[row["employee_no"]], row[name]) for row in rows if row.get(name) is not None], by=run.by)
        run.step(len(rows))

    def save(self, person: Person, before: dict[str, Any] | None, run: Run) -> None:
        if before is None:
            run.made()
        elif any(before.get(name) != value for name, value in vars(person).items() if not name.startswith("_")):
            run.changed()
        else:
            run.same()
            return
        person.save()


def leads(row: Row, leaders: set[str]) -> bool:
    title = row.get("title", "").casefold()
    return row["employee_no"] in leaders or any(word in title for word in LEADS)


def write(person: Person, row: Row, departments: dict[str, Any], regions: dict[str, Any]) -> None:
    for name in PLAIN:
        if row.get(name):
            setattr(person, name, row[name])
    if row.get("department"):
        person.department = departments[row["department"]]
    if row.get("region"):
        person.region = regions[row["region"]]


def free_name(row: Row, taken: set[str]) -> str:
    """A sign-in name: what stands before the @, else the employee number; made distinct where it is taken."""
    start = row.get("email", "").partition("@")[0].casefold() or f"e{row['employee_no']}"
    name, count = start[:50], 1
    while name in taken:
        count += 1
        name = f"{start[:50]}{count}"
    taken.add(name)
    return name


def named(model: type[Department | Region], field: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Rows of a small table by name and code; the ones that the sheet names first are made."""
    there = list(model.objects.all())
    known = {each.name: each for each in there} | {each.code: each for each in there}
    for name in dict.fromkeys(row[field] for row in rows if row.get(field)):
        if name not in known:
            known[name] = model.objects.create(code=name[:20], name=name)
    return known
