"""Which versions of Python a specifier admits."""

from __future__ import annotations

import pytest

from ssot_lint.rules._versions import admits

ADMITTED = """
'' 3.11
>=3.10 3.10
>=3.10 3.14
>=3.10,<4 3.12
>=3.10,<3.12 3.11
<3.12 3.11
<3.12.4 3.12
<=3.11 3.11
>3.10 3.11
>3.10.4 3.10
==3.11 3.11
==3.11.* 3.11
==3.11.4 3.11
~=3.10 3.10
~=3.10 3.14
~=3.10.2 3.10
!=3.11.3 3.11
!=3.11.* 3.12
>=3.9,!=3.10.*,!=3.11.0 3.11
>= 3.10 , < 4.0 3.12
>=3 3.10
nonsense 3.11
^3.10 3.11
>=3.10; 3.11
""".strip().split("\n")

REFUSED = """
>=3.12 3.11
>=3.12.4 3.11
>=3.10,<3.12 3.12
<3.11 3.11
<=3.10 3.11
>3.11 3.11
==3.11 3.12
==3.11.* 3.12
~=3.11 3.10
~=3.10.2 3.11
!=3.11.* 3.11
!=3.11 3.11
<3 3.11
>=4 3.14
""".strip().split("\n")


@pytest.mark.parametrize("row", ADMITTED)
def test_admitted(row: str) -> None:
    specifier, _, version = row.rpartition(" ")
    assert admits(specifier.strip("'"), version)


@pytest.mark.parametrize("row", REFUSED)
def test_refused(row: str) -> None:
    specifier, _, version = row.rpartition(" ")
    assert not admits(specifier, version)
