"""What files define, as others see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ssot_lint.facts.model import Binding, Class, Outline


class ClassesByName(Mapping[str, Sequence[tuple[str, Class]]]):
    """Every class of a tree by its simple name, with its path, in the order of the paths.

    It is made from the paths of the files that define a class of a name, so that no others need be read.
    """

    def __init__(self, paths: Mapping[str, Sequence[str]], outlines: Mapping[str, Outline]) -> None:
        self._paths = paths
        self._outlines = outlines
        self._found: dict[str, list[tuple[str, Class]]] = {}

    def __getitem__(self, name: str) -> Sequence[tuple[str, Class]]:
        """The classes of a name. Raises KeyError where there is none."""
        if name not in self._found:
            self._found[name] = [
                (path, entry)
                for path in self._paths[name]
                for entry in self._outlines[path].classes
                if entry.name == name
            ]
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        """All names."""
        return iter(self._paths)

    def __len__(self) -> int:
        """The number of names."""
        return len(self._paths)


def interface(outline: Outline) -> tuple[object, ...]:
    """All that other files can learn of a file by names: everything but positions and bodies."""
    return (
        [(each.qualname, each.parent, _without_lines(each.names)) for each in outline.scopes],
        [
            (each.qualname, [base[:2] for base in each.bases], each.members, each.methods, each.context)
            for each in outline.classes
        ],
        [each[:2] for each in outline.constants],
        [each._replace(line=0) for each in outline.stars],
        (outline.exports, outline.export_sources, outline.parsed),
    )


def _without_lines(names: Mapping[str, tuple[Binding, ...]]) -> list[object]:
    return [(name, [binding._replace(line=0) for binding in names[name]]) for name in sorted(names)]
