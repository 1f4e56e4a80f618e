"""Uploaded and issued files: contents outside the database under random names, facts about them inside."""

from __future__ import annotations

import errno
import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.errors import Invalid, NoRoom, NotFound
from processes.identity.actor import Actor
from processes.messages import message

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
CHUNK = 256 * 1024
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ENDINGS = {"jpeg": "jpg"}
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when there is no room for a file, or none for its owner."""


class StoredFile(Base):
    """Facts about one file; its content is written once and never changes."""

    __tablename__ = "stored_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    kind: Mapped[str]
    """`pdf`, `docx` …: what the content is, not what the name says."""
    size: Mapped[int]
    sha256: Mapped[str]
    """Empty while the content is being made in the background."""
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    """The case it belongs to; who may see the case may read the file."""
    work_item_id: Mapped[UUID | None] = mapped_column(index=True)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    owner: Mapped[str]
    at: Mapped[datetime]

    @property
    def ready(self) -> bool:
        """Whether the content is there."""
        return bool(self.sha256)


@dataclass(frozen=True)
class FileStore:
    """A folder of files, two levels deep by id."""

    folder: Path

    def put(
        self,
        session: Session,
        actor: Actor,
        name: str,
        content: BinaryIO | bytes,
        *,
        case_id: UUID | None = None,
        work_item_id: UUID | None = None,
        largest: int = LARGEST_FILE,
    ) -> StoredFile:
        """Keep a file; `Invalid` when it is too large, empty, or not what its name says.

        The content is on the disk before the row is committed; a file without a row is swept away later.
        """
        kind = kind_of_name(name)
        file_id = uuid4()
        size, digest = self._take(self.path(file_id), content, largest, name, kind)
        stored = StoredFile(
            id=file_id, name=safe_name(name), kind=kind, size=size, sha256=digest, case_id=case_id,
            work_item_id=work_item_id, owner_id=actor.person_id, owner=actor.name, at=clock.now(),
        )  # fmt: skip
        session.add(stored)
        session.flush()
        return stored

    def _take(self, target: Path, content: BinaryIO | bytes, largest: int, name: str, kind: str) -> tuple[int, str]:
        """Write what was sent and look whether it is what its name says; nothing stays of what is refused."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            written = self._write(target, BytesIO(content) if isinstance(content, bytes) else content, largest, name)
            _require_kind(target, kind, name)
        except BaseException as failure:
            target.unlink(missing_ok=True)
            if isinstance(failure, OSError) and failure.errno in FULL:
                raise NoRoom() from failure
            raise
        return written

    def promise(self, session: Session, actor: Actor, name: str, *, case_id: UUID) -> StoredFile:
        """Enter a file whose content is made in the background; others may refer to it at once."""
        stored = StoredFile(
            id=uuid4(), name=safe_name(name), kind=kind_of_name(name), size=0, sha256="", case_id=case_id,
            owner_id=actor.person_id, owner=actor.name, at=clock.now(),
        )  # fmt: skip
        session.add(stored)
        session.flush()
        return stored

    def fulfil(self, stored: StoredFile, content: bytes) -> None:
        """Write the content of a promised file; written twice, it is the same file."""
        target = self.path(stored.id)
        target.parent.mkdir(parents=True, exist_ok=True)
        made = target.with_name(f"{target.name}.{uuid4().hex[:8]}")
        try:
            stored.size, stored.sha256 = self._write(made, BytesIO(content), LARGEST_FILE, stored.name)
            made.replace(target)
        finally:
            made.unlink(missing_ok=True)

    def path(self, file_id: UUID) -> Path:
        """Where the content is."""
        return self.folder / file_id.hex[:2] / file_id.hex

    def read(self, file_id: UUID) -> bytes:
        """The whole content; `NotFound` if it is gone."""
        try:
            return self.path(file_id).read_bytes()
        except FileNotFoundError as cause:
            raise NotFound(message("文件不存在或已失效，请重新上传")) from cause

    def _write(self, target: Path, source: BinaryIO, largest: int, name: str) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        with target.open("xb") as file:
            for chunk in _chunks(source):
                size += len(chunk)
                if size > largest:
                    limit = largest // MEGABYTE
                    raise Invalid(message("“%(name)s”超过 %(size)s MB", name=safe_name(name), size=limit))
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise Invalid(message("“%(name)s”是空文件。", name=safe_name(name)))
        return size, digest.hexdigest()


def stored_file(session: Session, file_id: UUID) -> StoredFile:
    """The facts about a file, or `NotFound`."""
    found = session.get(StoredFile, file_id)
    if found is None:
        raise NotFound(message("文件不存在或已失效，请重新上传"))
    return found


def safe_name(name: str) -> str:
    """The last part of a file name, printable and of a length that every system takes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable())[-120:] or "file"


def kind_of_name(name: str) -> str:
    """The kind that a name's ending says; `Invalid` for one that is not taken."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    kind = _ENDINGS.get(ending, ending)
    if kind not in MEDIA_TYPES:
        kinds = "、".join(MEDIA_TYPES)
        raise Invalid(message("“%(name)s”的格式不符，应为 %(kinds)s", name=safe_name(name), kinds=kinds))
    return kind


def _require_kind(path: Path, kind: str, name: str) -> None:
    if kind not in set(_kinds_of_content(path)):
        raise Invalid(message("“%(name)s”的内容与文件类型不符，请检查后重新上传。", name=safe_name(name)))


def _kinds_of_content(path: Path) -> Iterator[str]:
    """What a file may be, by its first bytes and, for packages, by its parts."""
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        yield "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        yield "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        yield "png"
    if head.startswith(b"PK"):
        with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if "word/document.xml" in names:
                yield "docx"
            if "xl/workbook.xml" in names:
                yield "xlsx"
            if "OFD.xml" in names:
                yield "ofd"


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk
