"""Confirmations of the unions' data."""

from unionoffice.organisation import access
from unionoffice.records.rules import not_in_future
from unionoffice.records.types import Group, RecordType, register

from ..models import UnionConfirmation
from ..rules import ratings as rules
from . import filters

register(
    RecordType(
        model=UnionConfirmation,
        slug="confirmations",
        icon="clipboard-check",
        help="各工会主席每期在工会页面点“确认数据”；纸质确认的在这里代为登记。",
        search=("union.name", "period"),
        columns=(
            "union",
            "period",
            "confirmed_on",
            "confirmed_by",
            "members",
            "declared_members",
            "units",
            "chair",
        ),
        ordering=("-confirmed_on", "-pk"),
        filters=(filters.CONFIRMATION_PERIOD, "union", "confirmed_on"),
        form=(
            Group("确认", ("union", "period", "confirmed_on", "note")),
            Group("确认时的数据", ("members", "declared_members", "units", "staff", "chair", "term_ends_on")),
        ),
        not_in_bulk=frozenset(
            {"union", "period", "confirmed_on", "members", "units", "staff", "declared_members"}
        ),
        import_key=(("union", "period"),),
        aliases={"union": ("工会名称",), "period": ("期次",), "confirmed_on": ("确认时间",)},
        rules=(rules.period_named, not_in_future("confirmed_on")),
        chair_may=frozenset({access.VIEW, access.EXPORT, access.HISTORY}),
    )
)
