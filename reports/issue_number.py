"""发文字号 as GB/T 9704-2012 (7.2.5) writes it: 青总工〔2026〕1号."""

import re

NUMBER = re.compile(r"([^\W\d_][\w（）]*?)〔((?:19|20)\d\d)〕([1-9]\d*)号")
# What people type instead: other brackets, 第, zeros before the number, blanks.
NEARLY = re.compile(
    r"([^\W\d_][\w（）]*?)[\[［(（【〔﹝]((?:19|20)\d\d)[\]］)）】〕﹞](?:第)?0*([1-9]\d*)号?"
)
FORM = "发文字号由机关代字、年份、序号组成，如“青总工〔2026〕1号”"


def checked(text: str) -> str:
    """The number, if it is written as the standard asks; else ValueError, one Chinese line that says how."""
    if NUMBER.fullmatch(text):
        return text
    if found := NEARLY.fullmatch(re.sub(r"\s", "", text)):
        code, year, number = found.groups()
        raise ValueError(f"请写成“{code}〔{year}〕{number}号”：年份用六角括号，序号不加“第”、前面不补0")
    raise ValueError(FORM)
