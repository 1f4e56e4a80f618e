"""Files on their way to the browser: as attachments under their Chinese names, never run by it."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from processes.errors import Conflict, NotFound
from processes.files import MEDIA_TYPES, FileStore, StoredFile
from processes.messages import message


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A file made for this answer; its name is given by RFC 5987, so that Chinese arrives whole."""
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)


def need_ready(stored: StoredFile) -> None:
    """Say that a file is still being made, to somebody who wants it already."""
    if not stored.ready:
        raise Conflict(message("文件正在生成，请稍候再下载。"))


def stored_attachment(files: FileStore, stored: StoredFile, name: str = "", *, shown: bool = False) -> Response:
    """A stored file; `shown` lets the browser show a PDF inside a page of the desk."""
    need_ready(stored)
    path = files.path(stored.id)
    if not path.is_file():
        raise NotFound(message("文件不存在或已失效，请重新上传"))
    return send_file(
        path,
        mimetype=MEDIA_TYPES[stored.kind],
        as_attachment=not shown,
        download_name=name or stored.name,
        max_age=0,
        etag=stored.sha256,
    )
