"""Files that no reader can read are called by what they are."""

import io
import zipfile

import pytest

from bot.sources.reading.file import File
from bot.sources.reading.unknown import describe

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def archive(**parts: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), text)
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "an empty file"),
        (b" \n", "an empty file"),
        (b"%PDF-1.7\n\xff", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0", "a picture (PNG)"),
        (b"\x1f\x8b\x08\0", "a compressed file (gzip)"),
        (OLD_OFFICE + "Workbook".encode("utf-16-le"), "an old Excel workbook (.xls)"),
        (OLD_OFFICE + "WordDocument".encode("utf-16-le"), "an old Word document (.doc)"),
        (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "a workbook or document with a password"),
        (OLD_OFFICE, "an old Microsoft Office file"),
        (archive(xl__workbook_xml="x"), "an Excel workbook (.xlsx)"),
        (archive(xl__workbook_bin="x"), "a binary Excel workbook (.xlsb)"),
        (archive(word__document_xml="x"), "a Word document (.docx)"),
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "an OpenDocument spreadsheet (.ods)"),
        (archive(Index__Document_iwa="x", Index__Tables__a="x"), "a Numbers spreadsheet (.numbers)"),
        (archive(papers_csv="x"), "a ZIP archive"),
        (b'{"a": 1}', "JSON"),
        (b"<!DOCTYPE html><html>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><x/>", "XML"),
        ("Žluťoučký".encode(), "text"),
        ("text".encode("utf-16"), "text"),
        (b"\0\1\2\3", "no text"),
    ],
)
def test_a_file_is_called_by_what_it_is(data: bytes, what: str) -> None:
    assert describe(File("x", data)) == what
