from __future__ import annotations

import pytest

from processes.errors import Invalid
from processes.identity import passwords


@pytest.mark.parametrize(
    "password",
    ["Yangtze-1949", "abcDEF12", "长江Yangtze1", "correct horse Battery", "A1-" + "x" * 125],
)
def test_a_password_with_three_kinds_of_signs_is_taken(password):
    passwords.check_policy(password, login="wang.haiyan", name="王海燕")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "8 至 128"),
        ("aB3-xyz", "8 至 128"),
        ("aB3-" + "x" * 125, "8 至 128"),
        ("abcdefgh", "至少 3 类"),
        ("abcdefg1", "至少 3 类"),
        ("12345678", "至少 3 类"),
        ("P@ssw0rd", "常见"),
        ("Password2026!", "常见"),
        ("Chongqing2026", "常见"),
        ("Wang.Haiyan1", "登录名或姓名"),
        ("王海燕Abc123", "登录名或姓名"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, why):
    with pytest.raises(Invalid, match=why) as refused:
        passwords.check_policy(password, login="wang.haiyan", name="王海燕")
    assert set(refused.value.fields) == {"password"}


def test_a_password_is_kept_as_an_argon2_hash_of_the_agreed_cost():
    assert passwords.hashed("Yangtze-1949").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_right_password_matches():
    kept = passwords.hashed("Yangtze-1949")
    assert passwords.matches(kept, "Yangtze-1949")
    assert not passwords.matches(kept, "Yangtze-1948")


def test_without_a_hash_nothing_matches_and_the_comparison_is_made_all_the_same(monkeypatch):
    compared = []
    monkeypatch.setattr(passwords, "_hasher", _Recorder(passwords._hasher, compared))
    assert not passwords.matches(None, "Yangtze-1949")
    assert [hash_.split("$")[3] for hash_ in compared] == ["m=19456,t=2,p=1"]


def test_a_hash_that_is_no_hash_matches_nothing():
    assert not passwords.matches("-", "Yangtze-1949")


def test_the_same_character_typed_in_two_ways_is_the_same_password():
    assert passwords.matches(passwords.hashed("caf\u00e9-Yangtze"), "cafe\u0301-Yangtze")


class _Recorder:
    """Compares as the hasher does, and notes with what."""

    def __init__(self, hasher, compared):
        self.hasher, self.compared = hasher, compared

    def verify(self, hash_, password):
        self.compared.append(hash_)
        return self.hasher.verify(hash_, password)
