from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from processes.errors import NotFound
from webapp import guides

ALLOWED = {
    *("a", "br", "code", "div", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre", "span", "strong", "ul"),
    *("table", "thead", "tbody", "tr", "th", "td", "blockquote"),
}
GUIDES = [(name, language) for name in guides.GUIDES for language in ("zh", "en")]
PAGES = [*GUIDES, *((name, "en") for name in guides.BESIDE)]


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.names, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}


@pytest.mark.parametrize(("name", "language"), GUIDES)
def test_every_guide_is_a_page_for_everybody_in_both_languages(visit, name, language):
    for visitor in (visit(), visit("gov.500101")):
        page = visitor.get(f"/help/{name}?lang={language}")
        assert page.status_code == 200
        found = guides.guide(name, language)
        assert f"<h1>{found.title}</h1>" in page.text
        for each in found.sections:
            assert f'href="#{each.anchor}"' in page.text
            assert page.text.count(f'id="{each.anchor}"') == 1
    assert len(found.sections) >= 5


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_what_a_guide_leads_to_is_there(visit, name, language):
    html = guides.guide(name, language).html
    stranger = visit()
    places = re.findall(r'(?:href|src)="([^"]*)"', html)
    for each in places:
        assert each, html
        if not each.startswith(("https://", "#")):
            assert stranger.get(f"/help/{each}").status_code == 200, each


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_a_guide_holds_nothing_but_text(name, language):
    tags = Tags(guides.guide(name, language).html)
    assert tags.names <= ALLOWED
    assert tags.attributes <= {"href", "src", "alt", "loading", "class", "id", "tabindex"}


def test_every_picture_that_may_be_fetched_is_shown_by_a_guide_and_is_there():
    shown = {
        each
        for name, language in GUIDES
        for each in re.findall(r'src="images/([^"]*)"', guides.guide(name, language).html)
    }
    assert shown == set(guides.IMAGES)
    assert all(guides.image(each).startswith(b"\x89PNG") for each in guides.IMAGES)


def test_the_guides_of_both_languages_have_the_same_sections():
    for name in guides.GUIDES:
        chinese, english = (guides.guide(name, language).sections for language in ("zh", "en"))
        assert (name, len(chinese)) == (name, len(english))


def test_html_and_scripts_in_a_guide_are_drawn_as_text():
    hostile = (
        "# T\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![y](http://evil.example/p.png) [z](../../etc)\n"
    )
    tags = Tags(guides._drawn(hostile, "en").html)
    assert tags.names == {"p", "span", "img"}
    assert "evil" not in guides._drawn(hostile, "en").html


def test_lines_of_a_chinese_guide_are_joined_without_a_space():
    assert "甲乙" in guides._drawn("# T\n\n甲\n乙\n", "zh").html
    assert "a\nb" in guides._drawn("# T\n\na\nb\n", "zh").html


@pytest.mark.parametrize("path", ["nothing", "..", "images/nothing.png", "images/..%2f..%2fpyproject.toml"])
def test_nothing_else_can_be_fetched(visit, path):
    assert visit().get(f"/help/{path}").status_code in (404, 308)


def test_a_program_without_its_documents_says_so(visit, tmp_path, monkeypatch):
    monkeypatch.setattr(guides, "FOLDER", tmp_path)
    guides.guide.cache_clear()
    assert "未附使用指南" in visit().get("/help/").text
    assert visit().get("/help/staff").status_code == 404
    with pytest.raises(NotFound):
        guides.image("inbox.png")


def test_every_page_leads_to_the_guides(visit):
    for visitor, path in ((visit(), "/log-in"), (visit("admin"), "/people/")):
        assert 'href="/help/"' in visitor.get(path).text
    index = visit().get("/help/").text
    assert all(f'href="/help/{name}"' in index for name in guides.GUIDES)


def test_the_log_in_page_says_who_helps_with_a_forgotten_password(visit):
    assert "忘记密码请联系系统管理员" in visit().get("/log-in").text
