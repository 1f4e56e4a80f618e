"""A dossier as one zip: stored files as a stream, the list at the end; the same dossier gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from processes import clock
from processes.documents.fonts import FontFolder
from webapp.dossier.contents import Dossier, Stored
from webapp.dossier.facts import FORMAT, Facts, written
from webapp.dossier.history import history_pdf

PACKED_ALREADY = ("pdf", "jpg", "png", "docx", "xlsx", "ofd", "zip")
CHUNK = 256 * 1024
HISTORY, MANIFEST = "history.pdf", "manifest.json"


def pack(dossier: Dossier, fonts: FontFolder, target: BinaryIO) -> int:
    """Write the folder; how many files it has. Nothing is read from the database any more."""
    with ZipFile(target, "w", allowZip64=True) as package:
        writing = _Writing(package, f"{dossier.folder}/")
        writing.small(f"{dossier.folder}/{HISTORY}", history_pdf(dossier, fonts), dossier.as_of)
        for each in dossier.whole():
            writing.small(f"{each.folder}/case.json", written(each.facts), each.as_of)
            for path, content in each.parts.items():
                writing.small(f"{each.folder}/{path}", content, each.case.started_at)
            for stored in each.files:
                writing.stored(f"{each.folder}/{stored.path}", stored)
        count = len(writing.listed)
        listed = {"format": FORMAT, "case": dossier.case.number, "as_of": dossier.as_of, "files": writing.listed}
        writing.small(f"{dossier.folder}/{MANIFEST}", written(listed), dossier.as_of)
    return count + 1


class _Writing:
    """A zip being written, with the list of what is in it."""

    def __init__(self, package: ZipFile, root: str) -> None:
        self.package = package
        self.root = root
        self.listed: dict[str, Facts] = {}

    def small(self, name: str, content: bytes, at: datetime) -> None:
        """A file made for the folder."""
        self._add(name, at, iter((content,)))

    def stored(self, name: str, stored: Stored) -> None:
        """A file of the store, a piece at a time."""
        with stored.source.open("rb") as file:
            self._add(name, stored.facts.at, _pieces(file))

    def _add(self, name: str, at: datetime, pieces: Iterator[bytes]) -> None:
        entry = ZipInfo(name, clock.local(at).timetuple()[:6])
        entry.compress_type = ZIP_STORED if name.endswith(PACKED_ALREADY) else ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        entry.create_system = 3
        size, digest = 0, hashlib.sha256()
        with self.package.open(entry, "w") as file:
            for piece in pieces:
                size += len(piece)
                digest.update(piece)
                file.write(piece)
        self.listed[name.removeprefix(self.root)] = {"size": size, "sha256": digest.hexdigest()}


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece
