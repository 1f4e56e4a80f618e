"""Two diagrams compared element by element, attribute by attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from processes.engine.comparing.model import Change, Comparison, Fact, Words
from processes.engine.comparing.naming import explains, fact_name, is_note, subject
from processes.engine.comparing.reading import Part, Reading, read
from processes.engine.comparing.values import in_words
from processes.engine.modeling.facts import DEFAULTS

Texts = Callable[[str], Words | None]
TOLD_BY_OTHERS = frozenset({"scope"})
"""Of what was added or removed as a whole it need not be said."""


DEFAULTS_OF = {f"@{name}": value for name, value in sorted(DEFAULTS)}
"""What an attribute means where it is not written; one program writes it, the next leaves it out."""


def compare_diagrams(before: bytes, after: bytes, texts_before: Texts, texts_after: Texts) -> Comparison:
    """What was added, removed and changed, and what is only drawn otherwise."""
    return _Comparing(read(before), read(after), texts_before, texts_after).compare()


class _Comparing:
    def __init__(self, before: Reading, after: Reading, texts_before: Texts, texts_after: Texts) -> None:
        self.before, self.after = before, after
        self.texts_before, self.texts_after = texts_before, texts_after

    def compare(self) -> Comparison:
        changes = [*self._changes()]
        told = {each.place for each in changes}
        both = self.before.parts.keys() & self.after.parts.keys()
        moved = {each for each in both - told if each and self.before.drawn.get(each) != self.after.drawn.get(each)}
        return Comparison(tuple(changes), frozenset(moved))

    def _changes(self) -> Iterator[Change]:
        for ident, part in self.after.parts.items():
            old = self.before.parts.get(ident)
            if old is None:
                facts = tuple(self._all(part, self.after, self.texts_after, added=True))
                yield Change("added", "diagram", ident, subject(part, self.after), facts, is_note(part))
            else:
                yield from self._changed(old, part)
        for ident, part in self.before.parts.items():
            if ident not in self.after.parts:
                facts = tuple(self._all(part, self.before, self.texts_before, added=False))
                yield Change("removed", "diagram", ident, subject(part, self.before), facts, is_note(part))

    def _changed(self, old: Part, new: Part) -> Iterator[Change]:
        differences = [*self._differences(old, new)]
        named = subject(
            old if old.name and not new.name else new, self.after if new.name or not old.name else self.before
        )
        for notes in (False, True):
            facts = tuple(fact for path, fact in differences if (is_note(new) or explains(path)) == notes)
            if facts:
                yield Change("changed", "diagram", new.id, named, facts, notes)

    def _differences(self, old: Part, new: Part) -> Iterator[tuple[str, Fact]]:
        before, after = {"kind": old.kind, **old.facts}, {"kind": new.kind, **new.facts}
        for path in dict.fromkeys([*before, *after]):
            usual = DEFAULTS_OF.get(path.rsplit("/", 1)[-1])
            one, other = before.get(path, usual), after.get(path, usual)
            if one == other or (path == "order" and not _reordered(one, other)):
                continue
            if path.endswith("EventDefinition") and (one or other) is None:
                continue
            yield (
                path,
                Fact(
                    fact_name(path, new.kind),
                    None if one is None else in_words(path, one, self.before, self.texts_before),
                    None if other is None else in_words(path, other, self.after, self.texts_after),
                ),
            )

    def _all(self, part: Part, reading: Reading, texts: Texts, *, added: bool) -> Iterator[Fact]:
        for path, raw in part.facts.items():
            if path in TOLD_BY_OTHERS or path in ("@name", "order") or not raw:
                continue
            value = in_words(path, raw, reading, texts)
            yield Fact(fact_name(path, part.kind), None if added else value, value if added else None)


def _reordered(before: str | None, after: str | None) -> bool:
    """Whether the ways out that both versions have are looked at in another order."""
    one, other = (before or "").split("\n"), (after or "").split("\n")
    return [each for each in one if each in other] != [each for each in other if each in one]
