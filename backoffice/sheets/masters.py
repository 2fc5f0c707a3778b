"""Simple masters come in through django-import-export: bulk, cached look-ups, upsert by code; checked and applied like every sheet."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from import_export import fields as columns
from import_export import resources, widgets
from import_export.instance_loaders import CachedInstanceLoader
from import_export.results import RowResult

from backoffice.people.models import Role
from backoffice.sheets.declared import Row, Run, Sheet
from backoffice.sheets.fields import Field


class CachedKey(widgets.ForeignKeyWidget):
    """A foreign key by code, all of them read once: 10,000 rows ask one question instead of 10,000."""

    def __init__(self, model: type[Model], field: str = "code", **kwargs: Any) -> None:
        super().__init__(model, field=field, **kwargs)
        self._known: dict[str, Model] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Model | None:
        if value in (None, ""):
            return None
        if self._known is None:
            self._known = {str(getattr(each, self.field)): each for each in self.get_queryset(value, row)}
        if str(value) not in self._known:
            raise ValueError(_("There is no «%(code)s».") % {"code": value})
        return self._known[str(value)]


class AsItIs(widgets.Widget):
    """The sheet has typed the value already."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return value


class MasterResource(resources.ModelResource):
    """What the resources of all masters share. `skip` fields that the sheet leaves empty: an upsert never wipes what is there."""

    class Meta:
        use_bulk = True
        batch_size = 1000
        instance_loader_class = CachedInstanceLoader
        skip_unchanged = True
        report_skipped = True
        import_id_fields = ("code",)
        use_transactions = False  # the pass holds one
        clean_model_instances = True

    @property
    def keys(self) -> set[str]:
        """The columns that lead to another table."""
        return {field.attribute for field in self.fields.values() if isinstance(field.widget, CachedKey)}

    def get_queryset(self) -> Any:
        """With what each row leads to: comparing it with the sheet asks nothing more."""
        return super().get_queryset().select_related(*self.keys) if self.keys else super().get_queryset()

    def validate_instance(
        self, instance: Any, import_validation_errors: dict[str, Any] | None = None, validate_unique: bool = True
    ) -> None:
        """Asks nothing that was read at once before: that a key leads somewhere, that a code is nobody else's."""
        errors = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude={*errors, *self.keys})
            instance.clean()
            instance.validate_unique(exclude={*errors, *self._meta.import_id_fields})
            instance.validate_constraints(exclude={*errors})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def import_field(self, field: columns.Field, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        if row.get(field.column_name) is not None:
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def after_import_row(self, row: Any, row_result: Any, *, run: Run, **kwargs: Any) -> None:
        run.step()

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Sequences stay as they are: no sheet brings primary keys, and the runtime role may not set them."""

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        if hasattr(instance, "fill_search"):
            instance.fill_search()


def resource_for(
    model: type[Model], names: Sequence[str], *, key: str = "code", keys: dict[str, columns.Field] | None = None
) -> type[MasterResource]:
    """A resource over the named columns; `keys` are those that lead to another table."""
    meta = type("Meta", (MasterResource.Meta,), {"model": model, "fields": tuple(names), "import_id_fields": (key,)})
    plain = {
        name: columns.Field(attribute=name, column_name=name, widget=AsItIs())
        for name in names
        if name not in (keys or {})
    }
    return type(f"{model.__name__}Resource", (MasterResource,), {"Meta": meta, **plain, **(keys or {})})


def to(model: type[Model], name: str, field: str = "code") -> columns.Field:
    """A column that names a row of another table."""
    return columns.Field(attribute=name, column_name=name, widget=CachedKey(model, field))


class MasterSheet(Sheet):
    """A sheet over one resource: rows present are updated where the sheet says something, new ones are made.

    `tree` is the column that says in which other row of the same kind a row lies; that one may stand anywhere in the sheet.
    """

    resource: ClassVar[type[MasterResource]]
    tree: ClassVar[str] = ""
    order = 10
    by = (Role.ADMINISTRATOR, Role.MANAGER, Role.ASSISTANT)

    def check(self, rows: Sequence[Row], run: Run) -> None:
        seen: dict[tuple[Any, ...], int] = {}
        for row in rows:
            first = seen.setdefault(self.key_of(row), row.number)
            if first != row.number:
                run.problem(
                    row, self.key[0], _("«%(key)s» stands in row %(first)s already."), key=row[self.key[0]], first=first
                )

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        for layer in self.layers(rows):
            self.bring(layer, run)
        if self.tree:
            self.check_rings(rows, run)

    def layers(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        """What lies in another row of the sheet comes after it."""
        waiting = list(rows)
        while waiting:
            codes = {row[self.key[0]] for row in waiting}
            ready = [row for row in waiting if not self.tree or row.get(self.tree) not in codes] or waiting
            yield ready
            numbers = {row.number for row in ready}
            waiting = [row for row in waiting if row.number not in numbers]

    def check_rings(self, rows: Sequence[Row], run: Run) -> None:
        """What a row lies in may have stood here before, and lie in the row itself."""
        key = self.key[0]
        lies_in = dict(self.resource._meta.model.objects.values_list(key, f"{self.tree}__{key}"))
        for row in rows:
            above: set[Any] = set()
            at = lies_in.get(row[key])
            while at is not None and at not in above:
                above.add(at)
                at = lies_in.get(at)
            if row[key] in above:
                run.problem(row, self.tree, _("«%(key)s» belongs to itself or to what lies below it."), key=row[key])

    def bring(self, rows: Sequence[Row], run: Run) -> None:
        names = [field.name for field in self.fields]
        table = tablib.Dataset(*[[row.get(name) for name in names] for row in rows], headers=names)
        result = self.resource().import_data(
            table, dry_run=False, raise_errors=False, collect_failed_rows=False, run=run
        )
        for invalid in result.invalid_rows:
            for name, errors in invalid.error_dict.items():
                run.problem(rows[invalid.number - 1], name if name in names else "", "; ".join(str(e) for e in errors))
        for place, errors in result.row_errors():
            for error in errors:
                run.problem(rows[place - 1], "", str(error.error))
        for error in result.base_errors:
            run.problem(None, "", str(error.error))
        totals = result.totals
        run.made(totals[RowResult.IMPORT_TYPE_NEW])
        run.changed(totals[RowResult.IMPORT_TYPE_UPDATE])
        run.same(totals[RowResult.IMPORT_TYPE_SKIP])


CODE, NAME = _("Code"), _("Name")


def code(*headers: str, max_length: int = 40) -> Field:
    return Field("code", CODE, ("Code", "代码", "编码", "编号", *headers), required=True, max_length=max_length)


def name(*headers: str, max_length: int = 200) -> Field:
    return Field("name", NAME, ("Name", "名称", *headers), required=True, max_length=max_length)
