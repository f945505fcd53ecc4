"""Reads one Python file into a plain record: what it binds, imports, uses and defines.

Names are bound and looked up as Python's scopes do it, but without control flow: a name that is bound
in several places of one scope has several meanings, and each of them counts.

A *meaning* is a small tuple that says what an expression stands for, without looking at any other file:

    ("module", anchor, dotted)        the module `dotted`
    ("member", anchor, dotted, name)  what `from dotted import name` yields
    ("class", index)                  a class of this file
    ("own", name)                     whatever this file binds to `name` at top level, or else a builtin
    ("part", meaning, name)           attribute `name` of another meaning
    ("value",)                        something whose value is not known before it runs
    ("constant",)                     a literal such as None

The anchor of an absolute import is None, that of a relative one is the folder it starts from.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Meaning = tuple[Any, ...]
Meanings = tuple[Meaning, ...]

VALUE: Meaning = ("value",)
CONSTANT: Meaning = ("constant",)
ABOVE_ROOT = "\0above the root"  # the anchor of a relative import that leaves the tree
CONFLICT_MARKERS = (b"<<<<<<< ", b"=======", b">>>>>>> ")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

sys.setrecursionlimit(20_000)


@dataclass
class ImportLine:
    """One alias of one import statement."""

    line: int
    column: int
    whole: Meaning  # what is imported: the module for `import a.b`, the member for `from a import b`
    bound: str  # the name it binds; "*" for a star import
    meaning: Meaning  # what that name then stands for
    star: bool = False


@dataclass
class Chain:
    """A dotted expression, as long as it goes: root.attribute.attribute."""

    line: int
    column: int
    roots: Meanings
    attributes: tuple[str, ...]
    root_imports: tuple[int, ...]  # indices of the import lines that bind the root in this file


@dataclass
class StringCall:
    """A call whose first argument is a literal dotted name, such as patch("a.b.C")."""

    line: int
    column: int
    end_line: int
    text: str
    function: Meanings


@dataclass
class DynamicImport:
    """import_module("a.b") or __import__("a.b")."""

    line: int
    column: int
    module: Meaning


@dataclass
class Base:
    """One base expression of a class."""

    line: int
    column: int
    meanings: Meanings
    text: str


@dataclass
class ClassRecord:
    """One class statement, wherever it stands."""

    name: str
    qualname: str
    line: int
    column: int
    end_line: int
    bases: list[Base]
    names: dict[str, Meanings] = field(default_factory=dict)


@dataclass
class FileRecord:
    """What one file says about itself."""

    path: str
    error: tuple[str, int] | None = None  # (rule, line)
    is_read: bool = True
    names: dict[str, Meanings] = field(default_factory=dict)
    stars: list[Meaning] = field(default_factory=list)
    exports: list[str] | None = None  # what `__all__` lists
    open_exports: bool = False  # `__all__` has parts that are not literal
    imports: list[ImportLine] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    string_calls: list[StringCall] = field(default_factory=list)
    dynamic_imports: list[DynamicImport] = field(default_factory=list)
    classes: list[ClassRecord] = field(default_factory=list)


class Scope:
    """One Python scope while a file is read."""

    def __init__(self, kind: str, parent: Scope | None) -> None:
        self.kind = kind  # module, class, function
        self.parent = parent
        self.names: dict[str, list[Any]] = {}
        self.imports: dict[str, list[int]] = {}
        self.global_names: set[str] = set()
        self.nonlocal_names: set[str] = set()

    def bind(self, name: str, meaning: Any) -> None:
        """Adds one meaning to a name."""
        self.names.setdefault(name, []).append(meaning)


@dataclass(eq=False)
class Later:
    """The right side of `name = expression`, looked up when every scope is complete."""

    expression: ast.expr
    scope: Scope


Task = tuple[ast.AST, Scope, str]  # a node, the scope it is in, the start of qualified names there
Trail = frozenset[tuple[int, str]]  # the (scope, name) pairs that are being looked up, to end cycles


def judge(source: bytes, path: str) -> tuple[str, int] | None:
    """The finding that `compile` makes of this source: (rule, line), or None when it compiles."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        line = error.lineno or 1
    except (RecursionError, MemoryError, ValueError):
        line = 1
    else:
        return None
    if b"\0" in source or not decodes(source):
        return ("undecodable-source", line)
    lines = source.splitlines()
    if 0 < line <= len(lines) and lines[line - 1].startswith(CONFLICT_MARKERS):
        return ("undecodable-source", line)
    return ("syntax-error", line)


def decodes(source: bytes) -> bool:
    """Whether Python can read these bytes as text (PEP 263)."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        source.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return False
    return True


def read_file(root: str, path: str) -> FileRecord:
    """Reads one file of the tree at `root`."""
    source = (Path(root) / path).read_bytes()
    error = judge(source, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, path)
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return FileRecord(path, error, is_read=False)
    record = Reader(path).read(tree)
    record.error = error  # what only the compiler rejects can be read all the same
    return record


class Reader:
    """Walks one syntax tree once, then looks up what it met."""

    def __init__(self, path: str) -> None:
        self.record = FileRecord(path)
        self.package = path.rpartition("/")[0]
        self.module = Scope("module", None)
        self.scopes = [self.module]
        self.uses: list[tuple[ast.Attribute, Scope]] = []
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.bases: list[tuple[ClassRecord, ast.ClassDef, Scope, Scope]] = []

    # -- first: bind every name ------------------------------------------------------------------------

    def read(self, tree: ast.Module) -> FileRecord:
        """The record of the whole file."""
        todo: list[Task] = [(tree, self.module, "")]
        while todo:
            node, scope, qualname = todo.pop()
            todo.extend(reversed(self.enter(node, scope, qualname)))
        for scope in self.scopes[1:]:
            for name in scope.global_names & scope.names.keys():
                self.module.names.setdefault(name, []).extend(scope.names.pop(name))
                self.module.imports.setdefault(name, []).extend(scope.imports.pop(name, []))
        self.look_up()
        return self.record

    def enter(self, node: ast.AST, scope: Scope, qualname: str) -> list[Task]:
        """Notes what one node binds or uses; returns its children with the scope each belongs to."""
        if isinstance(node, FUNCTIONS):
            scope.bind(node.name, VALUE)
            inner = self.open("function", scope)
            outside = [*node.decorator_list, *self.parameters(node.args, inner)]
            outside += [node.returns] if node.returns else []
            below = f"{qualname}{node.name}.<locals>."
            return [(n, scope, qualname) for n in outside] + [(n, inner, below) for n in node.body]
        if isinstance(node, ast.Lambda):
            inner = self.open("function", scope)
            outside = self.parameters(node.args, inner)
            return [(n, scope, qualname) for n in outside] + [(node.body, inner, qualname)]
        if isinstance(node, ast.ClassDef):
            return self.enter_class(node, scope, qualname)
        if isinstance(node, COMPREHENSIONS):
            inner = self.open("comprehension", scope)
            first = node.generators[0].iter
            parts = [n for n in ast.iter_child_nodes(node) if not isinstance(n, ast.comprehension)]
            for generator in node.generators:
                parts += [generator.target, *generator.ifs]
                parts += [generator.iter] if generator.iter is not first else []
            return [(first, scope, qualname)] + [(n, inner, qualname) for n in parts]
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.enter_import(node, scope)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and node.value is not None:
                    scope.bind(target.id, self.assigned(node.value, scope))
                    children.remove(target)
            if scope is self.module:
                self.enter_exports(targets, node.value)
        elif isinstance(node, ast.AugAssign):
            if scope is self.module:
                self.enter_exports([node.target], node.value)
        elif isinstance(node, ast.NamedExpr):
            owner = scope
            while owner.kind == "comprehension" and owner.parent is not None:
                owner = owner.parent
            owner.bind(node.target.id, self.assigned(node.value, scope))
            children.remove(node.target)
        elif isinstance(node, ast.Global):
            scope.global_names.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocal_names.update(node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            scope.bind(node.id, VALUE)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            scope.bind(node.name, VALUE)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            scope.bind(node.rest, VALUE)
        elif isinstance(node, ast.Call):
            self.calls.append((node, scope))
            if scope is self.module:
                self.enter_exports_call(node)
        elif isinstance(node, ast.Attribute):
            self.uses.append((node, scope))
            inner_node: ast.expr = node
            while isinstance(inner_node, ast.Attribute):
                inner_node = inner_node.value
            children = [inner_node]
        return [(child, scope, qualname) for child in children]

    def open(self, kind: str, parent: Scope) -> Scope:
        """A new scope inside another."""
        scope = Scope(kind, parent)
        self.scopes.append(scope)
        return scope

    def parameters(self, arguments: ast.arguments, inner: Scope) -> list[ast.AST]:
        """Binds the parameters inside; returns defaults and annotations, which are evaluated outside."""
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
        for argument in every:
            inner.bind(argument.arg, VALUE)
        outside: list[ast.AST] = [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
        return outside + [a.annotation for a in every if a.annotation is not None]

    def enter_class(self, node: ast.ClassDef, scope: Scope, qualname: str) -> list[Task]:
        """Notes a class statement."""
        record = ClassRecord(
            node.name, qualname + node.name, node.lineno, node.col_offset, node.end_lineno or node.lineno, []
        )
        scope.bind(node.name, ("class", len(self.record.classes)))
        self.record.classes.append(record)
        inner = self.open("class", scope)
        self.bases.append((record, node, scope, inner))
        outside = [*node.decorator_list, *node.bases, *node.keywords]
        below = f"{qualname}{node.name}."
        return [(n, scope, qualname) for n in outside] + [(n, inner, below) for n in node.body]

    def enter_import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        """Notes each alias of an import statement."""
        for alias in node.names:
            if isinstance(node, ast.Import):
                whole: Meaning = ("module", None, alias.name)
                bound = alias.asname or alias.name.partition(".")[0]
                meaning: Meaning = whole if alias.asname else ("module", None, bound)
            else:
                anchor = self.anchor(node.level)
                bound = alias.asname or alias.name
                if alias.name == "*":
                    whole = meaning = ("module", anchor, node.module or "")
                    self.record.stars.append(whole)
                else:
                    whole = meaning = ("member", anchor, node.module or "", alias.name)
            star = alias.name == "*"
            if not star:
                scope.bind(bound, meaning)
                scope.imports.setdefault(bound, []).append(len(self.record.imports))
            position = (alias.lineno, alias.col_offset)
            self.record.imports.append(ImportLine(*position, whole, bound, meaning, star))

    def anchor(self, level: int) -> str | None:
        """The folder that a relative import starts from."""
        if level == 0:
            return None
        folders = self.package.split("/") if self.package else []
        keep = len(folders) - (level - 1)
        return "/".join(folders[:keep]) if keep >= 0 else ABOVE_ROOT

    def assigned(self, value: ast.expr, scope: Scope) -> Any:
        """What a name that is assigned this expression stands for."""
        if isinstance(value, ast.Constant):
            return CONSTANT
        if isinstance(value, ast.Name | ast.Attribute | ast.Call):
            return Later(value, scope)
        return VALUE

    def enter_exports(self, targets: list[ast.expr], value: ast.expr | None) -> None:
        """Notes the names that `__all__ = [...]` or `__all__ += [...]` lists."""
        if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
            self.export(value)

    def enter_exports_call(self, node: ast.Call) -> None:
        """Notes the names that `__all__.extend([...])` or `__all__.append(...)` lists."""
        function = node.func
        if not isinstance(function, ast.Attribute) or function.attr not in ("extend", "append"):
            return
        if isinstance(function.value, ast.Name) and function.value.id == "__all__":
            for argument in node.args:
                self.export(argument)

    def export(self, value: ast.expr | None) -> None:
        """Adds the literal names of an expression to the exports."""
        if isinstance(value, ast.BinOp):
            self.export(value.left)
            self.export(value.right)
            return
        names = self.record.exports = self.record.exports or []
        parts = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else [value]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                names.append(part.value)
            else:
                self.record.open_exports = True

    # -- then: look up what was used -------------------------------------------------------------------

    def look_up(self) -> None:
        """Fills the record with everything that needs complete scopes."""
        record = self.record
        record.names = {name: self.expand(self.module, name, frozenset()) for name in self.module.names}
        for class_record, node, outer, inner in self.bases:
            for base in node.bases:
                plain = base.value if isinstance(base, ast.Subscript) else base
                meanings = self.of(plain, outer, frozenset())
                class_record.bases.append(Base(base.lineno, base.col_offset, meanings, ast.unparse(base)))
            class_record.names = {name: self.expand(inner, name, frozenset()) for name in inner.names}
        for use, scope in self.uses:
            attributes: list[str] = []
            root: ast.expr = use
            while isinstance(root, ast.Attribute):
                attributes.append(root.attr)
                root = root.value
            roots = self.of(root, scope, frozenset())
            if any(r not in (VALUE, CONSTANT) for r in roots):
                bound = self.imports_of(root, scope) if isinstance(root, ast.Name) else ()
                chain = Chain(use.lineno, use.col_offset, roots, tuple(reversed(attributes)), bound)
                record.chains.append(chain)
        for call, scope in self.calls:
            self.look_up_call(call, scope)

    def look_up_call(self, call: ast.Call, scope: Scope) -> None:
        """Notes a call with a literal dotted name."""
        dynamic = self.dynamic_import(call, scope)
        if dynamic is not None:
            self.record.dynamic_imports.append(DynamicImport(call.lineno, call.col_offset, dynamic[0]))
            return
        candidates = call.args[:1] or [k.value for k in call.keywords if k.arg in ("target", "in_dict")][:1]
        for argument in candidates:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                text = argument.value
                if "." in text and all(part.isidentifier() for part in text.split(".")):
                    function = self.of(call.func, scope, frozenset())
                    if any(f != VALUE for f in function):
                        self.record.string_calls.append(
                            StringCall(
                                argument.lineno, argument.col_offset, argument.end_lineno or 0, text, function
                            )
                        )

    def dynamic_import(
        self, call: ast.Call, scope: Scope, trail: Trail = frozenset()
    ) -> tuple[Meaning, Meaning] | None:
        """(the module that is imported, what the call returns) of a dynamic import with a literal name."""
        if not call.args or not isinstance(call.args[0], ast.Constant):
            return None
        name = call.args[0].value
        if not isinstance(name, str) or not name:
            return None
        for function in self.of(call.func, scope, trail, calls=False):
            if function == ("own", "__import__"):
                if "__import__" in self.module.names:
                    continue
                module: Meaning = ("module", None, name)
                listed = call.args[3:4] + [k.value for k in call.keywords if k.arg == "fromlist"]
                filled = any(not isinstance(x, ast.List | ast.Tuple) or x.elts for x in listed)
                return module, module if filled else ("module", None, name.partition(".")[0])
            for meaning in self.unfold(function):
                if meaning in (
                    ("member", None, "importlib", "import_module"),
                    ("part", ("module", None, "importlib"), "import_module"),
                ):
                    package = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "package")]
                    if not name.startswith("."):
                        return ("module", None, name), ("module", None, name)
                    bare = name.lstrip(".")
                    if package and isinstance(package[0], ast.Constant) and isinstance(package[0].value, str):
                        parts = package[0].value.split(".")
                        parts = parts[: len(parts) - (len(name) - len(bare) - 1)]
                        dotted = ".".join([*parts, bare]) if bare else ".".join(parts)
                        return ("module", None, dotted), ("module", None, dotted)
        return None

    def unfold(self, meaning: Meaning) -> list[Meaning]:
        """Replaces a name of this file's top level by what is bound to it here."""
        if meaning[0] == "own":
            found = self.module.names.get(meaning[1], [])
            return [m for m in found if not isinstance(m, Later)]
        if meaning[0] == "part":
            return [("part", m, meaning[2]) for m in self.unfold(meaning[1])]
        return [meaning]

    def of(self, node: ast.expr, scope: Scope, trail: Trail, calls: bool = True) -> Meanings:
        """The meanings of an expression."""
        if isinstance(node, ast.Name):
            return self.find(node.id, scope, trail)
        if isinstance(node, ast.Attribute):
            values = self.of(node.value, scope, trail, calls)
            parts = [VALUE if v in (VALUE, CONSTANT) else ("part", v, node.attr) for v in values]
            return tuple(dict.fromkeys(parts))
        if isinstance(node, ast.Call) and calls:
            dynamic = self.dynamic_import(node, scope, trail)
            if dynamic is not None:
                return (dynamic[1],)
        return (VALUE,)

    def find(self, name: str, scope: Scope, trail: Trail) -> Meanings:
        """The meanings of a name where it is used."""
        owner = self.owner(name, scope, trail)
        if owner is self.module:
            return (("own", name),)
        return self.expand(owner, name, trail)

    def owner(self, name: str, scope: Scope, trail: Trail = frozenset()) -> Scope:
        """The scope that binds a name, seen from where it is used."""
        start: Scope | None = scope
        while start is not None:
            visible = start.kind != "class" or start is scope
            if visible and name in start.global_names:
                return self.module
            bound = visible and name in start.names and name not in start.nonlocal_names
            if bound and not (start.kind == "class" and (id(start), name) in trail):
                return start
            start = start.parent
        return self.module

    def expand(self, scope: Scope, name: str, trail: Trail) -> Meanings:
        """The meanings bound to a name in a scope, with assignments followed to their right side."""
        if (id(scope), name) in trail:
            return ()
        found: list[Meaning] = []
        for item in scope.names[name]:
            if isinstance(item, Later):
                found += self.of(item.expression, item.scope, trail | {(id(scope), name)})
            else:
                found.append(item)
        return tuple(dict.fromkeys(found))

    def imports_of(self, root: ast.Name, scope: Scope) -> tuple[int, ...]:
        """The import lines of this file that bind the root of a chain."""
        return tuple(self.owner(root.id, scope).imports.get(root.id, ()))
