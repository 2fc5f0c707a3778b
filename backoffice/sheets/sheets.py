"""The masters that every company brings: regions, departments, units, product lines, products, warehouses."""

from django.utils.translation import gettext_lazy as _

from backoffice.people.models import Department, Region, Role
from backoffice.sheets import products, salespeople  # noqa: F401  (registers them)
from backoffice.sheets.declared import imports
from backoffice.sheets.fields import Field, plain_header
from backoffice.sheets.masters import MasterSheet, code, name, resource_for, to
from backoffice.sheets.recognising import Mapping
from backoffice.stock.models import Category, Unit, Warehouse


@imports("regions")
class Regions(MasterSheet):
    """Sales regions 区域: a tree, in one sheet or in the country's three tables of provinces, cities and areas."""

    title = _("Regions")
    fields = (
        code("Region Code", "区域代码", max_length=20),
        name("Region Name", "区域名称", max_length=100),
        Field(
            "parent",
            _("Belongs to"),
            ("Parent", "上级代码", "上级", "cityCode", "provinceCode", "市代码", "省代码"),
            max_length=20,
        ),
    )
    key = ("code",)
    order = 1
    by = (Role.ADMINISTRATOR, Role.MANAGER)
    tree = "parent"
    resource = resource_for(Region, ("code", "name", "parent"), keys={"parent": to(Region, "parent")})

    @classmethod
    def rank(cls, mapping: Mapping) -> int:
        """Provinces lie in nothing, cities in a province, areas in a city."""
        lies_in = mapping.get("parent", {}).get("column", "")
        return 0 if not lies_in else 2 if plain_header(lies_in) in ("citycode", "市代码") else 1


@imports("departments")
class Departments(MasterSheet):
    """Departments 部门."""

    title = _("Departments")
    fields = (code("Department Code", "部门代码", max_length=20), name("Department Name", "部门名称", max_length=100))
    key = ("code",)
    order = 1
    by = (Role.ADMINISTRATOR, Role.MANAGER)
    resource = resource_for(Department, ("code", "name"))


@imports("units")
class Units(MasterSheet):
    """Units of measure 计量单位."""

    title = _("Units")
    fields = (
        Field("name", _("Unit"), ("Unit", "单位", "计量单位"), required=True, max_length=20),
        Field("decimals", _("Decimals"), ("Decimals", "小数位数"), kind="int"),
    )
    key = ("name",)
    order = 2
    resource = resource_for(Unit, ("name", "decimals"), key="name")


@imports("warehouses")
class Warehouses(MasterSheet):
    """Warehouses 仓库."""

    title = _("Warehouses")
    fields = (
        code("Warehouse Code", "仓库代码", max_length=20),
        name("Warehouse Name", "仓库名称", max_length=100),
        Field("address", _("Address"), ("Warehouse Address", "仓库地址", "地址"), max_length=300),
    )
    key = ("code",)
    order = 3
    resource = resource_for(Warehouse, ("code", "name", "address"))


@imports("product_lines")
class ProductLines(MasterSheet):
    """Product lines 产品类别."""

    title = _("Product lines")
    fields = (
        code("Product Line Code", "类别代码", max_length=40),
        name("Product Line Name", "类别名称", max_length=100),
    )
    key = ("code",)
    order = 3
    resource = resource_for(Category, ("code", "name"))
