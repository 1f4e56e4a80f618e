"""Signing together: how many of the signers must agree, and when that is decided (会签、或签、依次签)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from processes.errors import Invalid
from processes.messages import message

ONE, ALL, ANY, SEQUENCE = "one", "all", "any", "sequence"
SIGNS = (ONE, ALL, ANY, SEQUENCE)
SIGNER = "signer"
"""Variable in which an instance finds whose signature it is."""
_SHARE = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})", re.ASCII)
_PERCENT = re.compile(r"([1-9]\d?|100)%", re.ASCII)
_COUNT = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_AGREED = ("同意", "通过", "赞成", "agree", "agreed", "yes", "approve", "approved")
_ASKED = ("opinion", "decision", "意见", "决定")


def share_of(text: str) -> Fraction | int | None:
    """A pass rule: `2/3`, `60%` or a number of signers; None for anything else."""
    text = text.strip()
    if (found := _SHARE.fullmatch(text)) and int(found[1]) <= int(found[2]):
        return Fraction(int(found[1]), int(found[2]))
    if found := _PERCENT.fullmatch(text):
        return Fraction(int(found[1]), 100)
    return int(text) if _COUNT.fullmatch(text) else None


@dataclass(frozen=True)
class Signing:
    """The rule of one task."""

    sign: str
    """`all`, `any` or `sequence`."""
    share: Fraction | int | None
    """How many must agree; None: everybody is heard, and it has passed when nobody was against it."""
    agree: str
    """Expression that is true for an answer that agrees; empty: see `agreed`."""

    @property
    def in_turn(self) -> bool:
        """Whether one signs after the other."""
        return self.sign == SEQUENCE

    def needed(self, total: int) -> int:
        """How many of so many signers must agree."""
        if self.sign == ANY:
            return 1
        if self.share is None:
            return total
        return min(self.share if isinstance(self.share, int) else ceil(self.share * total), total)

    def verdict(self, yes: int, done: int, total: int) -> bool | None:
        """Whether it has passed; None while that is still open. Without a share it stays open until all are heard."""
        if self.sign == ANY and done:
            return yes > 0
        if done >= total:
            return yes >= self.needed(total)
        if self.share is None or self.sign == ANY:
            return None
        if yes >= self.needed(total):
            return True
        return False if yes + (total - done) < self.needed(total) else None

    def agreed(self, answers: Mapping[str, object]) -> bool:
        """Whether an answer agrees: the first answer that asks for an opinion says so; else the signature does."""
        for name in _ASKED:
            if name in answers:
                return str(answers[name]).strip().lower() in _AGREED
        return True


def signing(given: Mapping[str, str]) -> Signing | None:
    """The rule that the properties of a task say, None where one person does it."""
    sign = given.get("sign", "").strip() or ONE
    passing = given.get("pass", "").strip()
    if share_of(sign) is not None:
        sign, passing = ALL, passing or sign
    if sign == ONE:
        return None
    if sign not in SIGNS or (passing and share_of(passing) is None):
        raise Invalid(message("会签方式“%(text)s”不正确。", text=" ".join(filter(None, (sign, passing)))))
    return Signing(sign, share_of(passing) if passing else None, given.get("agree", "").strip())
