from typing import Any

import pytest

from unionoffice.values import Cleaner, Refused


def refusal(clean: Cleaner, raw: Any) -> Refused:
    """With what a cleaner refuses a cell."""
    with pytest.raises(Refused) as caught:
        clean(raw)
    return caught.value
