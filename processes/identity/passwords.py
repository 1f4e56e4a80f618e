"""Passwords: how they are kept, how they are compared, and which ones are taken."""

from __future__ import annotations

import secrets
import string
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from processes.errors import Invalid
from processes.messages import Message, message

SHORTEST = 8
LONGEST = 128
CLASSES_NEEDED = 3
"""Of lower case, upper case, digits and other signs."""
CLEAR = "".join(each for each in string.ascii_letters + string.digits if each not in "0Oo1Il")
"""Letters and digits that nobody takes for another."""
AT_ONCE = 4
"""Hashes computed at the same time; each takes 19 MiB, and the rest wait their turn."""
_COMMON = """
12345678 123456789 1234567890 87654321 11111111 00000000 88888888 66666666 password passw0rd password1 p@ssw0rd
p@ssword qwertyui qwerty123 1qaz2wsx 1q2w3e4r 1q2w3e4r5t zaq12wsx qazwsxedc asdfghjkl abcd1234 abc12345 a1234567
aa123456 aaaa1111 woaini1314 iloveyou admin123 admin@123 administrator welcome1 letmein1 changeme test1234
chongqing cq123456 guihua123 planner1
"""
COMMON = frozenset(_COMMON.split())
"""Passwords that are tried first; compared without case, and without the digits and signs around them."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turn = threading.BoundedSemaphore(AT_ONCE)
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$3A2b1HUZcYB0xB5ZkNo0lfTgqjo7oSZNcTZp7XQT5Ks"
"""Compared when there is no such person, so that the answer takes as long."""


def hashed(password: str) -> str:
    """The hash under which a password is kept."""
    with _turn:
        return _hasher.hash(_plain(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one kept; without a hash the answer is no, after the same time."""
    with _turn:
        try:
            _hasher.verify(password_hash or _NOBODY, _plain(password)[: LONGEST * 4])
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def by_chance(login: str, name: str) -> str:
    """A password that the policy takes, of four groups that can be read out."""
    while True:
        password = "-".join("".join(secrets.choice(CLEAR) for _place in range(4)) for _group in range(4))
        if _problem(password, login, name) is None:
            return password


def check_policy(password: str, *, login: str, name: str) -> None:
    """Raise `Invalid` for a password that is too weak (GB/T 22239-2019, 8.1.4.1)."""
    problem = _problem(_plain(password), login, name)
    if problem is not None:
        raise Invalid(problem, {"password": problem})


def _problem(password: str, login: str, name: str) -> Message | None:
    if not SHORTEST <= len(password) <= LONGEST:
        return message("密码应为 %(shortest)s 至 %(longest)s 个字符。", shortest=SHORTEST, longest=LONGEST)
    kinds = (str.islower, str.isupper, str.isdigit, _is_sign)
    if sum(any(kind(each) for each in password) for kind in kinds) < CLASSES_NEEDED:
        return message("密码应包含小写字母、大写字母、数字、符号中的至少 %(count)s 类。", count=CLASSES_NEEDED)
    folded = password.casefold()
    if folded in COMMON or folded.strip("0123456789!@#$%^&*.-_") in COMMON:
        return message("该密码过于常见，请另设密码。")
    if any(word and word.casefold() in folded for word in (login, name)):
        return message("密码不能包含登录名或姓名。")
    return None


def _is_sign(character: str) -> bool:
    return not (character.islower() or character.isupper() or character.isdigit())


def _plain(password: str) -> str:
    """One spelling of characters that keyboards compose in several ways."""
    return unicodedata.normalize("NFC", password)
