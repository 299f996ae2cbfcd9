"""Log lines without what the database quotes of a row it refused: names, telephone numbers, lines of a roster."""

import logging
import re
from types import TracebackType

# An error of the database may end its first line with the value it refused; behind that line stand DETAIL, CONTEXT
# and the statement.
QUOTING = re.compile(
    r'^((?:psycopg|django\.db)\.[\w.]+: [^\n]*?)(: "[^\n]*")?(\n.*?)?(?=\n\n(?:The above|During handling)|\Z)',
    re.DOTALL | re.MULTILINE,
)
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Formats tracebacks with no more of what the database said than which rule was broken."""

    def formatException(self, raised: Raised) -> str:
        return QUOTING.sub(r"\1", super().formatException(raised))
