from __future__ import annotations

import re

import pytest

ACCOUNT = "/account/"
NEW = "Jialing-1949"


@pytest.fixture
def change(visit):
    """Send the form that changes a password."""
    visitor = visit("city.clerk")

    def send(old="demo", new=NEW, repeated=None):
        filled = {"old_password": old, "password": new, "repeated": new if repeated is None else repeated}
        return visitor.send("/account/password", filled)

    send.visitor = visitor
    return send


def test_the_account_shows_the_posts_of_a_person(visit):
    page = visit("gov.500101").get(ACCOUNT).text
    assert "区县政府经办" in page
    assert "重庆市万州区人民政府" in page


def test_a_changed_password_opens_the_desk_and_the_old_one_no_longer(change, visit):
    elsewhere = visit("city.clerk")
    assert change().status_code == 303
    assert "密码已更改" in change.visitor.get(ACCOUNT).text
    assert elsewhere.get(ACCOUNT).status_code == 303
    assert visit().log_in("city.clerk", "demo").status_code == 422
    assert visit().log_in("city.clerk", NEW).status_code == 303


@pytest.mark.parametrize(
    ("filled", "field", "sentence"),
    [
        ({"old": "Guess-2026"}, "old_password", "原密码不正确。"),
        ({"new": "short"}, "password", "密码应为 8 至 128 个字符。"),
        ({"new": "City.clerk1"}, "password", "密码不能包含登录名或姓名。"),
        ({"repeated": "Jialing-1950"}, "repeated", "两次输入的新密码不一致。"),
    ],
)
def test_a_password_that_is_refused_is_explained_beside_its_field_and_never_sent_back(change, filled, field, sentence):
    answered = change(**filled)
    assert answered.status_code == 422
    assert f'<p class="error" id="{field}-error">{sentence}</p>' in answered.text
    assert f'aria-describedby="{field}-error"' in answered.text or f'{field}-help {field}-error"' in answered.text
    assert [each for each in (NEW, *filled.values()) if each in answered.text] == []


def test_another_session_is_ended_from_here(visit):
    here, elsewhere = visit("city.clerk"), visit("city.clerk")
    action = re.search(r'action="(/account/sessions/[0-9a-f]{64}/end)"', here.get(ACCOUNT).text).group(1)
    assert here.send(action).location == "/account/#sessions"
    assert elsewhere.get(ACCOUNT).status_code == 303
    assert here.get(ACCOUNT).status_code == 200


def test_nobody_ends_the_session_of_another_person(visit):
    mine = visit("city.clerk")
    visit("city.clerk")
    action = re.search(r'action="(/account/sessions/[0-9a-f]{64}/end)"', mine.get(ACCOUNT).text).group(1)
    visit("manager").send(action)
    assert action in mine.get(ACCOUNT).text


def test_a_token_is_shown_once_works_and_is_taken_back(visit, app):
    visitor = visit("city.clerk")
    shown = visitor.send("/account/tokens", {"name": "统计程序"}).text
    token = re.search(r'<code class="secret">(cpd_[^<]+)</code>', shown).group(1)
    assert token not in visitor.get(ACCOUNT).text
    bearer = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get(ACCOUNT, headers=bearer).status_code == 200
    action = re.search(r'action="(/account/tokens/[0-9a-f]{64}/revoke)"', visitor.get(ACCOUNT).text).group(1)
    assert visit("manager").send(action).status_code == 404
    assert visitor.send(action).status_code == 303
    assert app.test_client().get(ACCOUNT, headers=bearer).status_code == 401


def test_a_token_without_a_purpose_is_refused_beside_its_field(visit):
    answered = visit("city.clerk").send("/account/tokens", {"name": " "})
    assert answered.status_code == 422
    assert 'id="name-error"' in answered.text
