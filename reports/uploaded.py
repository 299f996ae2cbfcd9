"""Office files from outside (.xlsx, .docx): checked before anything parses them, and written back part by part.

Parts that nobody changes keep their bytes, so formatting, formulas, pictures and settings stay as they came.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from unionoffice.sheets.archives import Archive
from unionoffice.sheets.cells import SheetRefused
from unionoffice.sheets.compound import SIGNATURE, CompoundFile
from unionoffice.sheets.limits import BOMB, DAMAGED, MEGABYTE, PASSWORD, Limits

from .word.xml import Element, serialize

LIMITS = Limits(file_bytes=10 * MEGABYTE, unpacked_bytes=64 * MEGABYTE, entries=1000, rows=5000, columns=200)
# A parsed part takes some ten times its size in memory; that of a form has some hundred kilobytes.
MAX_PART, MAX_PARSED = 8 * MEGABYTE, 24 * MEGABYTE
WANTED = "请上传 .xlsx 或 .docx 文件；.xls、.et、.doc、.wps 请先用 WPS 或 Office 另存"
TYPES = "[Content_Types].xml"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """An uploaded file by its parts. `kind` is "xlsx" or "docx".

    Raises SheetRefused, with one Chinese line, for a file that is too large, damaged, has a password or macros, or is
    neither of the two.
    """

    def __init__(self, content: bytes, limits: Limits = LIMITS) -> None:
        self.kind = _checked(content, limits)
        self._archive = zipfile.ZipFile(BytesIO(content))
        self._names = set(self._archive.namelist())
        self._trees: dict[str, Element] = {}
        self._parsed = 0
        if TYPES in self._names and b"template.main+xml" in self._archive.read(TYPES):
            raise SheetRefused(
                "unsupported", "这是模板格式的文件（.xltx 或 .dotx），请另存为 .xlsx 或 .docx 后再上传"
            )
        self._changed: set[str] = set()
        self._dropped: set[str] = set()

    @property
    def names(self) -> list[str]:
        return self._archive.namelist()

    def tree(self, name: str) -> Element:
        """The root element of a part. SheetRefused where there is none or it cannot be read."""
        if name not in self._trees:
            if name not in self._names:
                raise SheetRefused("damaged", DAMAGED)
            size = self._archive.getinfo(name).file_size
            self._parsed += size
            if size > MAX_PART or self._parsed > MAX_PARSED:
                raise SheetRefused("zip-bomb", BOMB)
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            try:
                self._trees[name] = etree.fromstring(self._archive.read(name), parser)
            except etree.XMLSyntaxError as error:
                raise SheetRefused("damaged", DAMAGED) from error
        return self._trees[name]

    def change(self, name: str) -> Element:
        """The root element of a part that is about to be changed."""
        self._changed.add(name)
        return self.tree(name)

    def drop(self, name: str) -> None:
        """Leave a part out, with every mention of it."""
        if name not in self._names:
            return
        self._dropped.add(name)
        types = self.change(TYPES)
        for mention in [m for m in types if m.get("PartName", "").lstrip("/") == name]:
            types.remove(mention)
        for relations in [n for n in self._names if n.endswith(".rels")]:
            owner = relations.replace("_rels/", "").removesuffix(".rels")
            for key, _, part in list(self.relations(owner)):
                if part == name:
                    root = self.change(relations)
                    root.remove(next(relation for relation in root if relation.get("Id") == key))

    def relations(self, name: str) -> Iterator[tuple[str, str, str]]:
        """(id, last word of the type, part) of what a part refers to inside the package."""
        folder, _, file = name.rpartition("/")
        path = f"{folder}/_rels/{file}.rels".lstrip("/")
        if path not in self._names:
            return
        for relation in self.tree(path).iter(RELATION):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], part

    def saved(self) -> bytes:
        """The file with its changed parts."""
        result = BytesIO()
        with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in self._archive.infolist():
                name = entry.filename
                if name in self._dropped:
                    continue
                content = serialize(self._trees[name]) if name in self._changed else self._archive.read(name)
                new.writestr(zipfile.ZipInfo(name, entry.date_time), content, zipfile.ZIP_DEFLATED)
        return result.getvalue()


def _checked(content: bytes, limits: Limits) -> str:
    limits.check_file(len(content))
    if content.startswith(SIGNATURE):
        if "EncryptedPackage" in CompoundFile(content).names:
            raise SheetRefused("password", PASSWORD)
        raise SheetRefused("unsupported", f"这是旧格式的文件，{WANTED}")
    if not content.startswith(b"PK"):
        raise SheetRefused("unsupported", f"这不是 Excel 或 Word 文件，{WANTED}")
    try:
        kind = Archive(BytesIO(content), limits, takes_word=True).kind
    except SheetRefused as refusal:
        if refusal.code in ("not-a-workbook", "unsupported"):
            raise SheetRefused(refusal.code, f"这不是 Excel 或 Word 文件，{WANTED}") from refusal
        raise
    if kind not in ("xlsx", "docx"):
        raise SheetRefused("unsupported", f"这是 OpenDocument 文件，{WANTED}")
    return kind
