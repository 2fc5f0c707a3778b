"""One person's browser on a journey: signs in by typing, opens pages, fills forms, takes steps and reviews by their keys."""

import re
from http import HTTPStatus

import pytest
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery"


class Desk:
    """One person's browser. Every act answers the desk, so that a day reads as a sentence."""

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
        """The browser's own entry says how the page was answered: the driver loses sight of it where a page was just renewing itself."""
        self.page.goto(f"{self.home}{address}")
        status = self.page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
        assert status == HTTPStatus.OK, f"{address}: {status}"
        return self

    def sees(self, *words: str) -> "Desk":
        """These words stand on the page."""
        for word in words:
            expect(self.page.locator("main")).to_contain_text(word)
        return self

    @property
    def number(self) -> int:
        """The number of what this page is about, from its address."""
        (found,) = re.findall(r"/(\d+)/(?:[a-z_-]+/)?(?:\?.*)?$", self.page.url)
        return int(found)

    # ── forms ──
    def fill(self, **fields: str) -> "Desk":
        for name, typed in fields.items():
            self.page.locator(f"[name={name}]").fill(typed)
        return self

    def pick(self, **fields: str) -> "Desk":
        """One line of a select box, by its words or its value."""
        for name, chosen in fields.items():
            self.page.locator(f"select[name={name}]").select_option(chosen)
        return self

    def tick(self, name: str, *values: str) -> "Desk":
        for value in values:
            self.page.locator(f"[name={name}][value='{value}']").check()
        return self

    def tick_named(self, name: str, *words: str) -> "Desk":
        """Check boxes by what stands beside them."""
        for word in words:
            self.page.locator(f"label:has([name={name}])", has_text=word).locator("input").check()
        return self

    def choose(self, **fields: str) -> "Desk":
        """A row of a look-up: what is typed into its box, taken with Enter."""
        for name, typed in fields.items():
            box = self.page.locator(f"[name={name}-text]")
            box.press_sequentially(typed, delay=15)
            self.page.wait_for_selector("#choices [role=option][aria-selected=true]")
            box.press("Enter")
            expect(self.page.locator("#choices")).to_be_hidden()
        return self

    def line(self, place: int, **cells: str) -> "Desk":
        """A line of a sheet, cell by cell, each left by Enter as the hand does."""
        for name, typed in cells.items():
            cell = self.page.locator(f"[name=lines-{place}-{name}]")
            cell.focus()
            cell.press_sequentially(typed, delay=15)
            cell.press("Enter")
            expect(cell).not_to_be_focused()
        return self

    def send(self) -> "Desk":
        """Ctrl-Enter, and wait for what comes of it."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+Enter")
        wrong = self.page.locator(".errors:not(:empty), .notice.tone-bad")
        assert not wrong.count(), f"{self.page.url}: {wrong.all_inner_texts()}"
        return self

    def click(self, selector: str) -> "Desk":
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        return self

    # ── documents ──
    def step(self, pk: int, name: str, *, files: dict[str, dict] | None = None, **typed: str) -> "Desk":
        """Take a step as offered on the document's page: open it, type what it asks for, Ctrl-Enter."""
        self.open(f"/documents/{pk}/").click(f'a[href="/documents/{pk}/{name}/"]').fill(**typed)
        for field, file in (files or {}).items():
            self.page.locator(f"[name={field}]").set_input_files([file])
        self.send()
        expect(self.page).to_have_url(re.compile(rf"(?<!{name}/)$"))
        return self

    def review(self, pk: int) -> "Desk":
        """Agree on the review page with its key."""
        self.open(f"/documents/{pk}/review/")
        with self.page.expect_navigation():
            self.page.keyboard.press("F9")
        return self

    def upload(self, *books: tuple[str, bytes]) -> "Desk":
        """Drop workbooks on the page of the imports; ends on the page of this upload."""
        self.open("/imports/")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        files = [{"name": name, "mimeType": kind, "buffer": content} for name, content in books]
        self.page.locator("[name=files]").set_input_files(files)
        self.click("form[data-drop] button.primary")
        expect(self.page).to_have_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
        return self


@pytest.fixture
def desks(chromium, live_server):
    """A function that opens a desk for somebody; every desk is a browser of its own."""
    opened: dict[str, tuple] = {}

    def stranger() -> Desk:
        """A browser in which nobody is signed in."""
        context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        return Desk(context.new_page(), live_server.url)

    def desk(username: str) -> Desk:
        """The desk of that person, who signs in the first time they sit down at it."""
        if username not in opened:
            newcomer = stranger()
            opened[username] = newcomer.page.context, newcomer
            newcomer.sign_in(username)
        return opened[username][1]

    desk.stranger = stranger
    yield desk
    faults = [fault for _context, one in opened.values() for fault in one.faults]
    for context, _desk in opened.values():
        context.close()
    assert not faults, faults
