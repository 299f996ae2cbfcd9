"""Archives of Office Open XML whose bytes follow from their content alone."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

# The earliest moment a zip can name; files differ only where their content does.
EPOCH = (1980, 1, 1, 0, 0, 0)
EPOCH_MOMENT = datetime(*EPOCH, tzinfo=UTC)


def without_times(saved: BytesIO) -> bytes:
    """The same archive without the moment of saving."""
    result = BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, EPOCH), old.read(entry), zipfile.ZIP_DEFLATED)
    return result.getvalue()
