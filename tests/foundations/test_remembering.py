from __future__ import annotations

import gc
import weakref

import pytest

from processes.engine.language import programs
from processes.remembering import remembered


class Made:
    def __init__(self, of: str) -> None:
        self.of = of


def test_what_was_asked_for_last_is_kept_as_long_as_all_of_it_is_short_enough():
    made: list[str] = []

    @remembered(10)
    def make(text: str) -> Made:
        made.append(text)
        return Made(text)

    first = make("aaaa")
    assert make("aaaa") is first
    make("bbbb")
    make("aaaa")
    make("cc")
    make("dd")  # 12 together: the one not asked for longest goes
    assert make("aaaa") is first
    make("bbbb")
    assert made == ["aaaa", "bbbb", "cc", "dd", "bbbb"]


def test_what_is_too_long_by_itself_is_made_anew_and_turns_nothing_else_out():
    made: list[str] = []

    @remembered(4)
    def make(text: str) -> str:
        made.append(text)
        return text

    for _ in range(2):
        make("abc")
        make("abcde")
    assert made == ["abc", "abcde", "abcde"]


def test_a_function_that_raises_is_asked_again():
    asked: list[str] = []

    @remembered(100)
    def make(text: str) -> str:
        asked.append(text)
        raise ValueError(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            make("bad")
    assert asked == ["bad", "bad"]


def test_the_programs_of_uploaded_diagrams_go_again():
    def script(number: int) -> str:
        return "\n".join(f"v{line} = {number} + {line}" for line in range(500))

    first = weakref.ref(programs.script(script(0)))
    for number in range(1, programs.MOST_KEPT // len(script(0)) + 2):
        programs.script(script(number))
    gc.collect()
    assert first() is None
