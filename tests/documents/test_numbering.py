"""发文字号: made from the office's own pattern, never padded."""

from __future__ import annotations

from datetime import date

import pytest

from processes.documents.dates import chinese_date, date_in_numerals
from processes.documents.numbering import check_number_pattern, document_number
from processes.errors import Invalid


@pytest.mark.parametrize(
    ("pattern", "year", "n", "number"),
    [
        ("渝规资函〔{year}〕{n}号", 2026, 1, "渝规资函〔2026〕1号"),
        ("渝规资发〔{year}〕{n}号", 2025, 123, "渝规资发〔2025〕123号"),
        ("渝规首聘〔{year}〕{n}号", 2026, 45, "渝规首聘〔2026〕45号"),
        ("渝规资函〔{year}〕特{n}号", 2026, 7, "渝规资函〔2026〕特7号"),
    ],
)
def test_a_number_bears_the_year_in_hexagonal_brackets_and_no_leading_zero(pattern, year, n, number):
    assert document_number(pattern, year, n) == number


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("", "各一处"),
        ("渝规资函〔{year}〕号", "各一处"),
        ("渝规资函{n}号", "各一处"),
        ("渝规资函[{year}]{n}号", "各一处"),
        ("渝规资函（{year}）{n}号", "各一处"),
        ("渝规资函{n}〔{year}〕号", "各一处"),
        ("渝规资函〔{year}〕{n}{n}号", "各一处"),
        ("渝规资函〔{year}〕〔{year}〕{n}号", "各一处"),
        ("渝规资函〔{year}〕第{n}号", "不加“第”"),
        ("渝规资函〔{year}〕{n}", "以“号”结尾"),
        ("渝规资函〔{year}〕{n}{x}号", "以“号”结尾"),
        ("渝规资函〔{year}〕{n.__class__}{n}号", "以“号”结尾"),
        ("渝规资函〔{year}〕{n:03}号", "各一处"),
        ("渝规资函〔{year}〕0{n}号", "不编虚位"),
    ],
)
def test_a_pattern_that_the_standard_does_not_allow_is_refused(pattern, sentence):
    with pytest.raises(Invalid, match=sentence):
        check_number_pattern(pattern)


@pytest.mark.parametrize(("year", "n"), [(2026, 0), (2026, -1), (26, 1), (20260, 1)])
def test_a_number_begins_at_one_and_a_year_has_four_digits(year, n):
    with pytest.raises(Invalid, match="四位数"):
        document_number("渝规资函〔{year}〕{n}号", year, n)


@pytest.mark.parametrize(
    ("day", "digits", "numerals"),
    [
        (date(2026, 1, 5), "2026年1月5日", "二〇二六年一月五日"),
        (date(2025, 10, 10), "2025年10月10日", "二〇二五年十月十日"),
        (date(2028, 12, 31), "2028年12月31日", "二〇二八年十二月三十一日"),
        (date(2030, 11, 20), "2030年11月20日", "二〇三〇年十一月二十日"),
        (date(2024, 2, 29), "2024年2月29日", "二〇二四年二月二十九日"),
        (date(2027, 9, 19), "2027年9月19日", "二〇二七年九月十九日"),
    ],
)
def test_days_are_written_in_digits_in_letters_and_in_numerals_on_certificates(day, digits, numerals):
    assert chinese_date(day) == digits
    assert date_in_numerals(day) == numerals
