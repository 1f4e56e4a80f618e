"""The few kinds of error, by what the reader can do; each is drawn once for pages and once for the API."""

from __future__ import annotations

from collections.abc import Mapping

from processes.messages import Message, message


class DeskError(Exception):
    """Something a person at the desk must be told; `text` is fit for that person."""

    status = 400
    code = "error"

    def __init__(self, text: Message) -> None:
        super().__init__(str(text))
        self.text = text


class Invalid(DeskError):
    """What was sent cannot be accepted as it is; `fields` names the field of each problem."""

    status = 422
    code = "invalid"

    def __init__(self, text: Message, fields: Mapping[str, Message] | None = None) -> None:
        super().__init__(text)
        self.fields: dict[str, Message] = dict(fields or {})


class NotAllowed(DeskError):
    """The person may not do this here."""

    status = 403
    code = "not-allowed"

    def __init__(self, text: Message | None = None) -> None:
        super().__init__(text or message("您没有办理此事项的权限。"))


class NotFound(DeskError):
    """There is no such thing, or the person may not know that there is."""

    status = 404
    code = "not-found"

    def __init__(self, text: Message | None = None) -> None:
        super().__init__(text or message("未找到所请求的内容。"))


class Conflict(DeskError):
    """The request was right when the page was drawn, but things have moved on since."""

    status = 409
    code = "conflict"


class NoRoom(DeskError):
    """The disk is full: nothing was changed, and it can be sent again when there is room."""

    status = 507
    code = "no-room"

    def __init__(self, text: Message | None = None) -> None:
        told = message("磁盘空间不足，操作未完成，数据未作更改。请通知系统管理员清理磁盘，之后再提交。")
        super().__init__(text or told)
