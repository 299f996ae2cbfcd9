"""What the import of a roster adds: employers that nobody has registered yet."""

from collections.abc import Mapping
from typing import Any

from unionoffice.organisation import access
from unionoffice.organisation.choices import UnitState
from unionoffice.organisation.models import User
from unionoffice.records.importing.extension import Importer
from unionoffice.records.types import RecordType


class MemberImporter(Importer):
    """Makes an unknown employer as a unit to be verified. Only for somebody who sees all units: a chair cannot tell
    whether the office has it already."""

    outside = "该证件号码的人员已在其他工会登记，请逐人申请转会"

    def __init__(self, kind: RecordType, user: User | None, options: Mapping[str, Any]) -> None:
        super().__init__(kind, user, options)
        if user is None or access.sees_whole_town(user):
            self.makes = frozenset({"unit"})

    def make(self, name: str, text: str, companions: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        values = {
            "name": text,
            "credit_code": companions.get("credit_code"),
            "state": UnitState.UNVERIFIED,
        }
        return values, f"单位“{text}”原来没有登记，将新建为待核实单位"
