"""The files of a definition as they come in: a folder, a zip, or a diagram alone."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath

from processes.engine.packages import DIAGRAM
from processes.errors import Invalid
from processes.messages import message

FOLDERS = {
    "forms": (".json",),
    "documents": (".json", ".docx", ".pdf", ".png", ".jpg"),
    "tables": (".dmn", ".json"),
    "scenarios": (".json",),
    "original": (".bpmn",),
}
"""What a package may hold below its top, by folder."""
TOP = (".bpmn", ".dmn")
IGNORED = ("__MACOSX/", ".")
MOST_FILES = 300
MOST_ENTRIES = 10 * MOST_FILES
"""Entries of a zip, folders among them, that are looked at."""
LONGEST_PATH = 200
LARGEST = 20 * 1024 * 1024
"""Bytes of all files together, unpacked."""
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, OSError),
    *(ValueError, EOFError, KeyError, IndexError, OverflowError),
)
"""What the reading of a broken zip may end with."""


class TooLarge(Invalid):
    """A package that is larger than one may be."""

    status = 413
    code = "too-large"


def bundle(content: bytes) -> dict[str, bytes]:
    """The files of an upload: of a zip, or of a diagram by itself."""
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _named(_unzipped(content))
    return {DIAGRAM: content}


def packed(files: Mapping[str, bytes]) -> bytes:
    """All files as one zip that can be sent again; equal files give equal bytes."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path), files[path], zipfile.ZIP_DEFLATED)
    return written.getvalue()


def bundle_at(path: Path) -> dict[str, bytes]:
    """The files of a folder, a zip or a diagram on the disk."""
    if not path.is_dir():
        return bundle(path.read_bytes())
    found = sorted(each for each in path.rglob("*") if each.is_file())
    for each in found:
        if each.is_symlink():
            named = each.relative_to(path).as_posix()[:LONGEST_PATH]
            raise Invalid(message("流程包中不能有链接：%(path)s", path=named))
    check_amount(len(found), sum(each.stat().st_size for each in found))
    return _named({each.relative_to(path).as_posix(): each.read_bytes() for each in found})


def _announced(content: bytes) -> int:
    """How many entries a zip says that it has, by the record at its end."""
    end = content.rfind(b"PK\x05\x06")
    return int.from_bytes(content[end + 10 : end + 12], "little") if end >= 0 else 0


def _unzipped(content: bytes) -> dict[str, bytes]:
    announced = _announced(content)
    if announced > MOST_ENTRIES:  # before the list of all of them is read
        check_amount(announced, 0)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            check_amount(len(members), sum(each.file_size for each in members))
            _check_members(members)
            return {each.filename: archive.read(each) for each in members}
    except UNREADABLE as cause:
        raise Invalid(message("压缩包已损坏、已加密或格式不受支持。")) from cause


def _check_members(members: Sequence[zipfile.ZipInfo]) -> None:
    """No link to somewhere else, and no two files of one name, upper and lower case being the same to many systems."""
    for each in members:
        if stat.S_ISLNK(each.external_attr >> 16):
            raise Invalid(message("流程包中不能有链接：%(path)s", path=each.filename[:LONGEST_PATH]))
    names = Counter(each.filename.replace("\\", "/").casefold() for each in members)
    twice = sorted(name for name, count in names.items() if count > 1)
    if twice:
        text = message("压缩包中有重名的文件（不分大小写）：%(names)s", names="、".join(twice[:5])[:LONGEST_PATH])
        raise Invalid(text)


def check_path(path: str) -> None:
    """Raise `Invalid` unless a package may hold a file of this name."""
    if not _belongs(path):
        raise Invalid(message("流程包中不能有这样的文件：%(path)s", path=path[:LONGEST_PATH]))


def check_amount(count: int, size: int) -> None:
    """Raise `Invalid` where files are more, or larger, than a package may be."""
    if count > MOST_FILES or size > LARGEST:
        text = message(
            "流程包不得超过 %(count)s 个文件、%(size)s MB。", count=MOST_FILES, size=LARGEST // (1024 * 1024)
        )
        raise TooLarge(text)


def _named(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files under the names that a package knows; a folder around them all is left out."""
    kept = {name.replace("\\", "/").removeprefix("./"): content for name, content in files.items()}
    kept = {name: content for name, content in kept.items() if not _is_ignored(name)}
    tops = {name.split("/", 1)[0] for name in kept}
    if len(tops) == 1 and ".." not in tops and all("/" in name for name in kept):
        kept = {name.split("/", 1)[1]: content for name, content in kept.items()}
    strange = [name for name in kept if not _belongs(name)]
    if strange:
        raise Invalid(message("流程包中有不认识的文件：%(names)s", names="、".join(sorted(strange)[:5])))
    diagrams = [name for name in kept if name.endswith(".bpmn")]
    if DIAGRAM not in kept and len(diagrams) == 1:
        kept[DIAGRAM] = kept.pop(diagrams[0])
    elif DIAGRAM not in kept:
        raise Invalid(message("流程包中缺少流程图文件 %(name)s。", name=DIAGRAM))
    return kept


def _is_ignored(name: str) -> bool:
    path = PurePosixPath(name)
    return ".." not in path.parts and (name.startswith(IGNORED) or path.name.startswith("."))


def _belongs(name: str) -> bool:
    path = PurePosixPath(name)
    if not name.isprintable() or len(name) > LONGEST_PATH or path.is_absolute() or ".." in path.parts:
        return False
    if name != path.as_posix() or path.name.startswith("."):
        return False
    if len(path.parts) == 1:
        return path.suffix.lower() in TOP
    return len(path.parts) == 2 and path.suffix.lower() in FOLDERS.get(path.parts[0], ())
