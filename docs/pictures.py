"""Pictures of the kinds of pages, taken from the running demonstration: `make run`, then `make pictures`.

`make pictures only=every` walks every page that links lead to, as each role, and lays sheets of them all into
`.local/pictures`: wide and narrow, light and dark, Chinese and English, to be looked at by a person.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from docs.walking import walk

ADDRESS, PASSWORD = os.environ["BASE_URL"], "demo-demo-demo"
FOLDER = Path(__file__).resolve().parent / "pictures"
WIDE, NARROW = (1440, 900), (390, 844)
LOGINS = ("assistant2", "finance", "gm", "manager", "warehouse", "zhang", "hr", "purchasing", "admin")
FIRST_ROW = "main table tbody tr td a, main .due-list a.btn"
# name of the picture, who looks, address, whether to open the first row there, window, light or dark
PICTURES = (
    ("workbench", "assistant", "/", False, WIDE, "light"),
    ("workbench-telephone", "assistant", "/", False, NARROW, "light"),
    ("dashboard", "gm", "/reports/dashboard/", False, WIDE, "light"),
    ("dashboard-dark", "gm", "/reports/dashboard/", False, WIDE, "dark"),
    ("daily-performance", "gm", "/reports/daily/", False, WIDE, "light"),
    ("orders", "assistant2", "/orders/", False, WIDE, "light"),
    ("order", "assistant2", "/orders/?state=done", True, WIDE, "light"),
    ("order-dark", "assistant2", "/orders/?state=done", True, WIDE, "dark"),
    ("order-entry", "assistant2", "/orders/new/", False, WIDE, "light"),
    ("customer", "assistant2", "/customers/", True, WIDE, "light"),
    ("merge", "assistant", "/customers/duplicates/?open=1", True, WIDE, "light"),
    ("customer-telephone", "assistant2", "/customers/", True, NARROW, "light"),
    ("contract", "assistant2", "/contracts/?state=running", True, WIDE, "light"),
    ("contract-amendment", "assistant2", "/contracts/amendments/?view=all", True, WIDE, "light"),
    ("calling", "assistant2", "/customers/visits/", True, WIDE, "light"),
    ("market-prices", "manager", "/customers/market/prices/?period=2026", False, WIDE, "light"),
    ("case", "assistant", "/customers/cases/?state=closed", True, WIDE, "light"),
    ("case-figures", "manager", "/customers/cases/figures/?by=product", False, WIDE, "light"),
    ("leads-board", "manager", "/customers/leads/", False, WIDE, "light"),
    ("offer-public", "assistant", "/public/offers/east-dealers/", False, WIDE, "light"),
    ("mailing", "assistant2", "/customers/mailings/?state=sent&way=mail", True, WIDE, "light"),
    ("bid", "assistant2", "/contracts/bids/?state=preparing", True, WIDE, "light"),
    ("quotation", "assistant2", "/contracts/quotations/?state=won", True, WIDE, "light"),
    ("quotation-figures", "manager", "/contracts/quotations/figures/", False, WIDE, "light"),
    ("shipment", "warehouse", "/shipments/", True, WIDE, "light"),
    ("warehouse-day", "warehouse", "/shipments/day/", False, WIDE, "light"),
    ("licence", "assistant2", "/customers/licences/?state=submitted", True, WIDE, "light"),
    ("order-held", "manager", "/orders/?state=held", True, WIDE, "light"),
    ("papers", "warehouse", "/contracts/papers/?state=issued", True, WIDE, "light"),
    ("formalities", "finance", "/contracts/papers/formalities/", False, WIDE, "light"),
    ("ageing", "finance", "/invoices/ageing/", False, WIDE, "light"),
    ("trial-balance", "finance", "/ledger/trial-balance/", False, WIDE, "light"),
    ("performance", "gm", "/contracts/performance/?state=running&o=-charged", True, WIDE, "light"),
    ("contract-statistics", "gm", "/reports/contracts/", False, WIDE, "light"),
    ("supply-request", "assistant2", "/contracts/supply/?state=promised&state=part", True, WIDE, "light"),
    ("status", "admin", "/status/", False, WIDE, "light"),
)


def signed_in(browser: Browser, login: str, window: tuple[int, int], theme: str) -> Page:
    size = {"width": window[0], "height": window[1]}
    page = browser.new_context(viewport=size, color_scheme=theme, locale="zh-CN").new_page()
    page.goto(f"{ADDRESS}/accounts/login/")
    page.locator("#id_login").fill(login)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#sign-in button[type=submit]").click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    return page


def take(browser: Browser, name: str, login: str, path: str, opens: bool, window: tuple[int, int], theme: str) -> None:
    page = signed_in(browser, login, window, theme)
    page.goto(f"{ADDRESS}{path}")
    if opens and (rows := page.locator(FIRST_ROW).all()):
        page.goto(ADDRESS + str(rows[0].get_attribute("href")))
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(128).save(FOLDER / f"{name}.png", optimize=True)
    page.context.close()


def looks(page: Page) -> Iterator[Image.Image]:
    """The page as it stands: wide and narrow, light and dark."""
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(150)
            yield Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def sheet_of(page: Page) -> Image.Image:
    """The four looks beside each other, half as large."""
    pictures = [picture.resize((picture.width // 2, picture.height // 2)) for picture in looks(page)]
    sheet = Image.new("RGB", (sum(p.width for p in pictures), max(p.height for p in pictures)), "gray")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    return sheet


def switch_language(page: Page) -> None:
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.goto(f"{ADDRESS}/me/")
    with page.expect_navigation():
        page.locator("header button[name=language]").click()


def every(browser: Browser) -> None:
    """A sheet of each page in each language, named by who saw it and where."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
    django.setup()
    folder, seen = Path(os.environ["BACKOFFICE_LOCAL_DIR"]) / "pictures", set()
    folder.mkdir(exist_ok=True)
    for login in LOGINS:
        page = signed_in(browser, login, WIDE, "light")
        paths = []
        for path in walk(page, ADDRESS, seen):
            paths.append(path)
            sheet_of(page).save(folder / f"{login}-{len(paths):03}-1.png")
        switch_language(page)
        for number, path in enumerate(paths, start=1):
            page.goto(ADDRESS + path)
            page.wait_for_load_state("networkidle")
            sheet_of(page).save(folder / f"{login}-{number:03}-2.png")
        switch_language(page)
        print(f"  {login}: {len(paths)} pages in {folder}", flush=True)
        page.context.close()


def main(chosen: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], chromium_sandbox=os.geteuid() != 0)
        if chosen == ["every"]:
            every(browser)
        for name, *how in PICTURES:
            if not chosen or name in chosen:
                take(browser, name, *how)
                print(f"  docs/pictures/{name}.png", flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
