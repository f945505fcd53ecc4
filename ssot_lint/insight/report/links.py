"""Addresses of lines of source, on the host that a repository was cloned from."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from ssot_lint.files import UsageError

_FIELDS = ("path", "line", "commit")
_FIELD = re.compile(r"\{(\w*)\}")
_SCP = re.compile(r"(?:[^@/:]+@)?([^@/:]+):(?!//)(.+)")  # as in git@github.com:team/shop.git
_ALIASES = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
"""Hosts that take ssh at the port of the web, by whose names there are no pages."""

_FORMS = (
    ("github", "blob/{commit}/{path}#L{line}"),
    ("gitlab", "-/blob/{commit}/{path}#L{line}"),
    ("bitbucket.org", "src/{commit}/{path}#lines-{line}"),
)
"""What follows the address of a repository, by a word in the name of its host."""


def refuse_unknown(template: str) -> None:
    """Raise UsageError for a template that names something else than there is, or no path."""
    for name in _FIELD.findall(template):
        if name not in _FIELDS:
            raise UsageError(f"`--link`: there is no {{{name}}}, there are {{path}}, {{line}} and {{commit}}")
    if "{path}" not in template:
        raise UsageError("`--link`: expected {path} in it, such as `https://example.org/{path}#L{line}`")


def template_for(origin: str) -> str:
    """Return the template for a repository that was cloned from an address, "" where its host is not known.

    Names and passwords in the address do not get into it.
    """
    site, host, path = _parts(origin)
    for word, form in _FORMS:
        if path and (host == word or word in host.split(".")):
            return f"{site}/{quote(path)}/{form}"
    return ""


def filled(template: str, path: str, line: int, commit: str) -> str:
    """Return the address of a line, given the path from the top of the repository."""
    values = {"path": quote(path.encode("utf-8", "surrogateescape")), "line": str(line), "commit": commit}
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), template)


def _parts(origin: str) -> tuple[str, str, str]:
    """The web site of a repository, such as `https://example.org:8443`, its host, and its path there.

    All are "" where they are not known.
    """
    scheme, port = "https", ""
    scp = _SCP.fullmatch(origin)
    if scp is not None:
        host, path = scp.groups()
    else:
        try:
            parts = urlsplit(origin)
            host, path = parts.hostname or "", unquote(parts.path)
            if parts.scheme in ("https", "http"):  # the ports of others are none of the web
                scheme, port = parts.scheme, f":{parts.port}" if parts.port else ""
        except ValueError:
            return "", "", ""
        if parts.scheme not in ("https", "http", "ssh", "git"):
            return "", "", ""
    host = _ALIASES.get(host.lower(), host.lower())
    path = path.strip("/").removesuffix(".git")
    # A password with `/` or `:` in it may have been taken for the path; no known host has `@` in one.
    is_known = re.fullmatch(r"[\w.-]+", host) and "@" not in path
    return (f"{scheme}://{host}{port}", host, path) if is_known else ("", "", "")
