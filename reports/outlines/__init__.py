"""The office's wording. To say something new: register a fact in its area, add a sentence here."""

from typing import Literal

from reports.outline import Document

from . import town, union

Kind = Literal["summary", "plan", "both"]
KINDS: dict[Kind, str] = {"summary": "年度工作总结", "plan": "下年工作计划", "both": "总结和计划"}
TITLES: dict[Kind, tuple[str, ...]] = {
    "summary": ("{office}", "{title_period}工作总结"),
    "plan": ("{office}", "{next_year}工作计划"),
    "both": ("{office}", "{title_period}工作总结", "和{next_year}工作计划"),
}

DOCUMENTS: dict[tuple[str, Kind], Document] = {
    (subject, kind): Document(TITLES[kind], parts)
    for subject, wordings in {"town": town, "union": union}.items()
    for kind, parts in {
        "summary": (wordings.SUMMARY,),
        "plan": (wordings.PLAN,),
        "both": (wordings.SUMMARY, wordings.PLAN),
    }.items()
}
