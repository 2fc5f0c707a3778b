"""Excel in: customers 客户档案, with credit as they had it where they are new to the archive."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, Func, Value
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from backoffice.parties import tax_number
from backoffice.parties.models import Party
from backoffice.people.models import Person, Region, Role
from backoffice.sheets.declared import Row, Run, Sheet, imports
from backoffice.sheets.fields import Field
from backoffice.sheets.words import rows_of
from customers.duplicates import SHORTEST_PHONE
from customers.models import GUARDED, Customer, PaymentTerm
from customers.services import CREDIT_FIELDS, change_archive, take_over_customers

KINDS = {
    "公司": "company", "企业": "company", "Company": "company", "医院": "hospital", "Hospital": "hospital", "经销商": "dealer",
    "代理商": "dealer", "Dealer": "dealer", "个人": "person", "Person": "person",
}  # fmt: skip
SETTLEMENTS = {
    "Transfer": "transfer", "Bank transfer": "transfer", "转账": "transfer", "银行转账": "transfer", "电汇": "transfer", "T/T": "transfer",
    "Cheque": "cheque", "Check": "cheque", "支票": "cheque", "Cash": "cash", "现金": "cash", "Acceptance": "acceptance", "Bank acceptance": "acceptance",
    "承兑": "acceptance", "银行承兑汇票": "acceptance", "Commercial acceptance": "commercial", "商业承兑汇票": "commercial", "Card": "card", "刷卡": "card",
    "WeChat or Alipay": "online", "微信": "online", "支付宝": "online", "微信或支付宝": "online",
}  # fmt: skip
ORDINARY = (
    "name", "short_name", "kind", "contact", "phone", "email", "country", "state", "city", "address", "postal_code", "source",
    "tags", "note", "since",
)  # fmt: skip
BILLING = GUARDED["party"]
GUARDED_WORDS = _("Already %(now)s in the archive: ask for a change there, a second person agrees to it.")
SAME_TAX_NO = _("New customers with the tax number of another one (row → code: %(places)s)")
SAME_PHONE = _("New customers with the telephone of another one (row → code: %(places)s)")
PHONE_SIGNS = 11  # a mobile number; what stands before it is the country
SHOWN_PLACES = 10


@imports("customers")
class Customers(Sheet):
    """New customers come with credit and billing data as opening data, agreed to by a second person; of customers that are
    there already only what one person may change is taken."""

    title = _("Customers")
    order = 20
    key = ("code",)
    by = (Role.ADMINISTRATOR, Role.MANAGER, Role.FINANCE, Role.ASSISTANT)
    is_opening = True
    fields = (
        Field("code", _("Code"), ("Customer No", "Customer Code", "客户编码", "客户编号", "客户代码", "编码"), required=True, max_length=40),
        Field("name", _("Name"), ("Customer Name", "客户名称", "客户全称", "单位名称", "公司名称", "客户"), required=True),
        Field("short_name", _("Short name"), ("Short Name", "客户简称", "简称"), max_length=80),
        Field("kind", _("Kind"), ("Kind", "客户类型", "客户性质", "类型"), kind="choice", choices=KINDS),
        Field("grade", _("Grade"), ("Grade", "客户等级", "等级", "级别"), kind="choice", choices={g: g for g in Customer.Grade.values}),
        Field("contact", _("Contact person"), ("Contact Person", "Contact", "联系人", "主要联系人"), max_length=100),
        Field("phone", _("Telephone"), ("Phone", "Telephone", "电话", "联系电话", "手机", "联系方式"), max_length=60),
        Field("email", _("E-mail"), ("Email", "E-mail", "邮箱", "电子邮箱"), max_length=254),
        Field("address", _("Address"), ("Address", "地址", "详细地址", "送货地址", "收货地址"), max_length=300),
        Field("city", _("City"), ("City", "城市", "市"), max_length=80),
        Field("state", _("Province"), ("State", "Province", "省份", "省"), max_length=80),
        Field("postal_code", _("Postal code"), ("Postal Code", "邮编", "邮政编码", "Zip"), max_length=20),
        Field("country", _("Country"), ("Country", "国家", "国家地区"), max_length=80),
        Field("owner_no", _("Employee number"), ("Salesperson No", "业务员编号", "业务员工号", "销售工号"), max_length=30),
        Field("owner", _("Salesperson"), ("Salesperson", "业务员", "销售员", "销售代表", "负责人", "归属人"), max_length=100, refers=rows_of(Person, by="name")),
        Field("region", _("Region"), ("Region", "Territory", "区域", "大区", "所属区域", "片区"), max_length=100, refers=rows_of(Region)),
        Field("credit_limit", _("Credit limit"), ("Credit Limit", "信用额度", "授信额度", "授信金额"), kind="money"),
        Field("term", _("Payment term"), ("Payment Terms (days)", "Payment Terms", "账期", "付款方式", "付款条件", "授信期限", "账期(天)"), max_length=100,
              refers=replace(rows_of(PaymentTerm), reads=lambda said: Terms.days(said) is not None)),
        Field("settlement", _("Settlement method"), ("Settlement Method", "Settlement", "结算方式"), kind="choice", choices=SETTLEMENTS),
        Field("overdue_tolerance", _("Days of tolerance"), ("Days of Tolerance", "宽限天数", "宽限期"), kind="int"),
        Field("tax_no", _("Tax number"), ("Tax No", "Tax Number", "税号", "纳税人识别号", "统一社会信用代码"), max_length=40),
        Field("invoice_title", _("Invoice title"), ("Invoice Title", "开票抬头", "发票抬头", "开票名称")),
        Field("bank_name", _("Bank"), ("Bank", "开户行", "开户银行")),
        Field("bank_account", _("Bank account"), ("Bank Account", "银行账号", "账号", "开户账号"), max_length=60),
        Field("source", _("Source"), ("Source", "客户来源", "来源"), max_length=60),
        Field("tags", _("Tags"), ("Tags", "标签"),),
        Field("since", _("Customer since"), ("Customer Since", "建档日期", "合作日期", "开户日期"), kind="date"),
        Field("note", _("Remarks"), ("Remarks", "备注", "说明", "Note"), max_length=2000),
    )  # fmt: skip

    def opens(self, rows: Sequence[Row]) -> bool:
        return any(row.get(name) is not None for row in rows for name in CREDIT_FIELDS)

    def check(self, rows: Sequence[Row], run: Run) -> None:
        self.read_archive(rows)
        seen: dict[str, int] = {}
        for row in rows:
            if (first := seen.setdefault(row["code"].casefold(), row.number)) != row.number:
                run.problem(row, "code", _("«%(key)s» stands in row %(first)s already."), key=row["code"], first=first)
            self.check_references(row, run)
            customer = self.there.get(row["code"])
            if customer is not None and customer.party.merged_into is not None:
                run.problem(
                    row,
                    "code",
                    _("«%(key)s» was merged into %(other)s: use that code."),
                    key=row["code"],
                    other=customer.party.merged_into.code,
                )
            elif customer is not None:
                self.check_guarded(row, customer, run)
            elif row["code"] in self.other_parties:
                run.problem(
                    row,
                    "code",
                    _("«%(key)s» is a supplier or carrier here; give the customer another code."),
                    key=row["code"],
                )

    def read_archive(self, rows: Sequence[Row]) -> None:
        """All that the rows refer to, each table once."""
        codes = [row["code"] for row in rows]
        found = Customer.objects.filter(party__code__in=codes).select_related("party__merged_into", "term")
        self.there = {customer.party.code: customer for customer in found}
        self.other_parties = set(Party.objects.filter(code__in=codes, customer=None).values_list("code", flat=True))
        people = list(Person.objects.filter(is_active=True).select_related("region"))
        self.by_number = {p.employee_no: p for p in people if p.employee_no}
        self.by_name: dict[str, list[Person]] = {}
        for person in people:
            self.by_name.setdefault(person.name, []).append(person)
        self.regions = Regions()
        self.terms = Terms()

    def check_references(self, row: Row, run: Run) -> None:
        if row.get("owner_no") and row["owner_no"] not in self.by_number:
            run.problem(
                row, "owner_no", _("There is nobody with the employee number %(number)s."), number=row["owner_no"]
            )
        elif not row.get("owner_no") and row.get("owner") and len(self.by_name.get(row["owner"], [])) != 1:
            run.problem(
                row, "owner", _("«%(name)s» is nobody here, or several: give the employee number."), name=row["owner"]
            )
        if row.get("region"):
            self.check_region(row, run)
        if row.get("term") and not self.terms.reads(row["term"]):
            run.problem(row, "term", _("«%(term)s» is no payment term here."), term=row["term"])
        is_individual = row.get("kind") == Party.Kind.PERSON
        number = tax_number.tidy(row.get("tax_no", ""))
        if words := tax_number.fault(number, country=row.get("country", ""), is_individual=is_individual):
            run.problem(row, "tax_no", words)

    def check_region(self, row: Row, run: Run) -> None:
        found = self.regions.named(row)
        if not found:
            said, values = _("There is no region «%(name)s»; import the regions first."), {}
        elif len(found) > 1:
            said = _("«%(name)s» are several regions here: give one of the codes %(codes)s…")
            values = {"codes": ", ".join(region.code for region in found[:5])}
        elif elsewhere := self.regions.against(found[0], row):
            said = _("«%(name)s» does not lie in %(place)s: correct the place, or give the code of the region.")
            values = {"place": elsewhere}
        else:
            return
        run.problem(row, "region", said, name=row["region"], **values)

    def check_guarded(self, row: Row, customer: Customer, run: Run) -> None:
        """Credit and billing data of a customer who is there already stay; what is the same is no question."""
        wanted = self.credit(row) | {name: row[name] for name in BILLING if row.get(name)}
        for name, value in wanted.items():
            now = getattr(customer if name in CREDIT_FIELDS else customer.party, name)
            if name == "tax_no":
                value = tax_number.tidy(value)
            if value != now:
                shown = getattr(customer, f"get_{name}_display", lambda now=now: now)()
                run.problem(row, name, GUARDED_WORDS, now=_("unlimited") if now is None else shown)

    def credit(self, row: Row) -> dict[str, Any]:
        """What the row says of credit, as values of the customer."""
        said = {name: row[name] for name in CREDIT_FIELDS if name != "term" and row.get(name) is not None}
        return said | ({"term": self.terms.of(row["term"])} if row.get("term") else {})

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        self.read_archive(rows)
        self.remark_doubles(rows, run)
        new = []
        for row in rows:
            customer = self.there.get(row["code"])
            if customer is None:
                new.append(
                    self.given(row) | {name: row[name] for name in BILLING if row.get(name)} | self.opening_credit(row)
                )
            elif change_archive(customer, self.given(row)):
                run.changed()
            else:
                run.same()
            run.step()
        take_over_customers(new, by=run.by)
        run.made(len(new))

    def remark_doubles(self, rows: Sequence[Row], run: Run) -> None:
        """New codes for whom the archive or the sheet holds already: companies share a switchboard, so this is no fault. X26"""
        digits = Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
        for reason, read, stored in (
            (SAME_TAX_NO, tax_number_of, F("tax_no")), (SAME_PHONE, phone_of, Right(digits, PHONE_SIGNS)),
        ):  # fmt: skip
            if places := self.doubles(rows, read, stored):
                more = "…" if len(places) > SHOWN_PLACES else ""
                run.remark(reason, len(places), places=", ".join(places[:SHOWN_PLACES]) + more)

    def doubles(self, rows: Sequence[Row], read: Callable[[Row], str], stored: Any) -> list[str]:
        """«row → code» of the new ones whose mark another code has."""
        marks = {row.number: mark for row in rows if (mark := read(row))}
        archive = Party.objects.customers().filter(merged_into=None).annotate(mark=stored).order_by("-pk")
        known = dict(archive.filter(mark__in=set(marks.values())).values_list("mark", "code"))
        firsts = [(row, known.setdefault(marks[row.number], row["code"])) for row in rows if row.number in marks]
        return [
            f"{row.number} → {first}" for row, first in firsts if first != row["code"] and row["code"] not in self.there
        ]

    def opening_credit(self, row: Row) -> dict[str, Any]:
        """Credit terms without a limit are unlimited credit; without either, goods are paid before they leave."""
        said = self.credit(row)
        if "term" in said and "credit_limit" not in said and said["term"].kind != PaymentTerm.Kind.PREPAID:
            said["credit_limit"] = None
        return said

    def given(self, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {"code": row["code"]} | {
            name: row[name] for name in ORDINARY if row.get(name) is not None
        }
        owner = self.by_number.get(row.get("owner_no", "")) or (self.by_name.get(row.get("owner", "")) or [None])[0]
        region = next(iter(self.regions.named(row)), None) or (
            owner.region if owner and row["code"] not in self.there else None
        )
        return found | {name: value for name, value in (("owner", owner), ("region", region)) if value is not None}


class Regions:
    """Regions by code or name. Of the many districts of one name the row's city, then its province say which is meant."""

    COUNTRY = ("省", "市", "自治区", "特别行政区")

    def __init__(self) -> None:
        self.by_pk = {region.pk: region for region in Region.objects.all()}
        self.known: dict[str, list[Region]] = {}
        for region in self.by_pk.values():
            for said in {region.code, region.name}:
                self.known.setdefault(said, []).append(region)
        self.places: dict[str, list[Region]] = {}

    def named(self, row: Row) -> list[Region]:
        """The regions that the row may mean: one where it is clear, none where it is unknown."""
        found = self.known.get(row.get("region") or "", [])
        for place in said_places(row):
            if len(found) > 1:
                near = [region for region in found if any(r.name.startswith(place) for r in self.line(region)[1:])]
                found = near or found
        return found

    def against(self, region: Region, row: Row) -> str:
        """The city or province of the row that lies elsewhere in the country than the region of this name; a code is taken as it is."""
        line = self.line(region)
        if row["region"] == region.code or not line[-1].name.endswith(self.COUNTRY):
            return ""
        for place in said_places(row):
            meant = self.called(place)
            if meant and not any(one in line or region in self.line(one) for one in meant):
                return place
        return ""

    def called(self, place: str) -> list[Region]:
        """What is called so, with or without the word for city or province; looked for once."""
        if place not in self.places:
            self.places[place] = [region for region in self.by_pk.values() if region.name.startswith(place)]
        return self.places[place]

    def line(self, region: Region) -> list[Region]:
        """The region and what it lies in, upwards, each once: a ring would have no end."""
        seen: dict[int, Region] = {}
        at: Region | None = region
        while at is not None and at.pk not in seen:
            seen[at.pk] = at
            at = self.by_pk[at.parent_id] if at.parent_id else None
        return list(seen.values())


def tax_number_of(row: Row) -> str:
    return tax_number.tidy(row.get("tax_no", ""))


def phone_of(row: Row) -> str:
    """The digits of a whole number."""
    digits = "".join(sign for sign in row.get("phone", "") if sign.isdigit())
    return digits[-PHONE_SIGNS:] if len(digits) >= SHORTEST_PHONE else ""


def said_places(row: Row) -> list[str]:
    return [row[name] for name in ("city", "state") if row.get(name)]


class Terms:
    """Payment terms by code, name, or a number of days; days that no term has become a term of their own."""

    def __init__(self) -> None:
        terms = list(PaymentTerm.objects.all())
        self.known = {t.name: t for t in terms} | {t.code: t for t in terms}

    @staticmethod
    def days(said: str) -> tuple[bool, int] | None:
        """(from the end of the month, days) of «30», «30天», «月结30天», «net 30»."""
        match = re.fullmatch(r"(月结|eom|net|n|账期)?\s*(\d{1,3})\s*(天|days?|d)?", said.strip(), re.I)
        return ((match[1] or "").casefold() in ("月结", "eom"), int(match[2])) if match else None

    def reads(self, said: str) -> bool:
        return said in self.known or self.days(said) is not None

    def of(self, said: str) -> PaymentTerm:
        if said not in self.known:
            at_end, days = self.days(said) or (False, 0)
            code, name = (f"EOM{days}", f"月结{days}天") if at_end else (f"N{days}", f"{days}天")
            self.known[said] = PaymentTerm.objects.get_or_create(
                code=code,
                defaults={"name": name, "kind": PaymentTerm.Kind.CREDIT, "days": days, "end_of_month": at_end},
            )[0]
        return self.known[said]
