"""Which files are linted, their content ids, their text, and the columns in it.

The modules in this package are its own; import what they offer from here.
"""

from ssot_lint.files._changes import Change as Change
from ssot_lint.files._changes import Changes as Changes
from ssot_lint.files._changes import changed_since as changed_since
from ssot_lint.files._changes import changes_between as changes_between
from ssot_lint.files._changes import changes_staged as changes_staged
from ssot_lint.files._commits import files_in as files_in
from ssot_lint.files._commits import fork_point as fork_point
from ssot_lint.files._commits import last_commit as last_commit
from ssot_lint.files._commits import read_blobs as read_blobs
from ssot_lint.files._commits import read_file as read_file
from ssot_lint.files._commits import read_folder as read_folder
from ssot_lint.files._disk import path_below as path_below
from ssot_lint.files._disk import read_bytes as read_bytes
from ssot_lint.files._disk import replace_file as replace_file
from ssot_lint.files._errors import UsageError as UsageError
from ssot_lint.files._git import GitError as GitError
from ssot_lint.files._git import ask as ask
from ssot_lint.files._git import is_ignored as is_ignored
from ssot_lint.files._git import is_left_unchecked as is_left_unchecked
from ssot_lint.files._git import repository_top as repository_top
from ssot_lint.files._git import user_name as user_name
from ssot_lint.files._listing import Listing as Listing
from ssot_lint.files._listing import Source as Source
from ssot_lint.files._listing import Stamp as Stamp
from ssot_lint.files._listing import list_sources as list_sources
from ssot_lint.files._listing import would_list as would_list
from ssot_lint.files._patterns import PathPatterns as PathPatterns
from ssot_lint.files._revisions import Commit as Commit
from ssot_lint.files._revisions import Histories as Histories
from ssot_lint.files._revisions import Revision as Revision
from ssot_lint.files._revisions import histories as histories
from ssot_lint.files._revisions import read_as_checked_out as read_as_checked_out
from ssot_lint.files._revisions import read_commits as read_commits
from ssot_lint.files._revisions import uncommitted as uncommitted
from ssot_lint.files._selection import Selection as Selection
from ssot_lint.files._selection import select as select
from ssot_lint.files._text import Columns as Columns
from ssot_lint.files._text import UndecodableError as UndecodableError
from ssot_lint.files._text import algorithm_of as algorithm_of
from ssot_lint.files._text import digest_of as digest_of
from ssot_lint.files._text import encoded as encoded
from ssot_lint.files._text import read_text as read_text
from ssot_lint.files._text import split_encoding as split_encoding
from ssot_lint.files._walk import LeftOut as LeftOut
