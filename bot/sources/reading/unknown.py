"""What kind of file this is that no reader can read, for the message that says so."""

from collections.abc import Mapping
from typing import Final

from bot.sources.reading.file import File

# The first bytes of a file, as the `file` command knows them.
_BEGINNINGS: Final[Mapping[bytes, str]] = {
    b"%PDF-": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\x89PNG\r\n\x1a\n": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"BZh": "a compressed file (bzip2)",
    b"\xfd7zXZ\0": "a compressed file (xz)",
    b"(\xb5/\xfd": "a compressed file (zstd)",
    b"7z\xbc\xaf'\x1c": "an archive (7z)",
    b"Rar!\x1a\x07": "an archive (RAR)",
    b"SQLite format 3\0": "an SQLite database",
    b"PAR1": "a Parquet file",
    b"bplist": "a binary property list",
}
# A ZIP archive is many things, which the names of the files in it tell; they are not compressed. The first of these
# that is there tells.
_IN_ARCHIVE: Final[Mapping[bytes, str]] = {
    b"xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    b"xl/workbook.xml": "an Excel workbook (.xlsx)",
    b"word/document.xml": "a Word document (.docx)",
    b"ppt/presentation.xml": "a PowerPoint presentation (.pptx)",
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet (.ods)",
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text (.odt)",
    b"application/epub+zip": "an e-book (.epub)",
    b"Index/Tables/": "a Numbers spreadsheet (.numbers)",
    b"Index/Document.iwa": "a document of Apple's Pages, Numbers or Keynote",
}
# The same within Microsoft's older files, in UTF-16.
_IN_COMPOUND: Final[Mapping[str, str]] = {
    "Workbook": "an old Excel workbook (.xls)",
    "Book": "an old Excel workbook (.xls)",
    "EncryptedPackage": "a workbook or document with a password",
    "WordDocument": "an old Word document (.doc)",
    "PowerPoint Document": "an old PowerPoint presentation (.ppt)",
}
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06")


def describe(file: File) -> str:
    """Say in a few words what a file is, by its bytes: "a PDF", "an old Excel workbook (.xls)", "text"."""
    data = file.data
    if not data.strip():
        return "an empty file"
    for beginning, what in _BEGINNINGS.items():
        if data.startswith(beginning):
            return what
    if data.startswith(_ARCHIVE):
        return next((what for name, what in _IN_ARCHIVE.items() if name in data), "a ZIP archive")
    if data.startswith(_COMPOUND):
        names = {name: what for name, what in _IN_COMPOUND.items() if name.encode("utf-16-le") in data}
        return next(iter(names.values()), "an old Microsoft Office file")
    return _describe_text(file)


def _describe_text(file: File) -> str:
    head = file.beginning
    if "\0" in head:
        return "no text"
    if head.startswith(("{", "[")):
        return "JSON"
    if head.startswith("<"):
        page = head[:2000].casefold()
        return "a web page (HTML)" if "<html" in page or "<!doctype html" in page else "XML"
    return "text"
