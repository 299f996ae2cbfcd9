"""When the next step of a re-election falls due, and the periods for which chairs confirm their data.

The lengths are settings: the sources (domain §1.2) are local practice or were not read in full.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from unionoffice.organisation.office import SettingKey, declare, settings_on

from .choices import Stage

ANSWER_DAYS = "reelection.answer_days"
NOTICE_DAYS = "reelection.notice_days"
POSTPONE_MONTHS = "reelection.postpone_months"
CERTIFICATE_DAYS = "legal_person.change_days"
FOUNDING_DAYS = "legal_person.founding_days"
CONFIRM_MONTHS = "confirmation.months"
LIMITS = (ANSWER_DAYS, NOTICE_DAYS, POSTPONE_MONTHS, CERTIFICATE_DAYS, FOUNDING_DAYS, CONFIRM_MONTHS)
WARNING_DAYS = (30, 90, 180)
CERTIFICATE_WARNING_DAYS = 60
VACANT_MONTHS = 6

GROUP = "换届与确认"
declare(
    SettingKey(
        ANSWER_DAYS, "换届请示批复期限（天）", "integer", 15, "上级工会收到请示或结果报告后的答复期限", GROUP
    ),
    SettingKey(
        NOTICE_DAYS,
        "候选人公示期（工作日）",
        "integer",
        5,
        "公示满这些工作日后才能开会；未计法定节假日",
        GROUP,
    ),
    SettingKey(POSTPONE_MONTHS, "延期换届最长（月）", "integer", 6, "经上级工会批准延期换届的上限", GROUP),
    SettingKey(
        CERTIFICATE_DAYS, "法人变更登记期限（天）", "integer", 30, "结果批复后换领法人证书的期限", GROUP
    ),
    SettingKey(FOUNDING_DAYS, "法人登记期限（天）", "integer", 60, "建会后申请法人登记的期限", GROUP),
    SettingKey(CONFIRM_MONTHS, "数据确认周期（月）", "integer", 6, "可填1、3、6、12", GROUP),
)


def limits(on: date) -> dict[str, int]:
    """The lengths in force on a day, by key."""
    return {key: int(value) for key, value in settings_on(LIMITS, on).items()}


def workdays_after(day: date, count: int) -> date:
    """The day so many Mondays to Fridays later; public holidays are not known here."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


@dataclass(frozen=True)
class Deadline:
    """The step that comes next and the day until which it should be done; None where no rule sets one."""

    stage: Stage
    on: date | None

    def overdue(self, today: date) -> bool:
        return self.on is not None and self.on < today


def next_step(
    taken: Mapping[int, date], previous_end: date | None, limits: Mapping[str, int], *, is_legal_person: bool
) -> Deadline | None:
    """What comes after the steps taken (stage -> day); None when the re-election is finished.

    previous_end is the day the running term ends; a union that is no legal person needs no new certificate.
    """
    latest = max(taken, default=0)
    if latest == Stage.CERTIFICATE_UPDATED or (latest == Stage.RESULT_APPROVED and not is_legal_person):
        return None
    stage = Stage(latest + 1)
    if stage <= Stage.MEETING_HELD and stage != Stage.REQUEST_APPROVED:
        return Deadline(stage, previous_end)
    days = {
        Stage.REQUEST_APPROVED: limits[ANSWER_DAYS],
        Stage.RESULT_APPROVED: limits[ANSWER_DAYS],
        Stage.CERTIFICATE_UPDATED: limits[CERTIFICATE_DAYS],
    }.get(stage)
    return Deadline(stage, None if days is None else taken[latest] + timedelta(days=days))


HALVES = {1: "上半年", 7: "下半年"}
QUARTERS = {1: "第一季度", 4: "第二季度", 7: "第三季度", 10: "第四季度"}


def period_start(day: date, months: int) -> date:
    """The first day of the confirmation period that holds the day; an odd length counts as half a year."""
    months = months if months in (1, 3, 6, 12) else 6
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def period_label(day: date, months: int) -> str:
    """The confirmation period that holds the day: 2026上半年, 2026第一季度, 2026年3月, 2026年度."""
    start = period_start(day, months)
    match months:
        case 1:
            return f"{start.year}年{start.month}月"
        case 3:
            return f"{start.year}{QUARTERS[start.month]}"
        case 12:
            return f"{start.year}年度"
        case _:
            return f"{start.year}{HALVES[start.month]}"
