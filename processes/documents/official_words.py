"""Names that recur in the letters, as their first version has them; an office changes them in its own templates."""

from __future__ import annotations

from docx.shared import Mm

BUREAU = "重庆市规划和自然资源局"
PERSONNEL_BUREAU = "重庆市人力资源和社会保障局"
REGULATION = "《重庆市区县首席规划师管理办法》"
NUMBER, DAY = "{{ 发文字号 }}", "{{ 成文日期 }}"
CONTACT = "联系人：{{ 联系人 }}，联系电话：{{ 联系电话 }}。"
BELOW_LETTER_NUMBER = Mm(4)
"""How far below the last line of a letter its page number stands."""
