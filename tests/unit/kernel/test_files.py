"""What a file's bytes say that it is, whatever its sender calls it."""

import pytest

from contor.kernel.files import ODS, OTHER, XLSX, media_type_of

PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n..", b"\xff\xd8\xff\xe0..", b"%PDF-1.7 .."
SHEET = b"PK\x03\x04" + b"." * 26 + b"[Content_Types].xml..xl/workbook.xml"
OPEN_SHEET = b"PK\x03\x04" + b"." * 26 + b"mimetype" + ODS.encode()


@pytest.mark.parametrize(
    ("content", "claimed", "kind"),
    [
        (PDF, "application/pdf", "application/pdf"),
        (PDF, "text/html", "application/pdf"),
        (PNG, "image/png", "image/png"),
        (PNG, "application/pdf", "image/png"),
        (JPEG, "image/jpeg", "image/jpeg"),
        (SHEET, XLSX, XLSX),
        (OPEN_SHEET, ODS, ODS),
        (OPEN_SHEET.replace(b"spreadsheet", b"text"), ODS, OTHER),
        (b"PK\x03\x04" + b"." * 60, XLSX, OTHER),
        (b"a;b\n1;2\n", "text/csv", "text/csv"),
        (b"\xef\xbb\xbfa;b\n", "application/vnd.ms-excel", "text/csv"),
        ("Größe;Ü\n".encode("latin-1"), "text/csv", "text/csv"),
        (b"a;b\n", "image/png", OTHER),
        (b"<script>alert(1)</script>", "text/csv", OTHER),
        (b"\n <html>", "text/csv", OTHER),
        (b"\xef\xbb\xbf<svg onload=x>", "text/csv", OTHER),
        (b"MZ\x90\x00", "text/csv", OTHER),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", OTHER),
        (b"", "text/csv", OTHER),
    ],
)
def test_media_types(content: bytes, claimed: str, kind: str) -> None:
    assert media_type_of(content, claimed) == kind
