"""A .docx is a ZIP of XML from anywhere: bombs, macros, outside content and damaged files are refused."""

from __future__ import annotations

import struct
from io import BytesIO
from zipfile import ZipFile

import pytest

from processes.documents.letters import check_template, render_letter
from processes.documents.packing import active_content, read_package
from processes.documents.preview import letter_preview
from processes.errors import Invalid

RELS = "word/_rels/document.xml.rels"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _links(kind: str, target: str, mode: str = "") -> bytes:
    outside = f' TargetMode="{mode}"' if mode else ""
    link = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"{outside}/>'
    return f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>'.encode()


def _body(inner: str) -> bytes:
    return f'<w:document xmlns:w="{WORD}"><w:body><w:p>{inner}</w:p></w:body></w:document>'.encode()


def _field(*pieces: str) -> str:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return begin + "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces) + end


def _refused(package: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        render_letter(package, {})
    assert check_template(package, set())


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"%PDF-1.7", b"<html></html>", b"\xd0\xcf\x11\xe0" + b"\0" * 600],
    ids=["empty", "cut off", "pdf", "html", "old word"],
)
def test_what_is_no_word_file_is_told_so(content):
    _refused(content, "文件不是Word文档")
    with pytest.raises(Invalid, match="文件不是Word文档"):
        letter_preview(content)


def test_a_zip_of_something_else_is_no_word_file():
    written = BytesIO()
    with ZipFile(written, "w") as target:
        target.writestr("a.txt", "a")
    _refused(written.getvalue(), "文件不是Word文档")


def test_a_part_that_unpacks_to_megabytes_is_refused_before_it_is_unpacked(docx, with_parts):
    bomb = with_parts(docx("x"), {"word/bomb.xml": b"<a>" + b" " * 9_000_000 + b"</a>"})
    assert len(bomb) < 100_000
    _refused(bomb, "文件过大")


def test_many_middling_parts_are_too_large_together(docx, with_parts):
    parts = {f"word/media/{n}.png": b"\0" * 7_000_000 for n in range(5)}
    _refused(with_parts(docx("x"), parts), "文件过大")


def test_thousands_of_parts_are_refused(docx, with_parts):
    _refused(with_parts(docx("x"), {f"word/{n}.xml": b"<a/>" for n in range(600)}), "文件过大")


def test_a_part_that_is_larger_than_it_says_is_damaged(docx, with_parts):
    package = with_parts(docx("x"), {"word/bomb.xml": b"<a>" + b" " * 9_000_000 + b"</a>"})
    size, said = struct.pack("<I", 9_000_007), struct.pack("<I", 100)
    assert package.count(size) == 2
    _refused(package.replace(size, said), "文件已损坏")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_in_any_encoding(docx, with_parts, encoding):
    text = (
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document xmlns:w="'
        + WORD
        + '"><w:body/></w:document>'
    )
    part = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
    _refused(with_parts(docx("x"), {"word/document.xml": part}), "不允许的声明")
    _refused(with_parts(docx("x"), {"word/extra.xml": part}), "不允许的声明")


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/activeX/activeX1.bin", "word/embeddings/sheet.xlsx"])
def test_macros_and_embedded_objects_are_refused(docx, with_parts, part):
    _refused(with_parts(docx("x"), {part: b"x"}), "宏或嵌入对象")


@pytest.mark.parametrize("kind", ["oleObject", "aFChunk", "package", "control", "vbaProject"])
def test_an_embedded_object_under_a_harmless_name_is_refused(docx, with_parts, kind):
    package = with_parts(docx("x"), {"word/_rels/footer9.xml.rels": _links(kind, "media/picture1.png")})
    assert [str(text) for text in active_content(package)] == [
        "文件含有宏或嵌入对象（media/picture1.png），不能用作模板。"
    ]


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "frame", "subDocument"])
def test_content_that_word_would_fetch_from_elsewhere_is_refused(docx, with_parts, kind):
    package = with_parts(docx("x"), {"word/_rels/settings.xml.rels": _links(kind, "http://example.org/x", "External")})
    assert [str(text) for text in active_content(package)] == [
        "文件引用了外部内容（http://example.org/x），不能用作模板。"
    ]


def test_a_link_that_a_reader_may_follow_is_no_outside_content(docx, with_parts):
    package = with_parts(
        docx("x"), {"word/_rels/footer9.xml.rels": _links("hyperlink", "https://example.org", "External")}
    )
    assert active_content(package) == []


@pytest.mark.parametrize(
    "inner",
    [
        _field(' INCLUDEPICTURE "http://example.org/x.png" '),
        _field("DDE", "AUTO c:\\\\x"),
        _field("PAGE") + _field(" IncludeText ", '"c:\\\\secret.docx"'),
        '<w:fldSimple w:instr=" LINK Excel.Sheet.12 c:\\x "/>',
    ],
)
def test_a_field_that_fetches_or_runs_something_is_refused(docx, with_parts, inner):
    package = with_parts(docx("x"), {"word/document.xml": _body(inner)})
    assert ["会读取外部内容的域" in str(text) for text in active_content(package)] == [True]


def test_a_page_number_is_a_harmless_field(docx, with_parts):
    package = with_parts(docx("x"), {"word/document.xml": _body(_field(" PAGE ") + _field("DATE"))})
    assert active_content(package) == []


@pytest.mark.parametrize("part", ["word/document.xml", RELS, "[Content_Types].xml", "word/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<a"], ids=["empty", "cut off"])
def test_a_damaged_word_file_is_told_so(docx, with_parts, part, content):
    package = with_parts(docx("{{ x }}"), {part: content})
    _refused(package, "文件已损坏")
    with pytest.raises(Invalid, match="文件已损坏"):
        letter_preview(package)


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml"])
def test_a_part_that_holds_something_else_is_damaged(docx, with_parts, part):
    package = with_parts(docx("{{ x }}"), {part: b"<a/>"})
    _refused(package, "文件已损坏")
    with pytest.raises(Invalid, match="文件已损坏"):
        letter_preview(package)


def test_a_word_file_whose_parts_were_overwritten_is_damaged(docx):
    package = bytearray(docx("x" * 50))
    start = package.find(b"word/document.xml") + 40
    package[start : start + 200] = b"\xff" * 200
    _refused(bytes(package), "文件已损坏")


def test_a_locked_word_file_is_told_so(docx):
    package = bytearray(docx("x"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = package.find(mark)
        while at >= 0:
            package[at + offset] |= 1
            at = package.find(mark, at + 4)
    _refused(bytes(package), "文件已损坏")


def test_an_ordinary_word_file_is_opened(docx):
    assert "word/document.xml" in read_package(docx("x")).namelist()
