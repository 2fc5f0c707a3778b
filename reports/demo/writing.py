"""What the demonstration company writes to its customers: templates, mailings, somebody who wants none, messages by hand."""

import datetime
from random import Random

from backoffice.outbox.models import Channel
from customers.mailings import services as writing
from customers.mailings.models import LetterTemplate, Mailing
from customers.models import Contact
from customers.services import save_contact
from reports.demo.company import Company

TEMPLATES = (
    ("新品推介", "mailing", "{客户}：本季新品资料", "尊敬的{联系人}：\n\n本季新品已经上市，规格和报价请见附件。需要样品或专场介绍，请与业务员{业务员}联系，我们三个工作日内安排。\n\n祝商祺！\n{公司}"),
    ("放假通知", "mailing", "{公司}节假日发货安排", "尊敬的{联系人}：\n\n节假日期间仓库停止发货，请贵司提前五个工作日下单，以免影响使用。给您带来不便，敬请谅解。"),
    ("样品已寄出", "message", "样品已寄出", "{联系人}您好：\n\n您要的样品今天已寄出，收到后请告诉我们使用情况。\n\n{业务员}"),
)  # fmt: skip
WITH_MOBILE = 16


def is_there() -> bool:
    return LetterTemplate.objects.exists()


def fill(company: Company, rng: Random, *, today: datetime.date) -> None:
    """Templates, one mailing that went out, one on paper, one still a draft; two who want none; some messages."""
    by = company.assistant2
    for name, use, subject, body in TEMPLATES:
        writing.save_template(LetterTemplate(name=name, use=use, subject=subject, body=body), by=by)
    for number, contact in enumerate(
        Contact.objects.filter(party__customer__in=company.customers[:WITH_MOBILE], is_main=True).order_by("pk")
    ):
        contact.phone = f"13900{100000 + number * 137:06}"
        save_contact(contact, by=by)
    for customer in company.customers[3:5]:
        writing.write_opt_out(customer.party, customer.party.email, by=by, reason="来电要求不再寄广告")
    mail = mailing(company, TEMPLATES[0], title="春季新品推介", audience="grade=A&grade=B")
    writing.hand_over_mailing(writing.send_mailing(mail, by=by).pk, by=by)
    for row in list(mail.lines.out())[:2]:
        writing.keep_answer(row, by=by, note=rng.choice(("索要样品", "下周面谈", "已转采购部")))
    writing.send_mailing(
        mailing(company, TEMPLATES[1], title="节前发货安排（纸质）", way="paper", audience="kind=hospital"), by=by
    )
    mailing(company, TEMPLATES[0], title="秋季新品推介", audience="city=杭州")
    for customer in company.customers[:6]:
        given = {
            "channel": Channel.MAIL,
            "to": customer.party.email,
            "contact": customer.party.contact,
            "subject": "样品已寄出",
            "text": "您要的样品今天已寄出，请查收。",
        }
        writing.write_message(customer.party, by=company.desk_of(customer)[0], given=given)


def mailing(
    company: Company, words: tuple[str, str, str, str], *, title: str, audience: str, way: str = "mail"
) -> Mailing:
    _name, _use, subject, body = words
    given = {
        "title": title,
        "way": way,
        "reach": "main",
        "audience": audience,
        "left_out": [],
        "subject": subject,
        "body": body,
    }
    return writing.save_mailing(Mailing(), by=company.assistant2, given=given)
