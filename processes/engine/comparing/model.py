"""A comparison as plain values: what was added, removed or changed, attribute by attribute, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from processes.forms.wording import Wording
from processes.messages import Message, message

Kind = Literal["added", "removed", "changed"]
About = Literal["diagram", "form", "table", "document", "file"]
Words = str | Message | Wording
"""Something told to people: as it is drawn, or in both languages."""


def in_language(words: Words | None, language: str = "zh") -> Words:
    """Words whose parts in two languages are put in one: what is left are sentences to be translated."""
    if isinstance(words, Wording):
        return words.text(language)
    if isinstance(words, Message):
        return Message(words.msgid, {name: in_language(value, language) for name, value in words.params.items()})
    return "" if words is None else str(words)


@dataclass(frozen=True)
class Fact:
    """One attribute of something, before and after; None where there is none."""

    name: Words
    before: Words | None
    after: Words | None

    @property
    def kind(self) -> Kind:
        """Whether the attribute came, went or has another value."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    def sentence(self) -> Message:
        """The change of this attribute as one sentence."""
        if self.before is None:
            return message("增加%(fact)s“%(after)s”", fact=self.name, after=self.after)
        if self.after is None:
            return message("取消%(fact)s（原为“%(before)s”）", fact=self.name, before=self.before)
        return message("%(fact)s由“%(before)s”改为“%(after)s”", fact=self.name, before=self.before, after=self.after)


@dataclass(frozen=True)
class Change:
    """Something that one version has otherwise than the other, with every attribute concerned."""

    kind: Kind
    about: About
    place: str
    """Id of the element, or path of the file."""
    subject: Words
    """What it is: «用户任务“初审”»."""
    facts: tuple[Fact, ...] = ()
    is_note: bool = False
    """It explains and is not executed: annotations, documentation, groups."""
    part: str = ""
    """The part of the file: a field of a form, a rule of a table."""

    def sentences(self) -> Iterator[Message]:
        """The change in words, a sentence for each attribute."""
        if self.kind == "added":
            yield message("新增%(subject)s", subject=self.subject)
        elif self.kind == "removed":
            yield message("删除%(subject)s", subject=self.subject)
        for fact in self.facts:
            if self.kind == "changed":
                yield message("%(subject)s：%(sentence)s", subject=self.subject, sentence=fact.sentence())
            else:
                value = fact.after if self.kind == "added" else fact.before
                yield message("%(subject)s：%(fact)s为“%(value)s”", subject=self.subject, fact=fact.name, value=value)


@dataclass(frozen=True)
class Comparison:
    """All that is different between two packages."""

    changes: tuple[Change, ...]
    moved: frozenset[str] = frozenset()
    """Ids of elements that are the same and only drawn otherwise."""

    def ids(self, kind: Kind) -> frozenset[str]:
        """Ids of the elements of the diagram that were added, removed or changed."""
        return frozenset(each.place for each in self.changes if each.about == "diagram" and each.kind == kind)

    @property
    def of_substance(self) -> tuple[Change, ...]:
        """What is executed otherwise, asked otherwise or said otherwise in documents."""
        return tuple(each for each in self.changes if not each.is_note)

    @property
    def notes(self) -> tuple[Change, ...]:
        """What only explains."""
        return tuple(each for each in self.changes if each.is_note)

    @property
    def same(self) -> bool:
        """Whether nothing but the drawing is different."""
        return not self.changes

    def sentences(self) -> list[Message]:
        """Everything in words, changes of substance first."""
        return [each for change in (*self.of_substance, *self.notes) for each in change.sentences()]
