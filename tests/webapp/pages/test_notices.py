from __future__ import annotations

from processes.messages import message
from processes.notices import notify
from tests.webapp.pages import letters


def test_a_notice_is_shown_to_whom_it_is_for_until_it_is_read(desk, visit):
    case = letters.sent(desk)
    task = letters.item(desk, case, "reply", "CQ-500101")
    text = message("请办理：%(title)s（%(due)s前）", title="<b>复函</b>", due="2026-11-16")
    with desk.db.transaction() as session:
        notify(session, "reminder", text, role=task.role, organization_id=task.organization_id, work_item_id=task.id)
    wanzhou = visit("gov.500101")
    page = wanzhou.get("/notices/").text
    assert "未读 1 条" in page
    assert "&lt;b&gt;复函&lt;/b&gt;" in page
    assert f"/tasks/{task.id}" in page
    assert "请办理" not in visit("gov.500102").get("/notices/").text
    assert wanzhou.send("/notices/read").status_code == 303
    assert "未读 0 条" in wanzhou.get("/notices/").text
