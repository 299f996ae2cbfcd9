"""The time a document is about, and what texts call it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from . import wording

Kind = Literal["year", "half", "quarter", "month", "window"]
KINDS: dict[int, Kind] = {12: "year", 6: "half", 3: "quarter", 1: "month"}
HALVES = ("上半年", "下半年")
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
# What a form offers within a year; "window" asks for the two days.
CHOICES: dict[str, str] = {
    "year": "全年",
    **{f"half{number}": name for number, name in enumerate(HALVES, 1)},
    **{f"quarter{number}": name for number, name in enumerate(QUARTERS, 1)},
    **{f"month{number}": f"{number}月" for number in range(1, 13)},
    "window": "自选起止日期",
}
MONTHS = {"half": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True)
class Period:
    """A year, half-year, quarter, month or any window; both days belong to it."""

    start: date
    end: date

    @classmethod
    def of_year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def chosen(cls, year: int, choice: str) -> "Period":
        """A choice of CHOICES other than "window" within a year."""
        if choice == "year":
            return cls.of_year(year)
        name = choice.rstrip("0123456789")
        months = MONTHS[name]
        last = int(choice.removeprefix(name)) * months
        after = date(year + last // 12, last % 12 + 1, 1)
        return cls(date(year, last - months + 1, 1), after - timedelta(days=1))

    @property
    def year(self) -> int:
        return self.end.year

    @property
    def kind(self) -> Kind:
        """What the two days make: whole months count as year, half, quarter or month where they stand so."""
        whole = self.start.day == 1 and (self.end + timedelta(days=1)).day == 1
        months = self.end.month - self.start.month + 1
        if not whole or self.start.year != self.end.year or (self.start.month - 1) % months:
            return "window"
        return KINDS.get(months, "window")

    @property
    def choice(self) -> str:
        """The key of CHOICES that gives this period."""
        kind = self.kind
        return kind if kind in ("year", "window") else f"{kind}{self.end.month // MONTHS[kind]}"

    @property
    def name(self) -> str:
        """2024年, 2024年上半年, 2024年3月, 2024年3月1日至5月10日."""
        if self.kind == "window":
            return wording.span(self.start, self.end)
        return f"{self.year}年{'' if self.kind == 'year' else CHOICES[self.choice]}"

    @property
    def title(self) -> str:
        """The name as it stands before 工作总结 in a title."""
        return f"{self.name}{'度' if self.kind == 'year' else '份' if self.kind == 'month' else ''}"

    def throughout(self, today: date) -> str:
        """全年, 上半年, 一季度 …; while it runs 今年以来 or 7月以来."""
        if today < self.end:
            return "今年以来" if self.start == date(today.year, 1, 1) else f"{self.start.month}月以来"
        match self.kind:
            case "year" | "half":
                return CHOICES[self.choice]
            case "quarter":
                return CHOICES[self.choice].removeprefix("第")
            case "month":
                return "当月"
            case _:
                return "期间"
