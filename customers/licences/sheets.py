"""Excel in: the licences that a company has on file when it goes live 证照台账 (X39); a second person applies them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.sheets.declared import Row, Run, Sheet, imports
from backoffice.sheets.fields import Field
from backoffice.sheets.words import rows_of
from customers.licences.models import Licence, LicenceKind
from customers.licences.services import take_over_licences


@imports("licences")
class Licences(Sheet):
    """Each row one licence; who uploads and who applies it are the two people who answer for it. Scans are filed later."""

    title = _("Licences")
    order = 25
    key = ("customer", "kind", "number")
    by = (Role.ADMINISTRATOR, Role.MANAGER, Role.FINANCE, Role.ASSISTANT)
    is_opening = True
    fields = (
        Field("customer", _("Customer code"), ("Customer No", "Customer Code", "客户编码", "客户编号", "客户代码"), required=True, max_length=40),
        Field("kind", _("Kind of licence"), ("Licence", "Kind of Licence", "证照种类", "证照名称", "证照类型"), required=True, refers=rows_of(LicenceKind)),
        Field("number", _("Number of the licence"), ("Licence No", "证照编号", "证号", "证照号码", "许可证号"), required=True, max_length=100),
        Field("issuer", _("Issuing authority"), ("Issued By", "Issuer", "发证机关", "发证单位"), max_length=200),
        Field("valid_from", _("Valid from"), ("Valid From", "生效日期", "发证日期", "有效期起"), kind="date"),
        Field("valid_until", _("Valid to"), ("Valid To", "Valid Until", "Expiry", "到期日期", "有效期至", "有效期止"), kind="date"),
        Field("scope", _("Scope of business"), ("Scope", "经营范围"), max_length=4000),
        Field("note", _("Remarks"), ("Remarks", "备注", "Note"), max_length=2000),
    )  # fmt: skip

    def check(self, rows: Sequence[Row], run: Run) -> None:
        self.read(rows)
        for row in rows:
            if row["customer"] not in self.parties:
                run.problem(row, "customer", _("There is no customer %(code)s."), code=row["customer"])
            if row["kind"] not in self.kinds:
                run.problem(row, "kind", _("There is no kind of licence «%(name)s»."), name=row["kind"])
            begins, ends = row.get("valid_from"), row.get("valid_until")
            if begins and ends and ends < begins:
                run.problem(row, "valid_until", _("It ends before it begins."))

    def read(self, rows: Sequence[Row]) -> None:
        """All that the rows refer to, each table once."""
        codes = {row["customer"] for row in rows}
        self.parties = {p.code: p for p in Party.objects.customers().filter(code__in=codes).select_related("owner")}
        kinds = list(LicenceKind.objects.all())
        self.kinds = {kind.name: kind for kind in kinds} | {kind.code: kind for kind in kinds}
        here = Licence.objects.filter(party__in=self.parties.values()).exclude(state="cancelled")
        self.here = set(here.values_list("party", "licence_kind", "external_number"))

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        self.read(rows)
        new = []
        for row in rows:
            party, kind = self.parties[row["customer"]], self.kinds[row["kind"]]
            key = (party.pk, kind.pk, row["number"])
            if key in self.here:
                run.same()
            else:
                self.here.add(key)
                given = {name: row.get(name) or "" for name in ("issuer", "scope", "note")}
                given |= {name: row.get(name) for name in ("valid_from", "valid_until")}
                new.append(Licence(party=party, licence_kind=kind, external_number=row["number"], **given))
            run.step()
        assert run.opening is not None
        take_over_licences(new, opening=run.opening, by=run.by)
        run.made(len(new))
