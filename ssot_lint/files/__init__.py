"""Which files are linted, their content ids, their text, and the columns in it.

The modules in this package are its own; import what they offer from here.
"""

from ssot_lint.files._disk import read_bytes as read_bytes
from ssot_lint.files._errors import UsageError as UsageError
from ssot_lint.files._listing import Listing as Listing
from ssot_lint.files._listing import Source as Source
from ssot_lint.files._listing import Stamp as Stamp
from ssot_lint.files._listing import list_sources as list_sources
from ssot_lint.files._patterns import PathPatterns as PathPatterns
from ssot_lint.files._selection import Selection as Selection
from ssot_lint.files._selection import select as select
from ssot_lint.files._text import Columns as Columns
from ssot_lint.files._text import UndecodableError as UndecodableError
from ssot_lint.files._text import digest_of as digest_of
from ssot_lint.files._text import read_text as read_text
from ssot_lint.files._walk import LeftOut as LeftOut
