"""The first days: the administrator makes the company, two people change a policy, the masters come in from workbooks."""

import re

from tests.journeys import worker
from tests.journeys.desks import PASSWORD
from tests.sheets.books import workbook

# sign-in name → name, role, what they serve
PEOPLE = {
    "gu": ("顾总", "gm"), "ma": ("马经理", "manager"), "an": ("安内勤", "assistant"), "ai": ("艾内勤", "assistant"),
    "feng": ("冯财务", "finance"), "fan": ("范财务", "finance"), "wen": ("温库管", "warehouse"), "wei": ("魏库管", "warehouse"),
    "cai": ("蔡采购", "purchasing"), "ren": ("任人事", "hr"),
}  # fmt: skip
SALESPEOPLE = workbook(
    ("工号", "姓名", "邮箱", "部门", "区域", "角色"),
    ("E01", "王业务", "wang@example.com", "销售部", "华东", "业务员"),
    ("E02", "李业务", "li@example.com", "销售部", "华东", "业务员"),
)
CUSTOMERS = workbook(
    ("客户编码", "客户名称", "业务员工号", "区域", "付款条件", "信用额度", "开票抬头", "地址", "联系人"),
    (
        "HZYY",
        "杭州医药有限公司（示例）",
        "E01",
        "HD",
        "DEP30N30",
        900000,
        "杭州医药有限公司（示例）",
        "杭州市示例路1号",
        "陈经理",
    ),
    (
        "NBKT",
        "宁波康泰有限公司（示例）",
        "E02",
        "HD",
        "N30",
        500000,
        "宁波康泰有限公司（示例）",
        "宁波市示例路2号",
        "林主任",
    ),
)
PRODUCTS = workbook(
    ("产品编码", "产品名称", "规格", "产品线", "单位", "销售价", "成本价", "税率", "库存"),
    ("G01", "电子血压计", "上臂式", "器械", "台", 113, 60, "13%", 500),
    ("G02", "额温枪", "红外", "器械", "台", 226, 120, "13%", 500),
    ("G03", "医用口罩", "50只", "耗材", "盒", "11.3", 5, "13%", 2000),
)


def the_administrator_makes_the_company(desks) -> None:
    """From an empty program: what is still missing is on the first page, and ticks itself off."""
    root = desks("root").open("/reports/today/").sees("开始使用", "部门", "客户档案")
    root.click('.begin a[href="/control/departments/new/"]').fill(code="S", name="销售部").send()
    root.open("/control/regions/new/").fill(code="HD", name="华东").send()
    root.open("/control/regions/").click("text=华东").click('a[href*="?parent="]').fill(code="ZJ", name="浙江").send()
    root.upload(("业务员.xlsx", SALESPEOPLE))
    apply_upload(root)
    for username, (name, role) in PEOPLE.items():
        root.open("/control/people/new/").fill(username=username, name=name, email=f"{username}@example.com")
        root.pick(department="销售部").tick("roles", role)
        if username == "an":
            root.tick_named("serves", "王业务")
        if username == "ai":
            root.choose(serves_regions="HD")
        root.send().send()  # the account, and the link it leads to
    for name in ("王业务", "李业务"):
        root.open("/control/people/").click(f"a:text-is('{name}')").click('a[href$="/password/"]').send()


def everybody_chooses_a_password(desks, sink) -> None:
    """The link comes by mail and works once; the administrator knows nobody's password."""
    worker.carry_mail()
    links = [re.search(r"/accounts/password/reset/key/[^\"\s<]+", html_of(mail.message)) for mail in sink.mails]
    assert len([link for link in links if link]) == len(PEOPLE) + 2
    for link in links:
        somebody = desks.stranger().open(link[0]).fill(password1=PASSWORD, password2=PASSWORD)
        somebody.click("form button[type=submit]")
        somebody.page.context.close()


def html_of(message) -> str:
    return message.get_body(("html",)).get_content()


def apply_upload(desk, second=None) -> None:
    """Checked by the worker, looked at, applied by the same person or by a second one; the page of the work goes on by itself."""
    address = desk.page.url.removeprefix(desk.home)
    worker.do_what_waits()
    desk.sees("已检查")
    applies = second.open(address).sees("全部无误") if second else desk
    applies.click("button[value=apply]")
    worker.do_what_waits()
    applies.sees("已导入")


def two_people_change_a_policy(desks) -> None:
    """Orders from 2,000 on need two colleagues: asked for by one person, decided by another."""
    root = desks("root").open("/control/policies/ask/").pick(step="approve_order")
    root.fill(amount_from="2000", needed="2", reason="大额订单两人复核").tick("roles", "assistant", "manager").send()
    root.sees("大额订单两人复核")
    desks("gu").open("/control/policies/").sees("大额订单两人复核").click("button[value='1']").sees("已同意")


def the_masters_come_in(desks) -> None:
    """Customers with their credit and products with their stock: one uploads, another applies."""
    an = desks("an").upload(("客户.xlsx", CUSTOMERS), ("产品.xlsx", PRODUCTS))
    apply_upload(an, second=desks("ma"))
    desks("root").open("/reports/today/").sees("第一张订单")
