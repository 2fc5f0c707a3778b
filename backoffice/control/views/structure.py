"""Departments 部门 and sales regions 销售区域: lists, one of them with what lies below it, new ones."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.control.forms import DepartmentForm, RegionForm
from backoffice.control.structure import save_branch
from backoffice.control.tables import DepartmentList, RegionList
from backoffice.pages.list_page import ListPage
from backoffice.pages.timeline import timeline_of
from backoffice.pages.views import Act, EditPage
from backoffice.people.models import Department, Region, Role

SHOWN_BELOW = 200


class DepartmentsPage(ListPage):
    list = DepartmentList


class RegionsPage(ListPage):
    list = RegionList


class BranchEdit(EditPage):
    """One branch of a tree: its name, where it belongs, what lies below it, who works there."""

    roles = (Role.ADMINISTRATOR,)
    template_name = "control/branch.html"
    address = ""

    def get_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.select_related("parent")

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The list, then the branches above, the topmost first."""
        above, branch = [], self.object.parent if self.object else None
        while branch is not None:
            above.append((str(branch), reverse(self.address, args=[branch.pk])))
            branch = branch.parent
        return [*super().get_crumbs(), *reversed(above)]

    def get_primary(self) -> Act | None:
        if self.object is None:
            return None
        return Act(_("New one below"), f"{reverse(f'{self.address}-new')}?parent={self.object.pk}", "plus", key="n")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("parent", "")
        if self.object or not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            return {}
        return {"parent": get_object_or_404(self.get_queryset(), pk=asked)}

    def save(self, form: DepartmentForm | RegionForm) -> str:
        save_branch(form.save(commit=False), by=self.request.user, version=self.version)
        return reverse(f"{self.address}s")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"address": self.address}
        if self.object:
            people = self.object.people.filter(is_active=True)
            found |= {"below": self.object.children.all()[:SHOWN_BELOW], "people": people[:SHOWN_BELOW]}
            found |= {"timeline": timeline_of(self.object, limit=20)}
        return super().get_context_data(**kwargs) | found


class DepartmentEdit(BranchEdit):
    model, form_class, address = Department, DepartmentForm, "control:department"
    crumbs = ((gettext_lazy("Departments"), "control:departments"),)


class RegionEdit(BranchEdit):
    model, form_class, address = Region, RegionForm, "control:region"
    crumbs = ((gettext_lazy("Regions"), "control:regions"),)
