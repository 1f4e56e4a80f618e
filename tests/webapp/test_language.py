from __future__ import annotations

import pytest
from flask_babel import force_locale, gettext

from processes.messages import message
from webapp.language import say


def language(visitor, path="/log-in", **options):
    return visitor.get(path, **options).text.split('<html lang="', 1)[1].split('"', 1)[0]


def test_pages_are_chinese_whatever_the_browser_prefers(visit):
    assert language(visit(), headers={"Accept-Language": "en-GB,en"}) == "zh-CN"


def test_an_address_may_ask_for_english(visit):
    assert language(visit(), "/log-in?lang=en") == "en"
    assert language(visit(), "/log-in?lang=xx") == "zh-CN"


def test_a_stranger_s_choice_is_kept_in_a_cookie(visit):
    stranger = visit()
    changed = stranger.send("/language", {"language": "en", "next": "/log-in?lang=zh&next=%2Fkeys"}, page="/log-in")
    assert (changed.status_code, changed.location) == (303, "/log-in?next=%2Fkeys")
    assert language(stranger) == "en"


def test_a_person_s_choice_is_kept_with_the_person(visit):
    visit("city.clerk").send("/language", {"language": "en", "next": "/account/"})
    elsewhere = visit("city.clerk")
    assert language(elsewhere, "/account/") == "en"
    elsewhere.send("/language", {"language": "zh", "next": "/account/"})
    assert language(visit("city.clerk"), "/account/") == "zh-CN"


@pytest.mark.parametrize("wanted", ["", "xx", "../../etc"])
def test_an_unknown_language_is_chinese(visit, wanted):
    visitor = visit("city.clerk")
    visitor.send("/language", {"language": wanted, "next": "/account/"})
    assert language(visitor, "/account/") == "zh-CN"


def test_names_of_posts_and_organizations_follow_the_language(visit):
    page = visit("gov.500101").get("/account/?lang=en").text
    assert "District government clerk" in page
    assert "Government of Wanzhou District" in page


def test_a_sentence_from_below_is_said_with_its_values_even_when_they_are_sentences(app):
    with app.test_request_context():
        inner = message("第 %(row)s 行", row=3)
        assert say(message("%(place)s：%(text)s", place=inner, text="100%")) == "第 3 行：100%"
        assert say(None) == ""
        assert say("100%") == "100%"


def test_a_sentence_without_translation_stays_chinese(app):
    with app.test_request_context(), force_locale("en"):
        assert gettext("这句话没有译文") == "这句话没有译文"
