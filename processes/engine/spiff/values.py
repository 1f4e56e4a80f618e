"""Variables at rest: every value is written once, as bytes under its content hash, and never changes afterwards.

Tasks hold references only. Two tasks may share a value without ever seeing each other's changes, a value that nobody
touches is never read or written again, and a run in memory cannot differ from one that was saved in between.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from processes.errors import Invalid
from processes.messages import message

MARK = "$"
"""First character of the keys that carry a type; a mapping that has such a key itself is written as pairs."""
DEEPEST = 64
"""Levels of nesting that a value may have."""
LARGEST = 4_000_000
"""Bytes that one value may take."""
WHOLE = 2**53 - 1
SMALL = 160
"""Bytes up to which a value is written into the skeleton itself; a reference to it would be hardly shorter."""


class Held(NamedTuple):
    """A reference to a value and the moment (tick of the case) it was set; the later of two wins at a join."""

    key: str
    tick: int


Variables = dict[str, Held]


def newest(into: Variables, other: Mapping[str, Held]) -> Variables:
    """Take over each variable of `other` that was set later than the one already there."""
    for name, held in other.items():
        mine = into.get(name)
        if mine is None or held.tick > mine.tick:
            into[name] = held
    return into


def _tagged(value: Any, depth: int) -> Any:
    """A value as plain JSON, types that JSON lacks marked with a `$` key."""
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if kind is str:
        return value
    if kind is int:
        return value if -WHOLE <= value <= WHOLE else {"$int": str(value)}
    if kind is float:
        return value if math.isfinite(value) else _refuse(value)
    if depth >= DEEPEST:
        raise Invalid(message("数据嵌套过深，无法保存。"))
    if kind is list:
        return [_tagged(item, depth + 1) for item in value]
    if kind is dict:
        return _tagged_mapping(value, depth + 1)
    return _tagged_special(value, depth)


def _tagged_mapping(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    if all(type(key) is str and not key.startswith(MARK) for key in value):
        return {key: _tagged(item, depth) for key, item in value.items()}
    return {"$map": [[_tagged(key, depth), _tagged(item, depth)] for key, item in value.items()]}


def _tagged_special(value: Any, depth: int) -> Any:
    if type(value) is datetime:
        return {"$datetime": value.isoformat()}
    if type(value) is date:
        return {"$date": value.isoformat()}
    if type(value) is time:
        return {"$time": value.isoformat()}
    if type(value) is timedelta:
        return {"$timedelta": [value.days, value.seconds, value.microseconds]}
    if type(value) is Decimal and value.is_finite():
        return {"$decimal": str(value)}
    if type(value) is tuple:
        return {"$tuple": [_tagged(item, depth + 1) for item in value]}
    if isinstance(value, Mapping):
        return _tagged_mapping(dict(value), depth + 1)
    return _refuse(value)


def _refuse(value: Any) -> Any:
    raise Invalid(message("案件变量不能保存这种类型的值：%(type)s。", type=type(value).__name__))


_RESTORE: dict[str, Callable[[Any], Any]] = {
    "$int": int,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$timedelta": lambda parts: timedelta(*parts),
    "$decimal": Decimal,
    "$tuple": lambda items: tuple(_untagged(item) for item in items),
    "$map": lambda pairs: {_untagged(key): _untagged(item) for key, item in pairs},
}


def _untagged(value: Any) -> Any:
    if type(value) is list:
        return [_untagged(item) for item in value]
    if type(value) is dict:
        if len(value) == 1:
            ((tag, inner),) = value.items()
            if tag in _RESTORE:
                return _RESTORE[tag](inner)
        return {key: _untagged(item) for key, item in value.items()}
    return value


def encode(value: Any) -> bytes:
    """A value as the bytes it is stored as; refuses what could not be restored exactly."""
    try:
        raw = orjson.dumps(_tagged(value, 0))
    except orjson.JSONEncodeError as cause:  # a lone surrogate in a text
        raise Invalid(message("案件变量中含有无法保存的文字。")) from cause
    if len(raw) > LARGEST:
        raise Invalid(message("案件变量过大（%(size)s 字节），请改存为附件或登记记录。", size=len(raw)))
    return raw


def decode(raw: bytes) -> Any:
    """A fresh copy of a stored value."""
    value = orjson.loads(raw)
    return _untagged(value) if MARK.encode() in raw else value


def content_key(raw: bytes) -> str:
    """The name under which bytes are stored."""
    return blake2b(raw, digest_size=20).hexdigest()


Fetch = Callable[[Sequence[str]], Mapping[str, bytes]]


class ValueStore:
    """The values of one case: those made in this run, and those fetched from storage when first needed."""

    def __init__(self, fetch: Fetch | None = None, stored: Iterable[str] = ()) -> None:
        self._fetch = fetch
        self._stored = frozenset(stored)
        self._raw: dict[str, bytes] = {}
        self.made: dict[str, bytes] = {}

    def put(self, value: Any) -> str:
        """Keep a value and give its key."""
        raw = encode(value)
        key = content_key(raw)
        if key not in self._raw and key not in self._stored:
            self.made[key] = raw
        self._raw[key] = raw
        return key

    def read(self, key: str) -> Any:
        """A fresh copy of the value, so that nobody can change what others see."""
        self.load((key,))
        return decode(self._raw[key])

    def take_small(self, raw: bytes) -> str:
        """Take over a value that a skeleton carries itself, and give its key."""
        key = content_key(raw)
        self._raw[key] = raw
        return key

    def small(self, key: str) -> bytes | None:
        """A value that the skeleton may carry itself, None for one that is kept beside it."""
        raw = self._raw.get(key)
        return raw if raw is not None and len(raw) <= SMALL else None

    def has(self, key: str) -> bool:
        """Whether a value is here, without asking the storage."""
        return key in self._raw

    def load(self, keys: Iterable[str]) -> None:
        """Fetch what is not here yet in one go; bytes that do not match their key are refused."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._raw]
        if not missing:
            return
        found = self._fetch(missing) if self._fetch else {}
        for key in missing:
            raw = found.get(key)
            if raw is None or content_key(bytes(raw)) != key:
                raise Invalid(message("案件数据不完整或已被改动（%(key)s）。", key=key))
            self._raw[key] = bytes(raw)


class View(Mapping[str, Any]):
    """The variables of a task as values; all of them are fetched together when the first is read."""

    def __init__(
        self, store: ValueStore, variables: Mapping[str, Held], extra: Mapping[str, Any] | None = None
    ) -> None:
        self._store = store
        self._variables = dict(variables)
        self._extra = extra or {}

    def __getitem__(self, name: str) -> Any:
        if name in self._extra:
            return self._extra[name]
        held = self._variables[name]
        if not self._store.has(held.key):
            self._store.load(each.key for each in self._variables.values())
        return self._store.read(held.key)

    def __contains__(self, name: object) -> bool:
        return name in self._variables or name in self._extra

    def __iter__(self) -> Iterator[str]:
        yield from sorted(self._variables.keys() | self._extra.keys())  # the order of setting is not kept

    def __len__(self) -> int:
        return len(self._variables.keys() | self._extra.keys())

    def __repr__(self) -> str:
        return f"View({sorted(self)})"
