from __future__ import annotations

import os
import shutil
import threading

import pytest
from werkzeug.serving import make_server

from tests.webapp.conftest import app, desk, peopled_template, person_of, settings, visit  # noqa: F401
from tests.webapp.pages import letters

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
PICTURES = os.environ.get("DESK_PICTURES")
"""A folder for pictures of the pages, for people who want to look."""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
    .map((each) => `too wide: ${each.tagName}.${each.getAttribute("class")}`).slice(0, 5)"""


def picture(page, name, *, whole=True):
    """Keep a picture of the page, where somebody wants to look."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=whole)


def fits(page):
    """Whether the page is no wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install -y --no-install-recommends chromium fonts-noto-cjk")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def letter_desk(desk):  # noqa: F811 - the fixture of that name
    """A desk on which letters are written."""
    letters.deploy(desk)
    return desk


@pytest.fixture
def address(app):  # noqa: F811 - the fixture of that name
    """A real server over the real database."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(chromium, address):
    """A browser window in which somebody has logged in; what its console complains of is collected."""
    opened = []

    def make(login=None, size="desk", **options):
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, base_url=address, **options)
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto("/log-in")
        if login is not None:
            page.get_by_label("登录名").fill(login)
            page.get_by_label("密码").fill("demo")
            page.locator("main").get_by_role("button", name="登录").click()
            page.wait_for_url(lambda url: "/log-in" not in url)  # until it is loaded: nothing is broken off
        return page

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def problems():
    """What axe finds wrong with a page, as rule and places."""

    def find(page):
        found = axe.Axe().run(page, options=RULES).response["violations"]
        return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]

    return find


@pytest.fixture(scope="session")
def faults(problems):
    """All that is wrong with a page as it is shown: by axe, by its console, and what is wider than the window."""

    def find(page, name):
        picture(page, name)
        wide = [] if fits(page) else page.evaluate(TOO_WIDE)
        return [*problems(page), *page.complaints, *wide]

    return find
