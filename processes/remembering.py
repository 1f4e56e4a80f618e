"""Results kept for whoever asks again: those asked for last, as long as what they were made of is not too long.

`lru_cache` counts results, and what people upload decides how large each of them is: five hundred programs may be one
megabyte or a thousand.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from functools import wraps
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


def _length(key: Any) -> int:
    return len(key) if isinstance(key, Sized) else 1


def remembered(
    most: int, size: Callable[[Any], int] = _length
) -> Callable[[Callable[[Key], Result]], Callable[[Key], Result]]:
    """Keep the results of a function of one argument; of all arguments that are kept, `most` is the length together.

    What is longer by itself is made anew each time. A function that raises is asked again.
    """

    def decorate(make: Callable[[Key], Result]) -> Callable[[Key], Result]:
        kept: OrderedDict[Key, Result] = OrderedDict()
        lock = threading.Lock()
        held = 0

        @wraps(make)
        def ask(key: Key) -> Result:
            nonlocal held
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    return kept[key]
            made = make(key)
            own = size(key)
            if own > most:
                return made
            with lock:
                if key not in kept:
                    kept[key] = made
                    held += own
                while held > most:
                    held -= size(kept.popitem(last=False)[0])
            return made

        return ask

    return decorate
