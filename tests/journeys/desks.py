"""One person's browser on a journey: signs in by typing, opens pages, takes steps and reviews by their keys."""

import re

import pytest
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery"


class Desk:
    """One person's browser: signs in by typing, opens pages, takes steps."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def sign_in(self, username: str) -> "Desk":
        self.page.goto(f"{self.home}/accounts/login/")
        self.page.locator("[name=login]").press_sequentially(username)
        self.page.locator("[name=password]").press_sequentially(PASSWORD)
        with self.page.expect_navigation(url=lambda address: "/accounts/" not in address):
            self.page.keyboard.press("Enter")
        return self

    def open(self, address: str) -> "Desk":
        self.page.goto(f"{self.home}{address}")
        return self

    def step(self, pk: int, name: str, **typed: str) -> "Desk":
        """Take a step as offered on the document's page: open it, type what it asks for, Ctrl-Enter."""
        self.open(f"/documents/{pk}/")
        with self.page.expect_navigation():
            self.page.locator(f'a[href="/documents/{pk}/{name}/"]').first.click()
        for field, text in typed.items():
            self.page.locator(f"[name={field}]").fill(text)
        self.send()
        expect(self.page).to_have_url(re.compile(rf"(?<!{name}/)$"))
        return self

    def review(self, pk: int) -> "Desk":
        """Agree on the review page with its key."""
        self.open(f"/documents/{pk}/review/")
        with self.page.expect_navigation():
            self.page.keyboard.press("F9")
        return self

    def send(self) -> "Desk":
        """Ctrl-Enter, and wait for what comes of it."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+Enter")
        return self


@pytest.fixture
def desks(chromium, live_server):
    """A function that opens a desk for somebody; every desk is a browser of its own."""
    opened = []

    def desk(username: str) -> Desk:
        context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        opened.append((context, Desk(context.new_page(), live_server.url)))
        return opened[-1][1].sign_in(username)

    yield desk
    faults = [fault for _context, one in opened for fault in one.faults]
    for context, _desk in opened:
        context.close()
    assert not faults, faults
