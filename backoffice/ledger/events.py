"""What can happen to the books (rules.md §7), the chart of accounts to begin with, and what each event posts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    GOODS_DISPATCHED = "goods_dispatched", _("Goods dispatched")
    INVOICE_ISSUED = "invoice_issued", _("Invoice issued")
    MONEY_CONFIRMED = "money_confirmed", _("Money confirmed")
    MONEY_ALLOCATED = "money_allocated", _("Money allocated")
    REBATE_GRANTED = "rebate_granted", _("Rebate granted")
    DIFFERENCE_WRITTEN_OFF = "difference_written_off", _("Small difference written off")
    FREIGHT_PAID = "freight_paid", _("Freight paid for the customer")
    CLAIM_APPROVED = "claim_approved", _("Claim approved")
    STAFF_PAID = "staff_paid", _("Paid to staff")
    PETTY_CASH_PAID = "petty_cash_paid", _("Petty cash paid out")
    PETTY_CASH_RETURNED = "petty_cash_returned", _("Petty cash returned")
    COMMISSION_FROZEN = "commission_frozen", _("Commission frozen")
    GOODS_RECEIVED = "goods_received", _("Goods received")
    SUPPLIER_INVOICED = "supplier_invoiced", _("Supplier's invoice")
    SUPPLIER_PAID = "supplier_paid", _("Supplier paid")
    DEPOSIT_PAID = "deposit_paid", _("Deposit of a bid paid")
    DEPOSIT_RETURNED = "deposit_returned", _("Deposit of a bid returned")
    DEPOSIT_KEPT = "deposit_kept", _("Deposit of a bid kept by them")
    OPENING_RECEIVABLE = "opening_receivable", _("Opening balance, receivable")
    OPENING_ADVANCE = "opening_advance", _("Opening balance, advances")
    OPENING_PAYABLE = "opening_payable", _("Opening balance, payable")
    PARTY_MERGED = "party_merged", _("Carried over to the customer it was merged into")
    JOURNAL = "journal", _("Journal entry by hand")
    REVERSAL = "reversal", _("Reversal")


A, L, Q, I, E = "asset", "liability", "equity", "income", "expense"  # noqa: E741
R, P, S = "receivable", "payable", "staff"
CHART = (
    # code, English, Chinese, kind, subsidiary book
    ("1001", "Cash on hand", "库存现金", A, ""),
    ("1002", "Bank", "银行存款", A, ""),
    ("1031", "Deposits paid", "存出保证金", A, ""),
    ("1122", "Accounts receivable", "应收账款", A, R),
    ("1122.01", "Receivable, invoiced", "应收账款—已开票", A, R),
    ("1122.02", "Receivable, not yet invoiced", "应收账款—未开票", A, R),
    ("1221", "Petty cash with staff", "其他应收款—备用金", A, S),
    ("1405", "Goods", "库存商品", A, ""),
    ("2202", "Accounts payable", "应付账款", L, P),
    ("2202.01", "Payable, invoiced", "应付账款—已到票", L, P),
    ("2202.02", "Payable, goods received, not yet invoiced", "应付账款—暂估", L, P),
    ("2202.03", "Payable to carriers", "应付账款—运费", L, P),
    ("2203", "Advances", "预收账款", L, R),
    ("2203.01", "Advances from customers", "预收账款—客户", L, R),
    ("2211", "Pay payable", "应付职工薪酬", L, ""),
    ("2221", "Taxes payable", "应交税费", L, ""),
    ("2221.01", "Output tax", "应交税费—销项税额", L, ""),
    ("2221.02", "Input tax", "应交税费—进项税额", L, ""),
    ("2221.04", "Output tax pending", "应交税费—待转销项税额", L, ""),
    ("2241", "Owed to staff", "其他应付款—员工", L, S),
    ("4104", "Retained profit", "利润分配", Q, ""),
    ("4104.09", "Opening balances taken over", "利润分配—期初转入", Q, ""),
    ("6001", "Sales", "主营业务收入", I, ""),
    ("6001.09", "Rebates and allowances", "销售折扣与折让", I, ""),
    ("6601", "Selling expenses", "销售费用", E, ""),
    ("6601.01", "Commission", "销售费用—提成", E, ""),
    ("6601.02", "Travel", "销售费用—差旅费", E, ""),
    ("6601.03", "Freight", "销售费用—运杂费", E, ""),
    ("6601.04", "Entertainment", "销售费用—业务招待费", E, ""),
    ("6601.05", "Promotion", "销售费用—业务宣传费", E, ""),
    ("6601.06", "Office", "销售费用—办公费", E, ""),
    ("6601.07", "Telephone and post", "销售费用—邮电通讯费", E, ""),
    ("6601.08", "Printing", "销售费用—印刷费", E, ""),
    ("6601.09", "Fairs", "销售费用—展览费", E, ""),
    ("6601.10", "Vehicles", "销售费用—车辆费", E, ""),
    ("6601.99", "Other selling expenses", "销售费用—其他", E, ""),
    ("6603", "Bank charges and small differences", "财务费用", E, ""),
)
DEBIT, CREDIT = "debit", "credit"
# Money allocated posts from the credit's account to the charge's: 2203.01 / 1122.01 with these defaults.
RULES = {
    Event.GOODS_DISPATCHED: ((DEBIT, "1122.02", "gross"), (CREDIT, "6001", "net"), (CREDIT, "2221.04", "tax")),
    Event.INVOICE_ISSUED: (
        (DEBIT, "1122.01", "gross"),
        (DEBIT, "2221.04", "tax"),
        (CREDIT, "1122.02", "gross"),
        (CREDIT, "2221.01", "tax"),
    ),
    Event.MONEY_CONFIRMED: ((DEBIT, "1002", "amount"), (CREDIT, "2203.01", "amount")),
    Event.REBATE_GRANTED: ((DEBIT, "6001.09", "net"), (DEBIT, "2221.01", "tax"), (CREDIT, "1122.01", "gross")),
    Event.DIFFERENCE_WRITTEN_OFF: ((DEBIT, "6603", "amount"), (CREDIT, "1122.01", "amount")),
    Event.FREIGHT_PAID: ((DEBIT, "6601.03", "amount"), (CREDIT, "2202.03", "amount")),
    Event.CLAIM_APPROVED: ((DEBIT, "6601.99", "expense"), (CREDIT, "2241", "owed"), (CREDIT, "1221", "petty")),
    Event.STAFF_PAID: ((DEBIT, "2241", "amount"), (CREDIT, "1002", "amount")),
    Event.PETTY_CASH_PAID: ((DEBIT, "1221", "amount"), (CREDIT, "1001", "amount")),
    Event.PETTY_CASH_RETURNED: ((DEBIT, "1001", "amount"), (CREDIT, "1221", "amount")),
    Event.COMMISSION_FROZEN: ((DEBIT, "6601.01", "amount"), (CREDIT, "2211", "amount")),
    Event.GOODS_RECEIVED: ((DEBIT, "1405", "net"), (CREDIT, "2202.02", "net")),
    Event.SUPPLIER_INVOICED: ((DEBIT, "2202.02", "net"), (DEBIT, "2221.02", "tax"), (CREDIT, "2202.01", "gross")),
    Event.SUPPLIER_PAID: ((DEBIT, "2202.01", "amount"), (CREDIT, "1002", "amount")),
    Event.DEPOSIT_PAID: ((DEBIT, "1031", "amount"), (CREDIT, "1002", "amount")),
    Event.DEPOSIT_RETURNED: ((DEBIT, "1002", "amount"), (CREDIT, "1031", "amount")),
    Event.DEPOSIT_KEPT: ((DEBIT, "6601.99", "amount"), (CREDIT, "1031", "amount")),
    Event.OPENING_RECEIVABLE: ((DEBIT, "1122.01", "amount"), (CREDIT, "4104.09", "amount")),
    Event.OPENING_ADVANCE: ((DEBIT, "4104.09", "amount"), (CREDIT, "2203.01", "amount")),
    Event.OPENING_PAYABLE: ((DEBIT, "4104.09", "amount"), (CREDIT, "2202.01", "amount")),
}
