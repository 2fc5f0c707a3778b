"""Past payments from a workbook: confirmed money on its own date, set first in, first out against past invoices."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from backoffice.parties.models import Party
from backoffice.people.models import Role
from backoffice.sheets.declared import Row, Run, Sheet, imports
from backoffice.sheets.fields import Field
from customers.sheets import SETTLEMENTS
from invoices.models import Payment
from invoices.services.taking_over import PastPayment, settle_history, take_over_payments

BATCH = 2000


@imports("payments")
class PaymentSheet(Sheet):
    """Money received before going live (I9, X39): each row is a payment that finance once confirmed."""

    title = _("Payments received")
    help = _(
        "Past payments of customers. They are set against past invoices, the oldest first, on the days it happened."
    )
    order = 70
    by = (Role.ASSISTANT, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR)
    is_opening = True
    fields = (
        Field(
            "customer",
            _("Customer code"),
            ("Customer No", "Customer Code", "客户编码", "客户编号", "客户代码"),
            required=True,
        ),
        Field(
            "on",
            _("Payment date"),
            ("Payment Date", "Date", "付款日期", "收款日期", "回款日期", "到账日期"),
            kind="date",
            required=True,
        ),
        Field("amount", _("Amount"), ("Amount", "金额", "回款金额", "收款金额"), kind="money", required=True),
        Field(
            "reference",
            _("Reference"),
            ("Check No", "Cheque No", "Reference", "Voucher No", "凭证号", "流水号", "支票号"),
            required=True,
        ),
        Field(
            "method",
            _("Way of payment"),
            ("Method", "Payment Method", "付款方式", "结算方式"),
            kind="choice",
            choices=SETTLEMENTS,
            default="transfer",
        ),
        Field("note", _("Remarks"), ("Remarks", "Note", "备注", "摘要")),
    )

    def check(self, rows: Sequence[Row], run: Run) -> None:
        parties = self.parties(rows)
        for row in rows:
            if row["customer"] not in parties:
                run.problem(row, "customer", _("There is no customer %(code)s."), code=row["customer"])
            if row["amount"] <= 0:
                run.problem(row, "amount", _("The amount must be more than zero."))

    def apply(self, rows: Sequence[Row], run: Run) -> None:
        parties = self.parties(rows)
        known = {
            (party, reference, on, amount)
            for party, reference, on, amount in Payment.objects.filter(party__in=parties.values()).values_list(
                "party__code", "external_number", "dated_on", "amount"
            )
        }
        waiting = []
        for row in rows:
            key = (row["customer"], row["reference"], row["on"], row["amount"])
            if row["customer"] not in parties or row["amount"] <= 0:
                continue
            if key in known:
                run.same()
            else:
                waiting.append(
                    PastPayment(
                        parties[row["customer"]],
                        row["on"],
                        row["amount"],
                        row["reference"],
                        row["method"],
                        row.get("note", ""),
                    )
                )
                known.add(key)
        for start in range(0, len(waiting), BATCH):
            part = waiting[start : start + BATCH]
            take_over_payments(part, opening=run.opening, by=run.by)
            run.made(len(part))
            run.step(len(part))
        settle_history({payment.party for payment in waiting}, by=run.by)

    @staticmethod
    def parties(rows: Sequence[Row]) -> dict[str, Party]:
        return Party.objects.all().by_code(row["customer"] for row in rows)
