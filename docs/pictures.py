"""Pictures of the kinds of pages, taken from the running demonstration: `make run`, then `make pictures`."""

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ADDRESS, PASSWORD = os.environ["BASE_URL"], "demo-demo-demo"
FOLDER = Path(__file__).resolve().parent / "pictures"
WIDE, NARROW = (1440, 900), (390, 844)
FIRST_ROW = "main table tbody tr td a"
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
    ("customer-telephone", "assistant2", "/customers/", True, NARROW, "light"),
    ("shipment", "warehouse", "/shipments/", True, WIDE, "light"),
    ("warehouse-day", "warehouse", "/shipments/day/", False, WIDE, "light"),
    ("ageing", "finance", "/invoices/ageing/", False, WIDE, "light"),
    ("trial-balance", "finance", "/ledger/trial-balance/", False, WIDE, "light"),
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


def main(chosen: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], chromium_sandbox=os.geteuid() != 0)
        for name, *how in PICTURES:
            if not chosen or name in chosen:
                take(browser, name, *how)
                print(f"  docs/pictures/{name}.png", flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
