"""How large an uploaded sheet may be, and the refusals that follow from it."""

from dataclasses import dataclass

from .cells import SheetRefused

DAMAGED = "文件已损坏，内容读不全，请用 WPS 或 Excel 打开后另存一份再上传"
MACRO = "文件带有宏，不能导入，请另存为不含宏的 .xlsx 后再上传"
PASSWORD = "文件设了打开密码，请去掉密码另存后再上传"
BOMB = "文件解开后大得反常，疑似压缩炸弹，没有读取"
PACKING = "文件用了少见的压缩方式，没有读取，请用 WPS 或 Excel 打开后另存一份再上传"
WANTED = "不是电子表格，请上传 .xlsx、.xls、.ods 或 .csv 文件"
NOT_A_WORKBOOK = f"这{WANTED}"
WORD = f"这是 Word 文档，{WANTED}"

MEGABYTE = 1 << 20
# A box this much wider than it needs to be still costs little memory; see scanning.py.
PROVEN_COLUMNS = 50


@dataclass(frozen=True)
class Limits:
    """Bounds checked before a file is parsed; the defaults fit a town with 200,000 members."""

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 400 * MEGABYTE
    # A sheet that needs the slow look of scanning.py: about 20 seconds at the most.
    unproven_bytes: int = 160 * MEGABYTE
    # Deflate cannot exceed 1032 : 1. Real sheets reach 20, sheets of formatted blanks about 60.
    ratio: int = 200
    entries: int = 2000
    rows: int = 200_000
    columns: int = 500

    @property
    def cells(self) -> int:
        """The largest box rows x columns that may be laid out in memory."""
        return self.rows * PROVEN_COLUMNS

    def check_file(self, size: int) -> None:
        if size == 0:
            raise SheetRefused("empty-file", "文件是空的，一个字节也没有")
        if size > self.file_bytes:
            raise SheetRefused(
                "file-too-large",
                f"文件有 {-(-size // MEGABYTE)} MB，最大允许 {self.file_bytes // MEGABYTE} MB，"
                "请拆成几个文件，或删去图片和多余的工作表",
            )

    def check_box(self, sheet: str, rows: int, columns: int) -> None:
        """Refuses a sheet whose filled area, from A1 to its last filled cell, is too large.

        `sheet` is what the clerk calls it, e.g. 工作表“会员”.
        """
        if rows > self.rows:
            raise SheetRefused(
                "too-many-rows",
                f"{sheet}写到了第 {rows} 行，一次最多 {self.rows} 行，请拆成几个文件，或删去数据下方多余的行",
            )
        if columns > self.columns:
            raise SheetRefused(
                "too-many-columns",
                f"{sheet}写到了第 {columns} 列，最多 {self.columns} 列，请删去数据右侧多余的列",
            )
        if rows * columns > self.cells:
            raise SheetRefused(
                "too-many-cells",
                f"{sheet}有 {rows} 行 × {columns} 列，超出一次能读的范围，请删去多余的行和列",
            )
