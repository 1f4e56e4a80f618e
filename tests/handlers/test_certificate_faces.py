"""Many certificates are printed with smaller faces, and look as they do with whole ones."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from handlers.certificate_faces import faces_for
from processes.documents.certificate import CertificateValues, render_certificate
from processes.documents.fonts import SHIPPED, FontFolder
from processes.errors import Invalid

VALUES = CertificateValues(
    name="阿依努尔·买买提",
    district="酉阳土家族苗族自治县",
    term_from=date(2025, 1, 20),
    term_until=date(2028, 12, 31),
    number="渝规首聘〔2025〕1号",
    issuer="重庆市规划和自然资源局",
    issued_on=date(2026, 11, 25),
    reissued_on=date(2026, 12, 1),
    sample=True,
)
SAID = [VALUES.name, VALUES.district, VALUES.issuer, VALUES.number]


def looks(content: bytes) -> tuple[str, int]:
    """The text of a certificate and how many faces it needs."""
    page = PdfReader(BytesIO(content)).pages[0]
    return page.extract_text(), len(page["/Resources"]["/Font"])


def test_a_certificate_says_the_same_in_the_same_faces():
    with faces_for(SAID, FontFolder()) as fonts:
        assert looks(render_certificate(VALUES, fonts)) == looks(render_certificate(VALUES, FontFolder()))


def test_a_character_that_no_face_has_is_still_named():
    with faces_for(["㐂"], FontFolder()) as fonts, pytest.raises(Invalid, match="㐂"):
        render_certificate(CertificateValues(**{**vars(VALUES), "name": "㐂"}), fonts)


def test_an_office_s_own_faces_and_extra_ones_are_kept(tmp_path):
    (tmp_path / "extra-names.ttf").write_bytes((SHIPPED / "kai.ttf").read_bytes())
    (tmp_path / "kai.ttf").write_bytes(b"no font")
    with faces_for(SAID, FontFolder(tmp_path)) as fonts:
        assert fonts.folder is not None
        assert {file.name for file in fonts.folder.iterdir()} == {"extra-names.ttf", "kai.ttf", "song-bold.ttf"}
        with pytest.raises(Invalid, match="kai"):
            render_certificate(VALUES, fonts)
