"""Small changes to a program, one at a time: each should make a test fail, or the test cannot see that line."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

OTHER: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Mod: ast.Add,
}  # fmt: skip
# Where a change would change no behaviour, or break the import.
LEFT_ALONE = ("annotation", "returns", "decorator_list", "type_params", "bases")


@dataclass(frozen=True)
class Change:
    """One change: where, what, and how it is done to the tree that it came from."""

    line: int
    what: str
    do: Callable[[], None]


def changes(tree: ast.AST) -> Iterator[Change]:
    """Every change of a tree, in the same order each time."""
    for node in nodes(tree):
        yield from changes_of_operators(node)
        yield from changes_of_values(node)
        yield from changes_of_statements(node)


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes in the order of the program, without annotations and decorators."""
    yield tree
    if isinstance(tree, ast.TypeAlias):
        return
    for name, value in ast.iter_fields(tree):
        if name not in LEFT_ALONE:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from nodes(child)


def changes_of_operators(node: ast.AST) -> Iterator[Change]:
    """Another operator; a condition turned round."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if type(operator) in OTHER:
                yield Change(node.lineno, named(operator), swap(node.ops, place, OTHER[type(operator)]()))
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in OTHER:
        yield Change(node.lineno, named(node.op), replace(node, "op", OTHER[type(node.op)]()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield Change(node.lineno, "not taken out", replace(node, "operand", ast.UnaryOp(ast.Not(), node.operand)))
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not is_negation(node.test):
        yield Change(node.lineno, "condition turned round", replace(node, "test", ast.UnaryOp(ast.Not(), node.test)))
    if isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            yield Change(test.lineno, "filter taken out", swap(node.ifs, place, ast.Constant(True)))


def is_negation(test: ast.expr) -> bool:
    """Whether it has its change as a `not` already."""
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def changes_of_values(node: ast.AST) -> Iterator[Change]:
    """Another number or truth; an argument that is not handed over; an exception that is not caught."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield Change(node.lineno, f"{node.value} turned round", replace(node, "value", not node.value))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield Change(node.lineno, f"{node.value} plus one", replace(node, "value", node.value + 1))
    elif isinstance(node, ast.Call):
        for place, keyword in enumerate(node.keywords):
            if keyword.arg:
                yield Change(node.lineno, f"{keyword.arg}= left out", remove(node.keywords, place))
    elif isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Tuple):
        for place, kind in enumerate(node.type.elts):
            yield Change(node.lineno, f"{ast.unparse(kind)} not caught", remove(node.type.elts, place))


def changes_of_statements(node: ast.AST) -> Iterator[Change]:
    """A statement left out; a result that is None."""
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, [])
        for place, statement in enumerate(body if isinstance(body, list) else []):
            if is_effect(statement):
                what = f"left out: {ast.unparse(statement).splitlines()[0][:60]}"
                yield Change(statement.lineno, what, swap(body, place, ast.Pass()))
    if isinstance(node, ast.Return) and node.value and not is_none(node.value):
        yield Change(node.lineno, "returns None", replace(node, "value", ast.Constant(None)))


def is_effect(statement: ast.stmt) -> bool:
    """Whether leaving it out leaves a program that may well go on."""
    match statement:
        case ast.Expr(ast.Constant()):
            return False  # a docstring
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Delete() | ast.Assert():
            return True
        case ast.Assign(targets):
            return any(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)
    return False


def is_none(value: ast.expr) -> bool:
    """Whether it says None."""
    return isinstance(value, ast.Constant) and value.value is None


def named(operator: ast.AST) -> str:
    """What becomes of an operator."""
    return f"{type(operator).__name__} to {OTHER[type(operator)].__name__}"


def swap(items: list, place: int, other: ast.AST) -> Callable[[], None]:
    """Another item in its place."""

    def do() -> None:
        items[place] = ast.copy_location(other, items[place]) if hasattr(items[place], "lineno") else other

    return do


def remove(items: list, place: int) -> Callable[[], None]:
    """One item fewer."""

    def do() -> None:
        del items[place]

    return do


def replace(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    """Another value of one field."""

    def do() -> None:
        setattr(node, name, value)

    return do


def changed(source: str, number: int) -> ast.Module:
    """The program with its change of that number."""
    tree = ast.parse(source)
    next(change for place, change in enumerate(changes(tree)) if place == number).do()
    return ast.fix_missing_locations(tree)
