"""The numbers of GB/T 9704-2012 (党政机关公文格式) in the units Word counts in."""

TWIPS_PER_MM = 1440 / 25.4
EMU_PER_TWIP = 635  # drawings count in finer units


def twips(mm: float) -> int:
    return round(mm * TWIPS_PER_MM)


PAGE_WIDTH, PAGE_HEIGHT = twips(210), twips(297)
TOP, LEFT, RIGHT = twips(37), twips(28), twips(26)

# 225 mm hold 22 lines of 28.99 pt, which Word can only set as 29 pt. The lower margin gives way by 0.07 mm,
# else the 22nd line would not fit.
LINES = 22
LINE = 580
BOTTOM = PAGE_HEIGHT - TOP - LINES * LINE

# 156 mm hold 28 characters of 16 pt, each drawn in by 0.207 pt (848 of 4096 parts). LibreOffice gives a character
# wider than its cell two cells, so text keeps off the grid and is drawn in by itself, 5 of 20 parts of a point;
# justified lines come out as the grid has them.
CHARACTERS = 28
CHARACTER_SPACE = -848
DRAWN_IN = -5
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
CHARACTER = TEXT_WIDTH / CHARACTERS

# Half points: 2号, 3号, 4号 and 五号 for tables.
SIZE_2, SIZE_3, SIZE_4, SIZE_TABLE = 44, 32, 28, 21
TITLE_LINE = 700
TITLE_CHARACTERS = TEXT_WIDTH // (SIZE_2 * 10)
TABLE_LINE = 300

# Two pictures with their titles stand below the heading of an attachment.
CHART_HEIGHT, PICTURE_HEIGHT = twips(72), twips(77)

# The dash of the page number stands 7 mm below the text; it lies in the middle of its line.
FOOTER_LINE = SIZE_4 * 10
FOOTER_DISTANCE = BOTTOM - twips(7) - FOOTER_LINE // 2

# Red head: the mark 35 mm below the top of the text, the number two lines below it, the rule 4 mm below that.
MARK_BELOW_TOP, RULE_BELOW_NUMBER = twips(35), twips(4)
MARK_SIZE, MARK_LEAST = 96, SIZE_2
RED = "FF0000"
# Rules in eighths of a point: 0.35 mm, and 0.25 mm between the parts of the 版记.
THICK, THIN = 8, 6
RULE_LINE = 20  # a line a point high, only there to bear its rule

TITLE_FONT = "方正小标宋_GBK"
BODY_FONT = "仿宋_GB2312"
KAI_FONT = "楷体_GB2312"
HEI_FONT = "黑体"
SONG_FONT = "宋体"
# What Word takes where a font is not installed.
FALLBACKS = {
    TITLE_FONT: "方正小标宋简体,小标宋,宋体",
    BODY_FONT: "仿宋,FangSong",
    KAI_FONT: "楷体,KaiTi",
    HEI_FONT: "SimHei",
    SONG_FONT: "SimSun",
}
